"""A Discord for programs in processes of their own to run on."""

from collections.abc import AsyncIterator

import pytest

from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(limits=Limits.wide()) as opened:
        yield opened
