"""The bot is killed, and what its rooms stand on, or what was said in them, changes before it is started again."""

import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from rooms_bot.domain.events import Heard
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.clock import HandClock
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import Program
from tests.faults.afterwards import STANDS, standing, told
from tests.faults.machine import ROOM, Deadly, Machine, machine
from tests.faults.table import fault
from tests.faults.test_killed import Moment, growing, half_posted, posted, thinking, unposted
from tests.wire.channel import Channel, contents, words
from tests.wire.places import direct

pytestmark = pytest.mark.slow

ERASE = ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
STARTED = "The bot has just been started"
"""How the sentence begins for whoever asks before rooms are there again."""


@pytest.fixture
async def here(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Machine]:
    async with machine(sandbox, tmp_path) as made:
        yield made


async def waiting(here: Machine) -> None:
    await here.open()
    await here.waits()
    here.kill()


async def killed(here: Machine, moment: Moment) -> None:
    """The bot ran until this moment."""
    async with here.running() as program:
        await moment(here)
        assert await program.ends() == -9


@asynccontextmanager
async def again(here: Machine, **given: str) -> AsyncIterator[Program]:
    """The next process; at the end the room answers, once more, and what was kept is what stands."""
    async with here.running(logs=False, **given) as program:
        yield program
        posts = len(here.lounge.posts())
        here.lounge.say("And now?")
        await here.lounge.until_posts(posts + 1)
        await here.ends_well(program)


# Places and permissions


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        pytest.param(
            unposted,
            3,
            marks=fault(
                "Places and permissions",
                "the webhook is deleted while the bot is down, before an answer is posted",
                "the answer comes late, once: there is a new webhook",
            ),
        ),
        pytest.param(
            posted,
            3,
            marks=fault(
                "Places and permissions",
                "the webhook is deleted while the bot is down, after an answer was posted",
                "nothing",
            ),
        ),
        pytest.param(
            half_posted,
            5,
            marks=fault(
                "Places and permissions",
                "the webhook is deleted while the bot is down, between two messages of one answer",
                "the rest of the answer comes late",
            ),
        ),
        pytest.param(
            growing,
            3,
            marks=fault(
                "Places and permissions",
                "the webhook is deleted while the bot is down, while an answer grew",
                "the beginning is taken back; the agent answers again",
            ),
        ),
    ],
)
async def test_a_webhook_that_was_deleted_meanwhile_is_made_anew(here: Machine, moment: Moment, said: int) -> None:
    await killed(here, moment)
    here.sandbox.world.webhooks.clear()
    async with again(here):
        await here.waits()
        assert len(here.lounge.posts()) == said


@fault(
    "Places and permissions",
    "the channel is deleted while the bot is down",
    "a direct message to who opened the room, with the reason",
)
async def test_a_channel_that_was_deleted_meanwhile_ends_its_room(here: Machine) -> None:
    await killed(here, growing)
    Admin(here.sandbox.world, here.lounge.user).delete(here.lounge.id)
    async with here.running() as program:
        home = direct(here.sandbox)
        await home.until(lambda: [one for one in home.messages() if "the channel is gone" in one["content"]])
        assert len(home.messages()) == 1
        await others_go_on(here)
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert (await here.events())[-1].what.kind == "closed"


@fault(
    "Places and permissions",
    "Manage Webhooks is taken from the bot while it is down",
    "a notice: the room is over, since the permission is missing",
)
async def test_a_right_that_was_taken_meanwhile_ends_the_room(here: Machine) -> None:
    await killed(here, unposted)
    Admin(here.sandbox.world, here.lounge.user).forbid(here.lounge.id, here.sandbox.world.bot_id, Can.MANAGE_WEBHOOKS)
    async with here.running() as program:
        await here.lounge.until_told("it lacks the permission Manage Webhooks")
        assert here.lounge.posts() == []
        await others_go_on(here)
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert (await here.events())[-1].what.kind == "closed"


async def others_go_on(here: Machine) -> None:
    """A new room can be opened elsewhere."""
    library = Channel(here.sandbox, channel="library")
    await library.do("room start", **ROOM)
    await library.until_posts(1)


# What the operator changes


