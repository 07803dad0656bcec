"""Discord's API refuses, breaks down, falls silent or loses its answers: each turn stands in the channel once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from rooms_bot.domain.events import Said
from rooms_bot.sandbox.faults import Fault, limited
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.faults.afterwards import well
from tests.faults.hasty import hasty, until
from tests.faults.table import fault
from tests.faults.talking import TOLD, Talk
from tests.wire.channel import Channel, Wire, contents, labels, words
from tests.wire.writing import ADA, EDIT, POST, writing

CHANNEL = "/channels/{channel_id}"
NOTICE = ("POST", f"{CHANNEL}/messages")
PANEL = ("PATCH", f"{CHANNEL}/messages/{{message_id}}")
READ = ("GET", f"{CHANNEL}/messages")
TYPING = ("POST", f"{CHANNEL}/typing")
HOOKS = ("GET", f"{CHANNEL}/webhooks")
HOOK = ("POST", f"{CHANNEL}/webhooks")
FACE = ("POST", "/applications/{application_id}/emojis")
ERASE = ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}")
FAILED = {"message": "500: Internal Server Error", "code": 0}
STRANGE = {"surprise": ["this is another shape"]}
FIRST = (HOOKS[1], FACE[1])
"""What is asked at the beginning only."""
SLOW = pytest.mark.slow
"""What differs little from what is tried each time."""
MINUTES = 8
"""Tries in which, at the bot's pauses, two minutes pass."""


def plan(sandbox: Sandbox, *faults: Fault) -> None:
    """These, each for this test alone. Final answers to commands go the way of agents' posts, but are none of them."""
    hook = next(iter(sandbox.world.webhooks), "")
    sandbox.faults.plan(*(replace(one, path=hook if one.template == POST[1] else "") for one in faults))


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


# An answer as a whole


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(
            [limited(*POST, 2)],
            marks=fault("Discord's API", "429 for a webhook", "the answer comes later, once"),
        ),
        pytest.param(
            [limited(*POST, 40, "shared")],
            marks=fault(
                "Discord's API",
                "429 for the channel (shared), while the headers still show room",
                "the answer comes up to a minute later, once",
            ),
        ),
        pytest.param(
            [limited(*POST, 3, "global")],
            marks=[SLOW, fault("Discord's API", "429 for the whole bot (global)", "the answer comes later, once")],
        ),
        pytest.param(
            [Fault(*POST, 429), Fault(*POST, 429, headers={"Retry-After": "5"}, times=2)],
            marks=fault(
                "Discord's API", "429 as an HTML page, from in front of the API", "the answer comes later, once"
            ),
        ),
        pytest.param(
            [Fault(*POST, 500, times=MINUTES, body=FAILED)],
            marks=[SLOW, fault("Discord's API", "500 for minutes", "the answer comes when it is over, once")],
        ),
        pytest.param(
            [Fault(*POST, 502, times=MINUTES)],
            marks=fault("Discord's API", "502 for minutes, as an HTML page", "the answer comes when it is over, once"),
        ),
        pytest.param(
            [Fault(*POST, 503, times=MINUTES, body=FAILED)],
            marks=[SLOW, fault("Discord's API", "503 for minutes", "the answer comes when it is over, once")],
        ),
        pytest.param(
            [Fault(*POST, 504, times=MINUTES), Fault(*READ, 504, times=MINUTES)],
            marks=[
                SLOW,
                fault(
                    "Discord's API",
                    "504 for minutes, and the channel cannot be read either",
                    "the answer comes when it is over, once",
                ),
            ],
        ),
        pytest.param(
            [Fault(*POST, 502, done=True)],
            marks=fault("Discord's API", "502 after the post was carried out", "nothing: it stands there once"),
        ),
        pytest.param(
            [Fault(*POST, 0)],
            marks=[
                SLOW,
                fault("Discord's API", "the connection is cut before the post", "nothing: it is posted again"),
            ],
        ),
        pytest.param(
            [Fault(*POST, 0, done=True)],
            marks=fault("Discord's API", "the connection is cut after the post", "nothing: it stands there once"),
        ),
        pytest.param(
            [Fault(*POST, 200), Fault(*POST, 200, done=True)],
            marks=fault(
                "Discord's API", "an HTML page with status 200 answers a post", "nothing: it stands there once"
            ),
        ),
        pytest.param(
            [Fault(*POST, 403, times=3)],
            marks=fault(
                "Discord's API",
                "an HTML page with status 403, from in front of the API",
                "the answer comes later; the room does not end",
            ),
        ),
        pytest.param(
            [Fault(*POST, 404), Fault(*POST, 401)],
            marks=[
                SLOW,
                fault(
                    "Discord's API",
                    "an HTML page with status 404 or 401, from in front of the API",
                    "the answer comes later; the room does not end",
                ),
            ],
        ),
        pytest.param(
            [Fault(*POST, 200, body=STRANGE), Fault(*POST, 200, body=[1], done=True)],
            marks=fault(
                "Discord's API", "the answer to a post is JSON of another shape", "nothing: it stands there once"
            ),
        ),
        pytest.param(
            [Fault(*HOOKS, 502, times=3), Fault(*HOOK, 500, done=True), Fault(*HOOKS, 200)],
            marks=[
                SLOW,
                fault("Discord's API", "the channel's webhooks cannot be asked for", "the answer comes later, once"),
            ],
        ),
        pytest.param(
            [Fault(*TYPING, 503), limited(*TYPING, 7200)],
            marks=[SLOW, fault("Discord's API", "it cannot be shown that somebody types", "nobody types")],
        ),
        pytest.param(
            [Fault(*FACE, 200)],
            marks=[SLOW, fault("Discord's API", "a face cannot be uploaded", "the agent has no face for a minute")],
        ),
    ],
)
async def test_a_turn_is_posted_once(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture, faults: list[Fault]
) -> None:
    plan(sandbox, *(one for one in faults if one.template in FIRST))
    async with hasty(sandbox, tmp_path) as room:
        plan(sandbox, *(one for one in faults if one.template not in FIRST))
        await room.goes_on()
    assert sandbox.faults.left == 0
    assert errors(caplog) == []
    assert len(room.lounge.greetings()) == 2
    assert len({one["webhook_id"] for one in room.lounge.posts()}) == 1


