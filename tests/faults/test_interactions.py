"""Commands, buttons and forms come twice, too late, from an earlier process, or their answers are lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Closed, Configured, Event, Paused, Resumed
from rooms_bot.sandbox.clock import HandClock
from rooms_bot.sandbox.faults import Fault, refusal
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.faults.afterwards import STANDS, well
from tests.faults.hasty import until
from tests.faults.table import fault
from tests.faults.talking import ROOM, TOLD, Talk
from tests.wire.channel import Channel, Wire, bot_in, contents, labels, words
from tests.wire.openapi import Ledger
from tests.wire.places import Asked

CALLBACK = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
FOLLOW = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
WAITING = ROOM | {"human_every": 2}
PATIENCE = 15.0
T = TypeVar("T")


@pytest.fixture
def _no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


pytestmark = pytest.mark.usefixtures("_no_traceback")


async def opened(lounge: Channel, **more: Any) -> Wire:
    """A room in it waits for people; the notice that says so."""
    await lounge.do("room start", **WAITING | more)
    return await lounge.until_told(TOLD)


def panel(lounge: Channel) -> Wire:
    return next(one for one in lounge.messages() if "Join" in labels(one))


async def rested(sandbox: Sandbox, lounge: Channel, bot: RoomsBot) -> list[Event]:
    """The room's events, once it waits for people again."""
    await Talk(bot, lounge, sandbox.gateway).until_heard()
    return await well(lounge, bot)


async def told(reply: Reply) -> str:
    """What only who asked sees in the end."""
    message = (await reply.settled(PATIENCE)).message
    assert message is not None, reply
    assert message["flags"] & 64
    return words(message)


def count(events: list[Event], kind: type) -> int:
    return sum(isinstance(event.what, kind) for event in events)


# Two at once


@fault(
    "Commands, buttons and forms",
    "two members send `/room start` at the same moment",
    "one room; the other member is told that one is open already",
)
async def test_two_starts_at_once_open_one_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        you, robin = Channel(sandbox), Channel(sandbox, "Robin")
        answers = await asyncio.gather(*(one.do("room start", **WAITING) for one in (you, robin)))
        assert sorted("is open here already" in answer for answer in answers) == [False, True]
        await you.until_told(TOLD)
        assert len(bot.house.rooms()) == 1
        assert len([one for one in you.messages() if "Join" in labels(one)]) == 1
        await well(you, bot)


@fault(
    "Commands, buttons and forms",
    "Start is pressed twice under a proposal",
    "one room; the second press is told that one is open already",
)
async def test_a_proposal_that_is_started_twice_opens_one_room(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        proposal = (await lounge.ask("room start", topic=STANDS, human_every=1)).message
        assert proposal is not None
        await asyncio.gather(*(lounge.press(proposal, "Start") for _ in range(2)))
        await lounge.until(lambda: [one for one in lounge.messages() if "is open here already" in one["content"]])
        await lounge.until_told(TOLD)
        assert len(bot.house.rooms()) == 1
        await well(lounge, bot)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        pytest.param(
            "Continue", Resumed, marks=fault("Commands, buttons and forms", "Continue is pressed twice", "one goes on")
        ),
        pytest.param(
            "Pause", Paused, marks=fault("Commands, buttons and forms", "Pause is pressed twice", "one pause")
        ),
    ],
)
async def test_a_button_that_is_pressed_twice_counts_once(
    sandbox: Sandbox, tmp_path: Path, label: str, kind: type
) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        waits = await opened(lounge)
        message = waits if label == "Continue" else panel(lounge)
        await asyncio.gather(*(lounge.press(message, label) for _ in range(2)))
        assert STANDS in await lounge.do("room status")
        events = [event async for event in bot.house.room(int(lounge.id)).events()]
        assert count(events, kind) == 1


