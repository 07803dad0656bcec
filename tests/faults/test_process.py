"""The process is asked to end, is frozen, or runs out of what it needs."""

import os
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rooms_bot.sandbox.faults import limited
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import ROOT, Program
from tests.faults.afterwards import notices
from tests.faults.machine import POST, Machine, machine
from tests.faults.table import fault
from tests.wire.channel import contents

pytestmark = pytest.mark.slow


@asynccontextmanager
async def goes_on(here: Machine, posts: int, asked: int) -> AsyncIterator[Program]:
    """The bot, started again: the room comes to so many posts, for so many requests, and waits; at the end it ends."""
    async with here.running() as program:
        await here.waits()
        assert (len(here.lounge.posts()), len(here.wits.requests)) == (posts, asked), contents(here.lounge.posts())
        yield program
        await here.ends_well(program)


@fault("The process", "asked to end (SIGTERM) while an agent thinks", "the answer comes after the next start, once")
async def test_a_thought_is_dropped(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            await here.thinks("Never to be said.")
            assert await program.stopped_by(signal.SIGTERM) == 0
        assert here.lounge.posts() == []
        async with goes_on(here, posts=3, asked=4):
            pass


@fault(
    "The process",
    "asked to end while an answer grows in the channel",
    "the beginning is taken back; the agent answers again after the next start",
)
async def test_what_grows_is_taken_back(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            slow = await here.thinks("It rises. Then it", " falls.")
            slow.go()
            await here.lounge.until_posts(1)
            assert await program.stopped_by(signal.SIGTERM) == 0
        assert here.lounge.posts() == []
        async with goes_on(here, posts=3, asked=4):
            pass


@fault("The process", "asked to end between two messages of one answer", "the whole answer, at once")
async def test_a_running_post_is_finished(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            slow = await here.thinks(" ".join(f"This is sentence number {number}." for number in range(150)))
            here.after_posts(1, lambda: program.send(signal.SIGTERM))
            slow.go()
            assert await program.ends(within=10) == 0
        assert len(here.lounge.posts()) == 3
        await here.is_whole()
        async with goes_on(here, posts=5, asked=3):
            pass


@fault(
    "The process",
    "asked to end while Discord makes a post wait for a minute (429)",
    "the answer comes after the next start, once",
)
async def test_a_post_that_waits_is_posted_later(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            slow = await here.thinks("It rises.")
            here.sandbox.faults.plan(limited(*POST, 60.0))
            slow.go()
            await program.err.has("Discord answered 429")
            assert await program.stopped_by(signal.SIGTERM) == 0
        assert here.lounge.posts() == []
        async with goes_on(here, posts=3, asked=3):
            assert contents(here.lounge.posts())[0] == "It rises."


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(
            False,
            marks=fault(
                "The process", "frozen for longer than Discord waits for a heartbeat", "answers come late, once"
            ),
        ),
        pytest.param(
            True,
            marks=fault("The process", "frozen until Discord has forgotten its session", "answers come late, once"),
        ),
    ],
)
async def test_a_frozen_process_hears_what_was_said_meanwhile(tmp_path: Path, lost: bool) -> None:
    async with (
        Sandbox(limits=Limits.wide()) as sandbox,
        machine(sandbox, tmp_path) as here,
        here.running() as program,
    ):
        await here.open()
        await here.waits()
        program.send(signal.SIGSTOP)
        here.sandbox.gateway.mute_all()
        here.lounge.say("Does anybody hear me?")
        if lost:
            here.sandbox.gateway.forget()
        here.sandbox.gateway.drop_all()
        program.send(signal.SIGCONT)
        await here.waits(2)
        assert len(here.lounge.posts()) == 6
        await here.ends_well(program)
        assert [event.what.kind for event in await here.events()].count("heard") == 1


@fault("The process", "a plugin blocks everything for seconds", "answers come late, once")
async def test_a_blocked_loop_catches_up(tmp_path: Path) -> None:
    limits = Limits(heartbeat=1.0, answer=30.0)
    async with Sandbox(limits=limits) as sandbox, machine(sandbox, tmp_path) as here:
        (tmp_path / "blocks.py").write_text(BLOCKING)
        async with here.running(ROOMS_MODEL="python/blocks.py:speak") as program:
            await here.open()
            await program.err.has("blocking")
            here.lounge.say("Does anybody hear me?")
            await here.waits()
            await program.err.has_all("connected as", 2)
            await here.ends_well(program)
            assert [event.what.kind for event in await here.events()].count("heard") == 1


BLOCKING = """
import itertools, sys, time

count = itertools.count(1)

async def speak(request):
    number = next(count)
    if number == 1:
        print("blocking", file=sys.stderr, flush=True)
        time.sleep(4)
    return f"{request.seat.name} gives answer number {number}."
"""

FULL = "os.open('/dev/full', os.O_WRONLY)"
CLOSED = "(lambda ends: (os.close(ends[0]), ends[1])[1])(os.pipe())"
ELSEWHERE = """
import os
end = {end}
os.dup2(end, {number})
"""


@pytest.mark.parametrize(
    ("end", "number"),
    [
        pytest.param(FULL, 2, marks=fault("The process", "the disk that logs are written to is full", "nothing")),
        pytest.param(CLOSED, 2, marks=fault("The process", "nobody reads the logs any more", "nothing")),
        pytest.param(FULL, 1, marks=fault("The process", "the disk its output is written to is full", "nothing")),
        pytest.param(CLOSED, 1, marks=fault("The process", "nobody reads its output any more", "nothing")),
    ],
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is Linux's")
async def test_output_that_goes_nowhere_stops_nothing(sandbox: Sandbox, tmp_path: Path, end: str, number: int) -> None:
    (tmp_path / "sitecustomize.py").write_text(ELSEWHERE.format(end=end, number=number))
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    async with (
        machine(sandbox, tmp_path) as here,
        here.running(PYTHONPATH=path, logs=number == 1) as program,
    ):
        await here.open()
        await here.waits()
        await here.ends_well(program)


@fault("The process", "it may open no more files or connections", "a line: the agents could not answer; then they do")
async def test_without_descriptors_turns_are_lost_and_not_the_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path) as here, here.running() as program:
        await here.open()
        await here.waits()
        before = resource.prlimit(program.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(program.pid, resource.RLIMIT_NOFILE, (3, before[1]))
        here.lounge.say("Can you still speak?")
        await here.waits(2)
        assert notices(here.lounge, "Ada") or notices(here.lounge, "Kenji")
        resource.prlimit(program.pid, resource.RLIMIT_NOFILE, before)
        here.lounge.say("And now?")
        await here.waits(3)
        assert len(here.lounge.posts()) >= 6
        await here.ends_well(program)


@fault("The process", "the file for `rooms-bot health` cannot be written", "nothing; the operator has a warning")
async def test_without_a_health_file_the_bot_runs(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "data" / "alive").mkdir(parents=True)
    async with machine(sandbox, tmp_path) as here, here.running() as program:
        await program.err.has("will not find the bot")
        await here.open()
        await here.waits()
        await here.ends_well(program)
