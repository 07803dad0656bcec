"""A sandbox whose limits are out of the way, that of a slow machine too, and the bot in it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(limits=replace(Limits.wide(), answer=30.0)) as opened:
        yield opened


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[RoomsBot]:
    """Without a model."""
    async with bot_in(sandbox, tmp_path) as running:
        yield running


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)
