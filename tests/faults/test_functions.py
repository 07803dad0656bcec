"""The operator's own functions go wrong as agents, and the embedded model's process dies."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rooms_bot.agents.local import SERVER, unavailable
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Spoken
from rooms_bot.sandbox.server import Sandbox
from tests.faults.afterwards import STANDS, notices, well
from tests.faults.table import fault
from tests.wire.channel import Channel, bot_in
from tests.wire.test_long_room import QuickClock

ROUND = {"topic": STANDS, "agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}
PLUGIN = """
import asyncio, itertools, threading

def well(request):
    return f"Answer after {len(request.messages)} messages."

def raises(request):
    raise RuntimeError("the disk with the recipes is gone")

def leaves(request):
    raise SystemExit(3)

def counts(request):
    return 42

def blocks(request):
    threading.Event().wait()

async def hangs(request):
    await asyncio.Event().wait()

def floods(request):
    for number in itertools.count():
        yield f"This is sentence number {number}. "

async def cancels(request):
    raise asyncio.CancelledError

def deep(request):
    return deep(request)
"""


@asynccontextmanager
async def company(sandbox: Sandbox, folder: Path, ada: str) -> AsyncIterator[tuple[RoomsBot, Channel]]:
    """Ada is this function of the operator's and has half a second for an answer; Kenji is another, which is well."""
    (folder / "odd.py").write_text(PLUGIN)
    personas = folder / "personas"
    personas.mkdir()
    (personas / "ada.md").write_text(f"---\nname: Ada\ntimeout: 0.5\nmodel: python/odd.py:{ada}\n---\nYou are Ada.\n")
    more = {"rooms_model": "python/odd.py:well", "rooms_plugins_dir": folder, "rooms_personas_dir": personas}
    async with bot_in(sandbox, folder, clock=QuickClock(10), **more) as bot:
        yield bot, Channel(sandbox)


@pytest.mark.parametrize(
    ("ada", "line"),
    [
        pytest.param(
            "raises", "could not answer", marks=fault("Models", "a function raises", "a line: it could not answer")
        ),
        pytest.param(
            "leaves",
            "could not answer",
            marks=[
                fault("Models", "a function ends the program", "a line: it could not answer; the bot runs on"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            "counts",
            "could not answer",
            marks=[fault("Models", "a function returns no text", "a line: it could not answer"), pytest.mark.slow],
        ),
        pytest.param(
            "deep",
            "could not answer",
            marks=[
                fault("Models", "a function calls itself for ever", "a line: it could not answer"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            "cancels",
            "could not answer",
            marks=fault("Models", "a function cancels its own turn", "a line: it could not answer"),
        ),
        pytest.param(
            "blocks",
            "took too long",
            marks=fault("Models", "a function blocks for ever", "a line, once its time is over: it took too long"),
        ),
        pytest.param(
            "hangs",
            "took too long",
            marks=[
                fault("Models", "a function waits for ever", "a line, once its time is over: it took too long"),
                pytest.mark.slow,
            ],
        ),
        pytest.param(
            "nothing_of_that_name",
            "could not answer",
            marks=[fault("Models", "there is no such function", "a line: it could not answer"), pytest.mark.slow],
        ),
    ],
)
async def test_a_function_that_fails_loses_its_turn_and_no_more(
    sandbox: Sandbox, tmp_path: Path, ada: str, line: str
) -> None:
    async with company(sandbox, tmp_path, ada) as (bot, lounge):
        await lounge.do("room start", **ROUND, human_every=4)
        await lounge.until_told("The room waits for a word of yours")
        assert lounge.speakers() == ["Kenji", "Kenji"]
        first, second = notices(lounge, "Ada")
        assert line in first
        assert line in second
        await well(lounge, bot)


@fault("Models", "a function yields text without end", "five messages and a file; the others go on")
async def test_a_function_without_an_end_is_bounded(sandbox: Sandbox, tmp_path: Path) -> None:
    async with company(sandbox, tmp_path, "floods") as (bot, lounge):
        await lounge.do("room start", **ROUND, human_every=2)
        await lounge.until_told("The room waits for a word of yours")
        assert lounge.speakers() == ["Ada"] * 6 + ["Kenji"]
        await well(lounge, bot)


def children() -> list[int]:
    """The processes of embedded models that this one has started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            status, line = (process / "stat").read_text(), (process / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if int(status.rpartition(")")[2].split()[1]) == os.getpid() and bytes(SERVER) in line:
            found.append(int(process.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(unavailable() is not None, reason=unavailable() or "")
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for in /proc")
@pytest.mark.parametrize(
    "speaking",
    [
        pytest.param(
            False,
            marks=fault("Models", "the embedded model's process is killed between two turns", "the answer comes late"),
        ),
        pytest.param(
            True,
            marks=fault(
                "Models",
                "the embedded model's process is killed in the middle of an answer",
                "the answer comes late, or what could be read of it is marked as cut off",
            ),
        ),
    ],
)
async def test_the_embedded_models_process_is_started_again(sandbox: Sandbox, tmp_path: Path, speaking: bool) -> None:
    async with bot_in(sandbox, tmp_path, rooms_model="local") as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", **ROUND, human_every=1)
        if speaking:
            await lounge.until(lambda: bot.house.room(int(lounge.id)).state.current is not None, 60)
        else:
            await lounge.until_told("The room waits for a word of yours", patience=90)
        (first,) = children()
        os.kill(first, signal.SIGKILL)
        lounge.say("And now?")
        await lounge.until_told("The room waits for a word of yours", 1 if speaking else 2, patience=90)
        events = await well(lounge, bot)
        assert [event for event in events if isinstance(event.what, Spoken)]
        lounge.say("And then?")
        await lounge.until_told("The room waits for a word of yours", 2 if speaking else 3, patience=90)
        assert first not in children()
