"""SIGTERM and SIGINT end the bot with exit code 0 within ten seconds, whatever it does."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import pointed_at, started
from tests.wire.channel import Channel

PLUGIN = """
import sys, threading

def speak(request):
    print("thinking", file=sys.stderr, flush=True)
    threading.Event().wait()
"""


@asynccontextmanager
async def silent_server() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """An address that takes connections and never answers, and whether one was made."""
    called, leave = asyncio.Event(), asyncio.Event()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await leave.wait()
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/api/v10", called
        leave.set()


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
async def test_while_it_is_still_being_loaded(tmp_path: Path, number: signal.Signals) -> None:
    async with started(tmp_path, "run", PYTHONPROFILEIMPORTTIME="1", DISCORD_TOKEN="x") as program:
        await program.err.has("pythonjsonlogger.json")
        assert await program.stopped_by(number) == 0
    assert not any("Traceback" in line for line in program.err.lines)


async def test_while_discord_has_not_answered_yet(tmp_path: Path) -> None:
    async with silent_server() as (address, called):
        given = {"DISCORD_TOKEN": "x", "ROOMS_MODEL": "offline", "ROOMS_DISCORD_API": address}
        async with started(tmp_path, "run", **given) as program:
            async with asyncio.timeout(30):
                await called.wait()
            assert await program.stopped_by(signal.SIGINT) == 0
        assert program.err.lines == []


async def test_in_the_middle_of_a_turn_that_does_not_end(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "slow.py").write_text(PLUGIN)
    given = pointed_at(sandbox, ROOMS_MODEL="python/slow.py:speak", ROOMS_PLUGINS_DIR=".")
    async with started(tmp_path, "run", **given) as program:
        await program.out.has("https://")
        await Channel(sandbox).do("room start", topic="Bread", agents="Ada", pace=0)
        await program.err.has("thinking")
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert not any("Traceback" in line or "ERROR" in line for line in program.err.lines)
