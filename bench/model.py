"""A whole turn through LiteLLM over HTTP, beside a bare LiteLLM call with the same prompt."""

import asyncio
import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.children import child
from bench.figures import ROUNDS, Row, ratios, show
from bench.rooms import Minds, cpu, opened
from rooms_bot.agents.choice import Agents, Models
from rooms_bot.agents.litellm import loaded
from rooms_bot.ports import Request

MODEL = "openai/test"
EACH = 20
"""Turns of the room, then as many bare calls, and so on in turn."""
BEFORE = 2
"""Rounds that only warm up."""


async def run() -> None:
    with TemporaryDirectory() as folder:
        async with child("bench.model_server", folder=Path(folder)) as server:
            address, _ = await server.until("http")
            os.environ |= {"OPENAI_API_BASE": address.strip(), "OPENAI_API_KEY": "none"}
            await loaded()
            whole, bare = await _turns()
    rows = [
        Row("a whole turn", "ms", whole),
        Row("a bare call with the same prompt, streamed in the same pieces", "ms", bare),
        ratios("a whole turn against a bare call", whole, bare, "≤ 1.15"),
    ]
    show("model: CPU per turn through LiteLLM over HTTP, 4 agents", rows)


async def _turns() -> tuple[list[float], list[float]]:
    """CPU milliseconds per turn and per bare call, round by round, in one room."""
    whole, bare, mark, done = list[float](), list[float](), [cpu()], asyncio.Event()

    async def posted(count: int) -> None:
        """Every few turns the room is held here while the same requests go out without it."""
        if count % EACH:
            return
        whole.append((cpu() - mark[0]) / EACH)
        bare.append(await _bare(minds.requests[-EACH:]))
        if len(bare) == BEFORE + ROUNDS:
            done.set()
        mark[0] = cpu()

    async with Agents(Models(default=MODEL)) as agents:
        minds = Minds(agents)
        async with opened(minds, posted):
            await done.wait()
    return whole[BEFORE:], bare[BEFORE:]


async def _bare(requests: Sequence[Request]) -> float:
    """CPU milliseconds per call."""
    litellm, started = importlib.import_module("litellm"), cpu()
    for request in requests:
        async for _ in await litellm.acompletion(**_arguments(request)):
            pass
    return (cpu() - started) / len(requests)


def _arguments(request: Request) -> dict[str, Any]:
    return {
        "model": request.model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "stop": list(request.stop),
        "stream": True,
        "stream_options": {"include_usage": True},
        "timeout": request.timeout,
        "num_retries": 0,
        "max_retries": 0,
    }


if __name__ == "__main__":
    asyncio.run(run())
