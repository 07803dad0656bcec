"""A sandbox for each test, held to Discord's OpenAPI description where that file is there."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import bot_in
from tests.wire.openapi import PATH, Description, Ledger
from tests.wire.rest import Rest


@pytest.fixture(scope="session")
def description() -> Description | None:
    """None where Discord's description is not at hand."""
    return Description() if PATH.exists() else None


@pytest.fixture
def ledger(description: Description | None) -> Iterator[Ledger | None]:
    """Set it as a sandbox's `observe`: the test fails for any exchange the description does not allow."""
    kept = Ledger(description) if description else None
    yield kept
    if kept is not None:
        assert kept.faults == []


@pytest.fixture
async def sandbox(ledger: Ledger | None) -> AsyncIterator[Sandbox]:
    """A sandbox whose limits are out of the way; every exchange is checked."""
    async with Sandbox(limits=Limits.wide()) as opened:
        opened.observe = ledger
        yield opened


@pytest.fixture
async def rest(sandbox: Sandbox) -> AsyncIterator[Rest]:
    """Plain HTTP to the sandbox, with the bot's token."""
    async with aiohttp.ClientSession() as session:
        yield Rest(session, sandbox.api_url, sandbox.token)


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[RoomsBot]:
    """The bot, connected; with the model that the test's module names as `MODEL`, else without one."""
    model = getattr(request.module, "MODEL", "offline")
    async with bot_in(sandbox, tmp_path, rooms_model=model) as running:
        yield running