@SLOW
@fault(
    "Discord's API",
    "429 that wants the bot to wait for hours",
    "the answer comes once Discord takes it, ten minutes late at most; commands work meanwhile",
)
async def test_an_absurd_limit_is_asked_about_again_and_commands_work_meanwhile(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with hasty(sandbox, tmp_path, speed=600) as room:
        plan(sandbox, limited(*POST, 7200, times=2))
        posts = len(room.lounge.posts())
        room.lounge.say("And now?")
        await until(lambda: sandbox.faults.left < 2)
        await well(room.lounge, room.bot)
        await room.lounge.until_posts(posts + 2)
        await room.goes_on("And now?")


@fault("Discord's API", "a room is stopped while Discord takes no post for hours", "the room ends at once")
async def test_a_room_that_waits_for_an_absurd_limit_can_be_stopped(sandbox: Sandbox, tmp_path: Path) -> None:
    async with hasty(sandbox, tmp_path, speed=20) as room:
        plan(sandbox, limited(*POST, 7200, times=1000))
        posts = len(room.lounge.posts())
        room.lounge.say("And now?")
        await until(lambda: sandbox.faults.left < 1000)
        assert "The room is over" in await room.lounge.do("room stop")
        await room.lounge.until_told("This room is over")
        assert len(room.lounge.posts()) == posts
        await well(room.lounge, room.bot)


# Silence, and late answers


@asynccontextmanager
async def hurried(sandbox: Sandbox, folder: Path) -> AsyncIterator[Talk]:
    """A room whose bot gives every request half a second."""
    async with hasty(sandbox, folder, speed=200) as room:
        room.bot.traffic.patience = aiohttp.ClientTimeout(sock_read=0.5)
        await room.lounge.do("room status")  # from the next request on
        yield room


@pytest.mark.parametrize(
    "done",
    [
        pytest.param(
            False,
            marks=fault(
                "Discord's API", "a post is never answered (a black hole)", "the answer comes 20 seconds later, once"
            ),
        ),
        pytest.param(
            True,
            marks=fault("Discord's API", "a post is carried out and never answered", "nothing: it stands there once"),
        ),
    ],
)
@pytest.mark.parametrize("what", [POST, pytest.param(NOTICE, marks=SLOW), pytest.param(READ, marks=SLOW)])
async def test_silence_is_given_up(sandbox: Sandbox, tmp_path: Path, what: tuple[str, str], done: bool) -> None:
    hole = asyncio.Event()
    async with hurried(sandbox, tmp_path) as room:
        plan(sandbox, Fault(*what, held=hole, done=done))
        if what == READ:
            plan(sandbox, Fault(*POST, 0, done=done))
        await room.goes_on()
        await room.lounge.until_told(TOLD, 2)
        assert sandbox.faults.left == 0
    hole.set()


@fault("Discord's API", "a post that was given up is carried out after all, later", "nothing: it stands there once")
async def test_what_was_held_up_is_taken_back(sandbox: Sandbox, tmp_path: Path) -> None:
    late, posted = asyncio.Event(), asyncio.Event()
    async with hurried(sandbox, tmp_path) as room:
        plan(sandbox, Fault(*POST, held=late, late=True))
        plan(sandbox, Fault(*READ, 502, held=posted))
        posts = len(room.lounge.posts())
        room.lounge.say("And now?")
        await until(lambda: sandbox.faults.left == 0)
        late.set()
        await room.lounge.until_posts(posts + 1)
        posted.set()
        await room.goes_on("And now?")


@fault(
    "Discord's API",
    "a post that was given up is carried out after all, when the next try already stands there",
    "the later one of the two is taken back",
)
async def test_what_comes_after_the_next_try_is_taken_back(sandbox: Sandbox, tmp_path: Path) -> None:
    late, both, erased = asyncio.Event(), asyncio.Event(), list[Exchange]()
    async with hurried(sandbox, tmp_path) as room:
        checked, posts = sandbox.observe, len(room.lounge.posts())

        def observe(exchange: Exchange) -> None:
            if (exchange.method, exchange.template) == POST and not late.is_set() and exchange.status < 300:
                plan(sandbox, Fault(*READ, 502, held=both))  # before the bot learns that the second try stands
                late.set()
            erased.extend([exchange] if (exchange.method, exchange.template) == ERASE else [])
            if checked is not None:
                checked(exchange)

        plan(sandbox, Fault(*POST, held=late, late=True))
        sandbox.observe = observe
        room.lounge.say("And now?")
        second, third = (await room.lounge.until_posts(posts + 2))[posts:]
        assert contents([second]) == contents([third])
        both.set()
        await room.goes_on("And now?")
    assert len(erased) == 1
    standing = [one["id"] for one in room.lounge.posts()]
    assert second["id"] in standing
    assert third["id"] not in standing


@fault("Discord's API", "a post is answered slowly while commands come in", "the commands are answered at once")
async def test_commands_are_answered_while_a_post_is_not(sandbox: Sandbox, tmp_path: Path) -> None:
    slow = asyncio.Event()
    async with hasty(sandbox, tmp_path, speed=20) as room:
        plan(sandbox, Fault(*POST, 502, held=slow, done=True))
        posts = len(room.lounge.posts())
        room.lounge.say("And now?")
        await room.lounge.until_posts(posts + 1)
        assert "Bread" in await room.lounge.do("room status")
        assert "paused" in await room.lounge.do("room pause")
        slow.set()
        await room.lounge.do("room resume")
        await room.goes_on("And now?")


# An answer that grows


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            Fault(*EDIT, 0),
            marks=[
                SLOW,
                fault("Discord's API", "the connection is cut before an edit", "the answer grows a second later"),
            ],
        ),
        pytest.param(
            Fault(*EDIT, 0, done=True),
            marks=fault("Discord's API", "the connection is cut after an edit", "nothing"),
        ),
        pytest.param(
            Fault(*EDIT, 503, times=MINUTES),
            marks=[
                SLOW,
                fault("Discord's API", "edits fail for minutes", "the answer stops growing, and is whole in the end"),
            ],
        ),
        pytest.param(
            Fault(*EDIT, 200, done=True),
            marks=fault("Discord's API", "an HTML page with status 200 answers an edit", "nothing"),
        ),
        pytest.param(
            Fault(*EDIT, 403),
            marks=[
                SLOW,
                fault("Discord's API", "an HTML page with status 403 answers an edit", "the answer grows later"),
            ],
        ),
        pytest.param(
            limited(*EDIT, 30, "shared"),
            marks=fault("Discord's API", "429 for an edit", "the answer stops growing, and is whole in the end"),
        ),
    ],
)
async def test_what_grows_is_whole_in_the_end(sandbox: Sandbox, tmp_path: Path, one: Fault) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech, asyncio.TaskGroup() as tasks:
        first = await page.begin(speech, "One. ", "One.")
        plan(sandbox, one)
        await page.go_on(speech, "One. Two. ")
        last = tasks.create_task(speech.finish("One. Two. Three."))
        while not last.done():
            page.clock.advance(1)
            await asyncio.sleep(0)
        assert last.result() == (int(first["id"]),)
    assert sandbox.faults.left == 0
    assert page.standing() == ["One. Two. Three."]


