"""Where LiteLLM would send a model's requests, told from its name and the environment without loading LiteLLM."""

import asyncio
import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rooms_bot.agents.litellm import Route
from rooms_bot.errors import AgentUnreachable
from rooms_bot.i18n import N_


@dataclass(frozen=True, slots=True)
class Provider:
    """How people call it, and where its address comes from: the first variable that is set, else `base`."""

    name: str
    variables: tuple[str, ...] = ()
    base: str | None = None


# LiteLLM 1.106: main.py `_resolve_openai_api_base`, get_llm_provider_logic.py. Those without variables are remote.
PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("OpenAI", ("OPENAI_BASE_URL", "OPENAI_API_BASE"), "https://api.openai.com/v1"),
    "ollama": Provider("Ollama", ("OLLAMA_API_BASE",), "http://localhost:11434"),
    "ollama_chat": Provider("Ollama", ("OLLAMA_API_BASE",), "http://localhost:11434"),
    "hosted_vllm": Provider("vLLM", ("HOSTED_VLLM_API_BASE",)),
    "lm_studio": Provider("LM Studio", ("LM_STUDIO_API_BASE",)),
    "llamafile": Provider("llamafile", ("LLAMAFILE_API_BASE",), "http://127.0.0.1:8080/v1"),
    "xinference": Provider("Xinference", ("XINFERENCE_API_BASE",), "http://127.0.0.1:9997/v1"),
    "litellm_proxy": Provider(N_("a LiteLLM proxy"), ("LITELLM_PROXY_API_BASE",)),
    "anthropic": Provider("Anthropic"),
    "azure": Provider("Microsoft Azure"),
    "bedrock": Provider("Amazon Bedrock"),
    "cohere": Provider("Cohere"),
    "deepseek": Provider("DeepSeek"),
    "gemini": Provider("Google"),
    "groq": Provider("Groq"),
    "mistral": Provider("Mistral"),
    "openrouter": Provider("OpenRouter"),
    "perplexity": Provider("Perplexity"),
    "together_ai": Provider("Together AI"),
    "vertex_ai": Provider("Google"),
    "xai": Provider("xAI"),
}
FAMILIES = {"gpt": "openai", "chatgpt": "openai", "o1": "openai", "o3": "openai", "o4": "openai"} | {
    "claude": "anthropic",
    "gemini": "gemini",
}
"""Beginnings of models' names that LiteLLM knows without their provider's before them."""


def provider(model: str) -> tuple[str, Provider]:
    """The provider's prefix and who that is; an unknown one under its own name, none as `("", …)`."""
    prefix, slash, _ = model.partition("/")
    if not slash:
        prefix = next((of for start, of in FAMILIES.items() if model.lower().startswith(start)), "")
    return prefix, PROVIDERS.get(prefix, Provider(prefix.replace("_", " ").title() or N_("an outside provider")))


def base_url(model: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """The address a call would go to, where it can be told."""
    _, who = provider(model)
    return next((environ[name] for name in who.variables if environ.get(name)), who.base)


def host(url: str | None) -> str:
    return urlsplit(url if "//" in url else f"//{url}").hostname or "" if url else ""


def is_private(address: str) -> bool:
    """Whether an IP address is this machine's or one that the internet does not route."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return not ip.is_global and not ip.is_multicast


def is_this_machine(url: str | None) -> bool:
    """By the address as it is written: a loopback one."""
    name = host(url)
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


async def at_home(model: str) -> Route:
    """The model's route if its address is on this machine or private, else `AgentUnreachable`, without a call.

    The address that was looked at is the one that is called.
    """
    url, usual = base_url(model), provider(model)[1].base
    elsewhere = url is None or (url == usual and not is_this_machine(url))  # which takes no look-up to tell
    if "/" not in model or elsewhere or not await _all_private(host(url)):
        raise AgentUnreachable(f"ROOMS_LOCAL_ONLY is set, and {model} is not on this machine or a private address")
    return Route(model, api_base=url)


async def _all_private(name: str) -> bool:
    if not name:
        return False
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AgentUnreachable(f"{name}: {error}") from error
    return bool(found) and all(is_private(str(address[4][0])) for address in found)
