"""A room whose time goes so fast that minutes of waiting for Discord pass in a moment."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rooms_bot.sandbox.server import Sandbox
from tests.faults.talking import ROOM, Talk
from tests.wire.channel import Channel, bot_in
from tests.wire.test_long_room import QuickClock


@asynccontextmanager
async def hasty(sandbox: Sandbox, folder: Path, speed: float = 1000, **more: Any) -> AsyncIterator[Talk]:
    """A room whose two agents have spoken and wait. The bot's clock goes so many times as fast."""
    async with bot_in(sandbox, folder, clock=QuickClock(speed)) as bot:
        one = Talk(bot, Channel(sandbox), sandbox.gateway)
        await one.lounge.do("room start", **ROOM | {"human_every": 2} | more)
        await one.until_heard()
        yield one


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what the sandbox counts; the bot gets on between two looks."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
