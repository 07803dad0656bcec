"""Whether an Ollama server answers, and with which model."""

import json
import os
from collections.abc import Mapping
from typing import Any

import aiohttp

HERE = "http://127.0.0.1:11434"
_NOT_CHATTING = ("embed", "bge-", "minilm", "rerank", "whisper")


async def ollama_model(api_base: str | None = None, environ: Mapping[str, str] = os.environ) -> str | None:
    """The model's name for LiteLLM that the server used last or got last; None where none answers within a second."""
    url = (api_base or environ.get("OLLAMA_API_BASE") or HERE).rstrip("/")
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as session,
            session.get(f"{url}/api/tags") as answer,
        ):
            names = _names(await answer.json(content_type=None)) if answer.ok else []
    except (aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError, UnicodeDecodeError, ValueError):
        return None
    return f"ollama_chat/{names[0]}" if names else None


def _names(answer: Any) -> list[str]:
    """Of the models that chat, the newest first, as Ollama lists them."""
    models = answer.get("models") if isinstance(answer, dict) else None
    named = [model.get("name") for model in models if isinstance(model, dict)] if isinstance(models, list) else []
    return [name for name in named if isinstance(name, str) and not any(part in name.lower() for part in _NOT_CHATTING)]
