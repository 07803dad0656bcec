"""A sandbox whose limits are out of the way, and the bot in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in

settings.register_profile("security", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(limits=Limits.wide()) as opened:
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