@fault("Commands, buttons and forms", "the end of a room is confirmed twice", "the room ends once")
async def test_a_room_that_is_stopped_twice_ends_once(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await opened(lounge)
        sure = (await (await lounge.press(panel(lounge), "Stop")).settled(PATIENCE)).message
        assert sure is not None
        await asyncio.gather(*(lounge.press(sure, "Stop the room") for _ in range(2)))
        await lounge.until_told("This room is over")
        events = await well(lounge, bot)
        assert count(events, Closed) == 1
        public = [one for one in lounge.messages() if not one["flags"] & 64]
        assert len([one for one in public if "This room is over" in one["content"]]) == 1


@fault(
    "Commands, buttons and forms",
    "a form is sent twice",
    "its change is made once; the second time they get back what they typed",
)
async def test_a_form_that_is_sent_twice_counts_once(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await opened(lounge)
        form = (await lounge.people.command(lounge.user, lounge.id, "orchestrator instructions", {})).modal
        assert form is not None
        typed = {"instructions": "Rye."}
        assert "Rye." in await told(await lounge.people.submit(lounge.user, form, typed))
        again = await (await lounge.people.submit(lounge.user, form, typed)).settled(PATIENCE)
        assert again.message is not None
        assert "open it again" in words(again.message)
        assert [file["filename"] for file in again.message["attachments"]] == ["typed.txt"]
        assert count(await well(lounge, bot), Configured) == 1


@fault(
    "Commands, buttons and forms",
    "a command comes for a room that ends at that moment",
    "it is carried out, or they are told that the room is over",
)
async def test_a_command_for_a_room_that_ends_is_told_so(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await opened(lounge)
        _, *others = await asyncio.gather(
            lounge.do("room stop"),
            lounge.do("room pause"),
            lounge.do("agent mute", agent="Ada"),
            lounge.do("room next"),
        )
        assert all(others)
        await lounge.until_told("This room is over")
        assert "is over" in await lounge.do("room pause")
        await well(lounge, bot)


# An earlier process


@fault("Commands, buttons and forms", "buttons of a room's panel and notices, after a restart", "they work as before")
async def test_all_buttons_of_an_earlier_process_work(sandbox: Sandbox, tmp_path: Path) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        waits = await opened(lounge, memory="durable")
        board = panel(lounge)
    async with bot_in(sandbox, tmp_path) as bot:
        await bot.house.wake()
        assert "@" in await told(await lounge.press(board, "Join"))
        await lounge.press(waits, "Continue")
        await lounge.until_told(TOLD, 2)
        await lounge.press(board, "Pause")
        await lounge.until(lambda: "Resume" in labels(panel(lounge)))
        await lounge.press(panel(lounge), "Resume")
        await lounge.until(lambda: "Pause" in labels(panel(lounge)))
        await lounge.press(panel(lounge), "Next")
        await lounge.until_posts(5)
        await rested(sandbox, lounge, bot)


@fault(
    "Commands, buttons and forms",
    "buttons of an answer that only one member saw, after a restart",
    "a sentence: please ask for it anew",
)
async def test_buttons_of_answers_from_before_a_restart_say_that_they_are_over(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        proposal, change = await lounge.ask("room start", topic=STANDS), await lounge.ask("settings change")
        assert proposal.message is not None
        assert change.message is not None
    async with bot_in(sandbox, tmp_path):
        for label in ("Start", "Other agents"):
            assert "does not work any more" in await told(await lounge.press(proposal.message, label))
        chosen = await lounge.people.press(lounge.user, change.message["id"], "log_channel", [lounge.id])
        assert "does not work any more" in await told(chosen)
        sandbox.people.speaks(lounge.user, "de")
        assert "geht nicht mehr" in await told(await lounge.press(proposal.message, "Cancel"))


@fault(
    "Commands, buttons and forms",
    "a form that was opened before a restart is sent",
    "a sentence, and what they typed as a file",
)
async def test_a_form_from_before_a_restart_gives_back_what_was_typed(sandbox: Sandbox, tmp_path: Path) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        form = (await lounge.people.command(lounge.user, lounge.id, "persona create", {})).modal
        assert form is not None
    async with bot_in(sandbox, tmp_path):
        typed = {"name": "Bela", "prompt": "You are Bela."}
        reply = await (await lounge.people.submit(lounge.user, form, typed)).settled(PATIENCE)
        assert reply.message is not None
        assert "open it again" in words(reply.message)
        [file] = reply.message["attachments"]
        async with aiohttp.ClientSession() as session, session.get(file["url"]) as response:
            assert await response.read() == b"Bela\n\nYou are Bela."


# Too late

LATE = refusal(*CALLBACK, 404, 10062)


@fault(
    "Commands, buttons and forms",
    "a command is answered later than within three seconds",
    "Discord says that the bot did not respond; nothing was done",
)
async def test_a_command_that_was_answered_too_late_has_done_nothing(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await opened(lounge)
        for path in ("room pause", "room stop", "room next"):
            sandbox.faults.plan(refusal(*CALLBACK, 404, 10062))
            sandbox.desk.limits = Limits(answer=0.2)
            assert (await lounge.people.command(lounge.user, lounge.id, path)).kind == "failed"
            sandbox.desk.limits = Limits.wide()
        assert sandbox.faults.left == 0
        events = await well(lounge, bot)
    assert (count(events, Paused), count(events, Closed), count(events, Resumed)) == (0, 0, 0)
    assert len([record for record in caplog.records if "too late" in record.getMessage()]) == 3


@fault(
    "Commands, buttons and forms",
    "the press of a button is answered later than within three seconds",
    "Discord says that this interaction failed; nothing was done, and the next press works",
)
async def test_a_press_that_was_answered_too_late_can_be_repeated(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        waits = await opened(lounge)
        sandbox.faults.plan(refusal(*CALLBACK, 404, 10062))
        sandbox.desk.limits = Limits(answer=0.2)
        custom = f"rooms:go_on:{bot.house.room(int(lounge.id)).id}"
        assert (await lounge.people.press(lounge.user, waits["id"], custom)).kind == "failed"
        sandbox.desk.limits = Limits.wide()
        assert len(lounge.posts()) == 2
        await lounge.press(waits, "Continue")
        await lounge.until_posts(4)
        await rested(sandbox, lounge, bot)


@fault(
    "Commands, buttons and forms",
    "a command takes longer than 15 minutes",
    "what it did shows in the channel; its own answer never comes",
)
async def test_what_was_done_after_15_minutes_shows_in_the_channel(
    tmp_path: Path, ledger: Ledger | None, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock()

    def pass_(exchange: Exchange) -> None:
        """Time, as soon as a first answer has come; `room status` is to have its own."""
        if exchange.template == CALLBACK[1] and stopping:
            clock.turn(901)
            stopping.clear()
        if ledger is not None:
            ledger(exchange)

    stopping: list[bool] = []
    async with Sandbox(clock=clock, limits=Limits.wide()) as sandbox, bot_in(sandbox, tmp_path) as bot:
        lounge, sandbox.observe = Channel(sandbox), pass_
        await opened(lounge)
        stopping.append(True)
        await lounge.people.command(lounge.user, lounge.id, "room stop")
        await lounge.until_told("This room is over")
        await until(lambda: "room stop: it was too late" in caplog.text)
        events = await well(lounge, bot)
    assert count(events, Closed) == 1
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


# Lost answers


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(
            Fault(*CALLBACK, 500, done=True),
            marks=fault("Commands, buttons and forms", "500 after a first answer was taken", "nothing"),
        ),
        pytest.param(
            Fault(*CALLBACK, 0, done=True),
            marks=fault("Commands, buttons and forms", "the connection is cut after a first answer", "nothing"),
        ),
        pytest.param(
            Fault(*CALLBACK, 0),
            marks=fault("Commands, buttons and forms", "the connection is cut before a first answer", "nothing"),
        ),
    ],
)
async def test_a_first_answer_counts_though_its_receipt_is_lost(sandbox: Sandbox, tmp_path: Path, lost: Fault) -> None:
    """Of a command, of a button and of a form, which then works."""
    asked = Asked(sandbox)

    async def losing(act: Callable[[], Awaitable[T]]) -> T:
        """Do this, and wait until the bot knows what became of its answer."""
        before = sum(one.template == CALLBACK[1] for one in asked)
        sandbox.faults.plan(Fault(lost.method, lost.template, lost.status, done=lost.done))
        done = await act()
        await until(lambda: sum(one.template == CALLBACK[1] for one in asked) > before)
        await lounge.do("help")
        return done

    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        waits = await losing(lambda: opened(lounge))
        await losing(lambda: lounge.press(waits, "Continue"))
        await lounge.until_told(TOLD, 2)
        asking = lounge.user, lounge.id, "orchestrator instructions"
        form = (await losing(lambda: lounge.people.command(*asking, {}))).modal
        assert form is not None
        sent = await losing(lambda: lounge.people.submit(lounge.user, form, {"instructions": "Rye."}))
        assert "Rye." in await told(sent)
        assert "paused" in await losing(lambda: lounge.do("room pause"))
        assert sandbox.faults.left == 0
        await lounge.do("room resume")
        events = await rested(sandbox, lounge, bot)
    assert (count(events, Paused), count(events, Configured)) == (1, 1)


@fault(
    "Commands, buttons and forms",
    "the final answer to a command is lost after Discord took it",
    "the answer, perhaps twice; what was asked for is done once",
)
async def test_what_was_asked_is_done_once_though_its_answer_is_lost(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await opened(lounge)
        sandbox.faults.plan(Fault(*FOLLOW, 502, done=True, path=sandbox.world.bot_id))
        assert "paused" in await lounge.do("room pause")
        await lounge.do("room resume")
        events = await rested(sandbox, lounge, bot)
    assert count(events, Paused) == 1


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            LATE,
            marks=fault(
                "Commands, buttons and forms", "proposals for an option come too late", "no proposals this once"
            ),
        ),
        pytest.param(
            Fault(*CALLBACK, 403),
            marks=fault("Commands, buttons and forms", "proposals for an option are refused", "no proposals this once"),
        ),
    ],
)
async def test_without_proposals_one_types_on(sandbox: Sandbox, tmp_path: Path, one: Fault) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await opened(lounge)
        sandbox.faults.plan(Fault(one.method, one.template, one.status, body=one.body))
        sandbox.desk.limits = Limits(answer=0.2)
        asked = (lounge.user, lounge.id, "agent mute", {"agent": "A"}, "agent")
        assert await lounge.people.autocomplete(*asked) == []
        sandbox.desk.limits = Limits.wide()
        assert [choice["value"] for choice in await lounge.people.autocomplete(*asked)] == ["Ada"]
        assert "Ada" in contents([(await lounge.ask("agent mute", agent="Ada")).message or {}])[0]
        await well(lounge, bot)
