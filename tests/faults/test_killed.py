"""The process is killed without a word, at every point of a turn, and started again: the room goes on."""

import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.faults.machine import EDIT, NOTICE, POST, Deadly, Machine, machine
from tests.faults.table import fault
from tests.wire.channel import contents, labels, words

Moment = Callable[[Machine], Awaitable[None]]
"""Opens the room and kills the bot when it has come."""

pytestmark = pytest.mark.slow


async def thinking(here: Machine) -> None:
    await here.thinks("Never to be said.")
    here.kill()


async def begun(here: Machine) -> None:
    slow = await here.thinks("It rises. Then it", " falls.")
    here.after_posts(1, here.kill)
    slow.go()


async def growing(here: Machine) -> None:
    slow = await here.thinks("It rises. Then", " it falls. And", " it")
    slow.go()
    await here.lounge.until_posts(1)
    slow.go()
    await here.lounge.until(lambda: contents(here.lounge.posts()) == ["It rises. Then it falls."])
    here.kill()


async def unposted(here: Machine) -> None:
    slow = await here.thinks("It rises.")
    here.sandbox.faults.plan(Deadly(*POST, 0, done=False, kill=here.kill))
    slow.go()


async def posted(here: Machine) -> None:
    slow = await here.thinks("It rises.")
    here.sandbox.faults.plan(Deadly(*POST, 0, done=True, kill=here.kill))
    slow.go()


async def half_posted(here: Machine) -> None:
    slow = await here.thinks(" ".join(f"This is sentence number {number}." for number in range(150)))
    here.after_posts(1, here.kill)
    slow.go()


async def unfinished(here: Machine) -> None:
    await _at_its_last_edit(here, done=False)


async def finished(here: Machine) -> None:
    await _at_its_last_edit(here, done=True)


async def _at_its_last_edit(here: Machine, *, done: bool) -> None:
    slow = await here.thinks("It rises. ", "Then it falls.")
    slow.go()
    await here.lounge.until_posts(1)
    here.sandbox.faults.plan(Deadly(*EDIT, 0, done=done, kill=here.kill))
    slow.go()


async def summarised(here: Machine) -> None:
    slow = await here.thinks("It rises.", orchestrator_every=1)
    here.after_posts(2, here.kill)
    slow.go()


@pytest.mark.parametrize(
    ("moment", "asked", "said"),
    [
        pytest.param(
            thinking,
            4,
            3,
            marks=fault("The process", "killed while an agent thinks", "the answer comes late, once"),
        ),
        pytest.param(
            begun,
            4,
            3,
            marks=fault(
                "The process",
                "killed when the beginning of an answer was posted, before that is known",
                "the beginning is taken back; the agent answers again",
            ),
        ),
        pytest.param(
            growing,
            4,
            3,
            marks=fault(
                "The process",
                "killed while an answer grows in the channel",
                "the beginning is taken back; the agent answers again",
            ),
        ),
        pytest.param(
            unposted,
            3,
            3,
            marks=fault(
                "The process", "killed when an answer is there, before it is posted", "the answer comes late, once"
            ),
        ),
        pytest.param(
            posted,
            3,
            3,
            marks=fault("The process", "killed when an answer was posted, before that is known", "nothing"),
        ),
        pytest.param(
            half_posted,
            3,
            5,
            marks=fault(
                "The process", "killed between two messages of one answer", "the rest of the answer comes late"
            ),
        ),
        pytest.param(
            unfinished,
            3,
            3,
            marks=fault(
                "The process", "killed before the last edit of an answer", "the answer is completed late, once"
            ),
        ),
        pytest.param(
            finished,
            3,
            3,
            marks=fault("The process", "killed after the last edit of an answer, before that is known", "nothing"),
        ),
        pytest.param(
            summarised,
            6,
            6,
            marks=fault("The process", "killed when a summary was posted, before that is known", "nothing"),
        ),
    ],
)
async def test_after_kill_9_the_room_goes_on_and_each_answer_stands_there_once(
    sandbox: Sandbox, tmp_path: Path, moment: Moment, asked: int, said: int
) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            await moment(here)
            assert await program.ends() == -9
        async with here.running() as program:
            await here.waits()
            assert (len(here.wits.requests), len(here.lounge.posts())) == (asked, said), contents(here.lounge.posts())
            here.lounge.say("And now?")
            await here.waits(2)
            await here.ends_well(program)


@pytest.mark.parametrize(
    "done",
    [
        pytest.param(
            False,
            marks=fault(
                "The process", "killed while a room is opened, before anything of it is seen", "the room opens late"
            ),
        ),
        pytest.param(
            True,
            marks=fault("The process", "killed when a room's panel was posted, before that is known", "nothing"),
        ),
    ],
)
async def test_a_room_that_was_being_opened_opens_once(sandbox: Sandbox, tmp_path: Path, done: bool) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            here.sandbox.faults.plan(Deadly(*NOTICE, 0, done=done, kill=here.kill))
            await here.ask_to_open()
            assert await program.ends() == -9
        async with here.running() as program:
            await here.waits()
            assert len(here.lounge.posts()) == 3
            panels = [one for one in here.lounge.messages() if "Pause" in labels(one)]
            assert len(panels) == 1
            await here.ends_well(program)


@pytest.mark.parametrize(
    "done",
    [
        pytest.param(
            False,
            marks=fault("The process", "killed while a room is stopped", "that it is over, after the next start"),
        ),
        pytest.param(
            True,
            marks=fault("The process", "killed when the end of a room was told, before that is known", "nothing"),
        ),
    ],
)
async def test_a_room_that_was_being_stopped_is_over(sandbox: Sandbox, tmp_path: Path, done: bool) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            await here.open()
            await here.waits()
            here.sandbox.faults.plan(Deadly(*NOTICE, 0, done=done, kill=here.kill))
            await here.lounge.people.command(here.lounge.user, here.lounge.id, "room stop", {})
            assert await program.ends() == -9
        async with here.running() as program:
            await here.lounge.until_told("This room is over")
            assert len([one for one in here.lounge.messages() if "This room is over" in words(one)]) == 1
            while "just been started" in await here.lounge.do("room status"):
                pass
            await here.open()
            await here.waits(2)
            assert await program.stopped_by(signal.SIGTERM) == 0
        await here.is_whole(rooms=2)


@fault("The process", "killed when a new agent's greeting was posted, before that is known", "nothing")
async def test_nobody_greets_twice(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path, {"Ada": "I am Ada.", "Kenji": "I am Kenji."}) as here:
        async with here.running() as program:
            here.after_posts(1, here.kill)
            await here.ask_to_open()
            assert await program.ends() == -9
        async with here.running() as program:
            await here.waits()
            said = contents(here.lounge.posts())
            assert said[:2] == ["I am Ada.", "I am Kenji."]
            assert len(said) == 5
            await here.ends_well(program)


@fault("The process", "killed again while it takes up what the one before it left", "the answer comes late, once")
async def test_a_recovery_that_is_killed_is_begun_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with machine(sandbox, tmp_path) as here:
        async with here.running() as program:
            await unposted(here)
            assert await program.ends() == -9
        for done in (False, True):
            here.sandbox.faults.plan(Deadly(*POST, 0, done=done, kill=here.kill))
            async with here.begun() as program:
                assert await program.ends() == -9
        async with here.running() as program:
            await here.waits()
            assert (len(here.wits.requests), len(here.lounge.posts())) == (3, 3)
            await here.ends_well(program)