@fault("Discord's API", "the answer to a first sentence is lost", "nothing: the answer grows where it stands")
async def test_a_beginning_whose_answer_is_lost_goes_on_where_it_stands(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, page.speech() as speech:
        plan(sandbox, Fault(*POST, 0, done=True))
        first = await page.begin(speech, "It rises. Then", "It rises.")
        assert page.stood == [(int(first["id"]),)]
        page.clock.advance(2)
        await speech.finish("It rises. Then it falls.")
        assert page.standing() == ["It rises. Then it falls."]


@fault("Discord's API", "an answer that is to be taken back cannot be deleted for minutes", "it goes a little later")
async def test_what_is_to_go_goes_in_the_end(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, asyncio.TaskGroup() as tasks:
        (post,) = await page.outlet.post(ADA, "It rises.")
        plan(sandbox, Fault(*ERASE, 502, times=4), Fault(*ERASE, 0, done=True), limited(*ERASE, 20))
        gone = tasks.create_task(page.outlet.withdraw([post]))
        while not gone.done():
            page.clock.advance(1)
            await asyncio.sleep(0)
    assert page.standing() == []


# What the bot says itself


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            Fault(*NOTICE, 502, done=True),
            marks=fault("Discord's API", "502 after a notice was posted", "nothing: the notice stands there once"),
        ),
        pytest.param(
            Fault(*NOTICE, 0, done=True),
            marks=fault("Discord's API", "the connection is cut after a notice", "nothing: it stands there once"),
        ),
        pytest.param(
            Fault(*NOTICE, 503, times=MINUTES),
            marks=[SLOW, fault("Discord's API", "notices fail for minutes", "the notice comes when it is over, once")],
        ),
        pytest.param(
            Fault(*NOTICE, 403, times=2),
            marks=[
                SLOW,
                fault("Discord's API", "an HTML page with status 403 answers a notice", "it comes later, once"),
            ],
        ),
    ],
)
async def test_a_notice_is_given_once(sandbox: Sandbox, tmp_path: Path, one: Fault) -> None:
    async with hasty(sandbox, tmp_path) as room:
        plan(sandbox, one)
        room.lounge.say("And now?")
        await room.lounge.until_told(TOLD, 2)
        await room.goes_on("And now?")
        assert len([message for message in room.lounge.messages() if TOLD in message["content"]]) == 3
        assert sandbox.faults.left == 0


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(
            Fault(*NOTICE, 0, done=True),
            marks=fault("Discord's API", "the answer to a new room's panel is lost", "nothing: there is one panel"),
        ),
        pytest.param(
            Fault(*PANEL, 502, done=True, times=3),
            marks=[SLOW, fault("Discord's API", "answers to the panel's edits are lost", "nothing")],
        ),
        pytest.param(
            Fault(*PANEL, 404, times=2),
            marks=[
                SLOW,
                fault("Discord's API", "an HTML page with status 404 answers an edit of the panel", "it changes later"),
            ],
        ),
    ],
)
async def test_the_panel_stands_there_once_and_is_right_in_the_end(
    sandbox: Sandbox, tmp_path: Path, one: Fault
) -> None:
    plan(sandbox, one)
    async with hasty(sandbox, tmp_path, speed=200) as room:
        await room.lounge.do("room pause")
        await room.lounge.until(lambda: "Resume" in labels(panels(room.lounge)[0]))
        await room.lounge.do("room resume")
        await room.goes_on()
        await until(lambda: sandbox.faults.left == 0)
        assert len(panels(room.lounge)) == 1


def panels(lounge: Channel) -> list[Wire]:
    return [one for one in lounge.messages() if "webhook_id" not in one and words(one).startswith("## ")]


@SLOW
@fault("Discord's API", "everything fails for a while, with every kind of error", "the answers come later, each once")
async def test_after_a_bad_hour_everything_stands_there_once(sandbox: Sandbox, tmp_path: Path) -> None:
    async with hasty(sandbox, tmp_path) as room:
        for status in (500, 0, 502, 429, 503, 0, 504):
            for route in (POST, NOTICE, READ, TYPING, PANEL):
                plan(sandbox, Fault(*route, status, done=status in (0, 504) and route != READ))
        room.lounge.say("And now?")
        await room.until_heard("And now?")
        sandbox.faults.end()
        await room.goes_on("And now?")
        events = await well(room.lounge, room.bot)
    assert sum(isinstance(event.what, Said) for event in events) == len(room.lounge.posts())
