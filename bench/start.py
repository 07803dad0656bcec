"""From launch to READY, and the memory held then: the bot, first and later starts, beside a floor bot's.

READY is `RoomsBot.connected`: the gateway's READY is handled and the commands are synced. The sandbox runs in the
benchmark's process, each bot in one of its own, launched one after the other.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bots
from bench.children import Child, Usage
from bench.figures import Row, ratios, show
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import OpenAIServer

ROUNDS = 5
IDLE = 0.01
"""CPU seconds of a second that are as good as none."""
Launch = Callable[[Sandbox, Path], AbstractAsyncContextManager[Child]]


@dataclass(frozen=True, slots=True)
class Start:
    """`seconds` of wall time from launch to READY, and what had been used by then."""

    seconds: float
    used: Usage


async def run() -> None:
    with TemporaryDirectory() as folder:
        await _start(bots.rooms, Path(folder))  # writes Python's caches, and makes the database of later starts
        rounds = [await _round(Path(folder)) for _ in range(ROUNDS)]
        answered = [await _answered(Path(folder)) for _ in range(3)]
    after = Row("resident after the first answer through LiteLLM", "MB", answered, "≤ 240")
    show("start: from launch to READY in the sandbox", [*_rows(rounds), after])


async def _round(folder: Path) -> Mapping[str, Start]:
    with TemporaryDirectory() as fresh:
        return {
            "later": await _start(bots.rooms, folder),
            "floor": await _start(bots.floor, folder),
            "first": await _start(bots.rooms, Path(fresh)),
        }


async def _start(launch: Launch, folder: Path) -> Start:
    async with Sandbox(limits=Limits.wide()) as sandbox, launch(sandbox, folder) as bot:
        _, seconds = await bot.until(bots.ONLINE)
        return Start(seconds, await bot.usage())


async def _answered(folder: Path) -> float:
    """MB resident once the bot, which after READY asks its model for a word, has its answer and is idle."""
    async with OpenAIServer() as models, Sandbox(limits=Limits.wide()) as sandbox:
        settings = {"ROOMS_MODEL": "openai/test", "OPENAI_API_BASE": models.base_url, "OPENAI_API_KEY": "none"}
        async with bots.rooms(sandbox, folder, **settings) as bot:
            await bot.until(bots.ONLINE)
            await models.asked(1)
            busy, idle = 0.0, await bot.usage()
            while idle.cpu - busy > IDLE:
                await asyncio.sleep(1)
                busy, idle = idle.cpu, await bot.usage()
            return idle.resident


def _rows(rounds: Sequence[Mapping[str, Start]]) -> list[Row]:
    wall = {name: [one[name].seconds for one in rounds] for name in rounds[0]}
    cpu = {name: [one[name].used.cpu for one in rounds] for name in rounds[0]}
    resident = {name: [one[name].used.resident for one in rounds] for name in rounds[0]}
    return [
        Row("launch to READY", "s", wall["later"], "≤ 1.5"),
        Row("launch to READY, CPU", "s", cpu["later"]),
        Row("launch to READY at the first start, the database being made", "s", wall["first"]),
        Row("a floor bot (discord.py alone), launch to READY", "s", wall["floor"]),
        ratios("Rooms Bot against the floor bot, CPU", cpu["later"], cpu["floor"]),
        Row("resident at READY", "MB", resident["later"], "≤ 90"),
        Row("resident at READY at the first start", "MB", resident["first"]),
        Row("a floor bot, resident at READY", "MB", resident["floor"]),
    ]


if __name__ == "__main__":
    asyncio.run(run())