@fault("The process", "the file of an agent's persona is renamed while the bot is down", "nothing: it keeps its name")
async def test_a_persona_that_was_renamed_meanwhile_speaks_on(here: Machine) -> None:
    await killed(here, half_posted)
    (here.folder / "personas" / "Ada.md").unlink()
    (here.folder / "personas" / "Bela.md").write_text("---\nname: Bela\n---\nYou are Bela.\n")
    async with again(here):
        await here.waits()
        assert here.lounge.speakers() == ["Ada", "Ada", "Ada", "Kenji", "Ada"]


@fault("The process", "the operator sets another model while the bot is down", "the answer comes late, once")
async def test_another_model_takes_the_turn_again(here: Machine) -> None:
    await killed(here, thinking)
    async with again(here, ROOMS_MODEL="offline"):
        await here.waits()
        assert here.lounge.speakers() == ["Ada", "Kenji", "Ada"]
        assert here.wits.requests == ["Ada"]


# What members do


@fault(
    "The process",
    "a moderator deletes the beginning of an answer while the bot is down",
    "a line: the agent was interrupted; its answer is not posted again",
)
async def test_a_beginning_that_was_deleted_meanwhile_is_not_posted_again(here: Machine) -> None:
    await killed(here, growing)
    here.sandbox.people.delete(here.lounge.user, here.lounge.posts()[0]["id"])
    async with again(here):
        await here.lounge.until_told("what it had begun to say was deleted")
        await here.waits()
        assert "It rises. Then it falls." not in contents(here.lounge.posts())


@fault(
    "The process",
    "a moderator deletes a whole answer while the bot is down, before it was recorded",
    "it is posted again",
)
async def test_a_whole_answer_that_was_deleted_before_it_was_recorded_comes_again(here: Machine) -> None:
    await killed(here, posted)
    here.sandbox.people.delete(here.lounge.user, here.lounge.posts()[0]["id"])
    async with again(here):
        await here.waits()
        assert contents(here.lounge.posts())[0] == "It rises."
        assert here.wits.requests == ["Ada", "Kenji", "Ada"]


@fault(
    "The process",
    "members write, edit and delete while the bot is down",
    "the answer to what they wrote comes late, once",
)
async def test_what_members_changed_meanwhile_counts_once(here: Machine) -> None:
    said = []

    async def talked(here: Machine) -> None:
        await here.open()
        for number, text in enumerate(("Is it rye?", "My secret.", "Well?"), 1):
            await here.waits(number)
            said.append(here.lounge.say(text))
        await here.waits(4)
        here.kill()

    await killed(here, talked)
    here.sandbox.people.edit(here.lounge.user, said[0]["id"], "Is it wheat?")
    here.sandbox.people.delete(here.lounge.user, said[1]["id"])
    here.lounge.say("What did I miss?")
    async with again(here):
        await here.waits(5)
    heard = [event.what.text for event in await here.events() if isinstance(event.what, Heard)]
    assert heard == ["Is it wheat?", "", "Well?", "What did I miss?", "And now?"]


@fault(
    "The process",
    "150 messages are written while the bot is down",
    "the agents answer late, and have heard all of them",
)
async def test_many_messages_are_all_heard(tmp_path: Path) -> None:
    clock = HandClock()
    async with Sandbox(clock=clock, limits=Limits.wide()) as sandbox, machine(sandbox, tmp_path) as here:
        await killed(here, waiting)
        for number in range(150):
            clock.turn(2)
            here.lounge.say(f"Meanwhile number {number}.")
        async with again(here):
            await here.waits(2)
        heard = [event.what.text for event in await here.events() if isinstance(event.what, Heard)]
        assert heard == [*(f"Meanwhile number {number}." for number in range(150)), "And now?"]


# What is asked for too early


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            "room status",
            marks=fault(
                "The process",
                "a command is given when the bot has just been started",
                "a sentence: try again in a moment",
            ),
        ),
        pytest.param(
            "room start",
            marks=fault(
                "The process",
                "`/room start` is given when the bot has just been started, where a room goes on",
                "a sentence: try again in a moment; there is no second room",
            ),
        ),
    ],
)
async def test_before_rooms_are_awake_they_are_not_asked_and_none_is_opened(here: Machine, command: str) -> None:
    await killed(here, waiting)
    async with unreadable(here) as mend, here.begun() as program:
        await program.err.has("could not be woken")
        options = ROOM | {"memory": "durable"} if command == "room start" else {}
        assert STARTED in await here.lounge.do(command, **options)
        mend()
        here.lounge.say("And now?")
        await here.waits(2)
        await here.ends_well(program)
    with closing(sqlite3.connect(here.folder / "data/rooms.sqlite")) as base:
        assert base.execute("SELECT count(*) FROM rooms").fetchone() == (1,)


@asynccontextmanager
async def unreadable(here: Machine) -> AsyncIterator[Callable[[], None]]:
    """No room can be woken before this is mended."""
    with closing(sqlite3.connect(here.folder / "data/rooms.sqlite", isolation_level=None)) as base:
        base.execute("ALTER TABLE events RENAME TO hidden")

        def mend() -> None:
            base.execute("ALTER TABLE hidden RENAME TO events")

        yield mend


# What was to be taken back


@pytest.mark.parametrize(
    ("menu", "asked"),
    [
        pytest.param(
            "Delete",
            3,
            marks=fault(
                "The process",
                "killed when an answer is to be deleted from its menu, before it is",
                "it is deleted after the next start",
            ),
        ),
        pytest.param(
            "Regenerate",
            4,
            marks=fault(
                "The process",
                "killed when an answer is to be given anew from its menu, before the old one is deleted",
                "it is deleted after the next start, and the agent answers again",
            ),
        ),
    ],
)
async def test_what_was_being_taken_back_is_taken_back(here: Machine, menu: str, asked: int) -> None:
    async def chosen(here: Machine) -> None:
        await here.open()
        await here.waits()
        here.sandbox.faults.plan(Deadly(*ERASE, 0, done=False, kill=here.kill))
        await here.lounge.people.context(here.lounge.user, here.lounge.id, menu, here.lounge.posts()[-1]["id"])

    await killed(here, chosen)
    old = int(here.lounge.posts()[2]["id"])
    async with here.running() as program:
        await here.lounge.until(lambda: old not in standing(here.lounge))
        await here.wits.asked(asked)
        here.lounge.say("And now?")
        await here.lounge.until_posts(asked)
        assert STANDS in await here.lounge.do("room status")
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert [post for post in told(await here.events()) if post != old] == standing(here.lounge)


# Ephemeral rooms


async def grows(here: Machine) -> None:
    """Its second sentence is an edit, for which the bot has to know of the message."""
    slow = await here.thinks("It rises. Then", " it falls. And", " it", memory="ephemeral")
    slow.go()
    await here.lounge.until_posts(1)
    slow.go()
    await here.lounge.until(lambda: contents(here.lounge.posts()) == ["It rises. Then it falls."])
    here.kill()


async def begins(here: Machine) -> None:
    slow = await here.thinks("It rises. Then it", " falls.", memory="ephemeral")
    here.after_posts(1, here.kill)
    slow.go()


async def waits(here: Machine) -> None:
    await here.open(memory="ephemeral")
    await here.waits()
    here.kill()


async def pauses(here: Machine) -> None:
    await here.open(memory="ephemeral")
    await here.waits()
    await here.lounge.do("room pause")
    here.kill()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(
            grows,
            marks=fault(
                "The process",
                "killed while an answer grows in an ephemeral room",
                "the beginning is taken back; a notice of the restart; the agents go on",
            ),
        ),
        pytest.param(
            waits,
            marks=fault("The process", "killed while an ephemeral room waits for people", "a notice of the restart"),
        ),
        pytest.param(
            pauses,
            marks=fault(
                "The process",
                "killed while an ephemeral room is paused",
                "a notice of the restart; the room stays paused",
            ),
        ),
    ],
)
async def test_an_ephemeral_room_goes_on_with_what_stands(here: Machine, moment: Moment) -> None:
    await killed(here, moment)
    before = contents(here.lounge.posts())
    async with here.running() as program:
        await here.lounge.until_told("The bot was restarted")
        if moment is grows:
            await here.waits()
        paused = "**Paused**" in await here.lounge.do("room status")
        assert paused == (moment is pauses)
        if paused:
            await here.lounge.do("room resume")
        said = contents(here.lounge.posts())
        assert said[:3] == before if moment is not grows else before[0] not in said
        here.lounge.say("And now?")
        await here.lounge.until_posts(4)
        assert await program.stopped_by(signal.SIGTERM) == 0
    said = contents(here.lounge.posts())
    assert len(said) == len(set(said)), said
    assert len([one for one in here.lounge.messages() if "The bot was restarted" in words(one)]) == 1
