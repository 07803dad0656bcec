"""Commands, presses and forms: the people's side and the bot's answers, over plain HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from rooms_bot.sandbox.clock import HandClock
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.people import Reply
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.things import Event
from tests.wire.rest import Response, Rest

OPTIONS = [
    {"name": "topic", "type": 3, "description": "x", "required": True, "max_length": 10},
    {"name": "turns", "type": 4, "description": "x", "min_value": 1, "max_value": 500},
    {"name": "mode", "type": 3, "description": "x", "choices": [{"name": "Dynamic", "value": "dynamic"}]},
    {"name": "who", "type": 6, "description": "x"},
    {"name": "pace", "type": 10, "description": "x", "autocomplete": True},
]
START = {"name": "start", "type": 1, "description": "x", "options": OPTIONS}
ROOM = {"name": "room", "description": "x", "options": [START]}
BUTTON = {"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "go", "label": "Go"}]}
INPUT = {"type": 1, "components": [{"type": 4, "custom_id": "name", "style": 1, "label": "Name", "max_length": 5}]}


class Ear:
    """Hears interactions as the bot's gateway session would."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def hear(self, event: Event) -> None:
        if event.name == "INTERACTION_CREATE":
            self.heard.put_nowait(event.view(""))


class Bot:
    """Answers interactions over HTTP."""

    def __init__(self, sandbox: Sandbox, rest: Rest) -> None:
        self.sandbox = sandbox
        self.rest = rest
        self.ear = Ear()
        self.last: dict[str, Any] = {}
        sandbox.world.listeners.append(self.ear)

    async def answer(self, kind: int, data: Any = None, query: str = "?with_response=true") -> Response:
        self.last = await asyncio.wait_for(self.ear.heard.get(), 5)
        return await self.again(kind, data, query)

    async def starting(self, user_id: str, kind: int, data: Any = None, query: str = "?with_response=true") -> Any:
        """Somebody's /room start, and what this answers to it: the Reply and the HTTP answer."""
        channel = self.sandbox.people.channels(user_id)[0]["id"]
        asking = self.sandbox.people.command(user_id, channel, "room start", {"topic": "x"})
        return await asyncio.gather(asking, self.answer(kind, data, query))

    async def again(self, kind: int, data: Any = None, query: str = "?with_response=true") -> Response:
        body = {"type": kind} | ({} if data is None else {"data": data})
        return await self.rest("POST", f"/interactions/{self.last['id']}/{self.last['token']}/callback{query}", body)

    @property
    def hook(self) -> str:
        return f"/webhooks/{self.sandbox.world.bot_id}/{self.last['token']}"


@pytest.fixture
async def bot(sandbox: Sandbox, rest: Rest) -> Bot:
    made = Bot(sandbox, rest)
    await rest("PUT", f"/applications/{sandbox.world.bot_id}/commands", [ROOM])
    return made


@pytest.fixture
def sam(sandbox: Sandbox) -> str:
    return sandbox.people.named("Sam")


@pytest.fixture
def lounge(sandbox: Sandbox, sam: str) -> str:
    return str(sandbox.people.channels(sam)[0]["id"])


async def both(asking: Awaitable[Any], answering: Awaitable[Response]) -> tuple[Any, Response]:
    reply, answer = await asyncio.gather(asking, answering)
    return reply, answer


async def test_a_commands_options_arrive_typed_and_resolved(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    values: dict[str, Any] = {"topic": "tea", "turns": "7", "mode": "Dynamic", "who": sam}
    reply, answer = await both(
        sandbox.people.command(sam, lounge, "/room start", values), bot.answer(4, {"content": "opened"})
    )
    [start] = bot.last["data"]["options"]
    assert {o["name"]: o["value"] for o in start["options"]} == {
        "topic": "tea", "turns": 7, "mode": "dynamic", "who": sam,
    }  # fmt: skip
    assert bot.last["data"]["resolved"]["users"][sam]["username"] == "sam"
    assert (reply.kind, reply.message["content"], reply.message["type"]) == ("message", "opened", 20)
    assert answer.body["interaction"]["response_message_id"] == reply.message["id"]
    assert reply.message["interaction_metadata"]["user"]["id"] == sam


@pytest.mark.parametrize(
    ("path", "values", "sentence"),
    [
        ("room start", {}, "“topic” is required. Specify a value."),
        ("room start", {"topic": "x" * 11}, "“topic” must have at most 10 characters; it has 11."),
        ("room start", {"topic": "x", "turns": 501}, "“turns” must be from 1 to 500."),
        ("room start", {"topic": "x", "turns": "many"}, "“turns” must be a number."),
        ("room start", {"topic": "x", "mode": "loud"}, "“mode” must be one of: Dynamic."),
        ("room start", {"topic": "x", "who": "1"}, "“1” is not something “who” can be."),
        ("room stop", {}, "There is no command /room stop."),
        ("nothing", {}, "There is no command “nothing” you may use."),
    ],
)
async def test_what_discords_client_does_not_send_is_not_sent(
    sandbox: Sandbox, bot: Bot, sam: str, lounge: str, path: str, values: dict[str, Any], sentence: str
) -> None:
    assert await sandbox.people.command(sam, lounge, path, values) == Reply("failed", error=sentence)
    assert bot.ear.heard.empty()


async def test_an_ephemeral_answer_reaches_only_its_person(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    kim = sandbox.people.named("Kim")
    with sandbox.people.watch(sam) as mine, sandbox.people.watch(kim) as others:
        await both(
            sandbox.people.command(sam, lounge, "room start", {"topic": "x"}),
            bot.answer(4, {"content": "s", "flags": 64}),
        )
        sandbox.people.say(kim, lounge, "next")
        assert (await mine.get())["d"]["flags"] == 64
        assert (await others.get())["d"]["content"] == "next"
    assert [m["content"] for m in sandbox.people.history(sam, lounge)] == ["s", "next"]
    assert [m["content"] for m in sandbox.people.history(kim, lounge)] == ["next"]
    assert [m["content"] for m in await bot.rest.get(f"/channels/{lounge}/messages")] == ["next"]
    assert (await bot.rest.get(f"{bot.hook}/messages/%40original"))["content"] == "s"


async def test_a_deferred_answer_settles_when_it_is_filled_in(bot: Bot, sam: str) -> None:
    reply, answer = await bot.starting(sam, 5)
    assert (reply.kind, reply.message["flags"] & 128) == ("deferred", 128)
    assert answer.body["interaction"]["response_message_loading"] is True
    edited = await bot.rest("PATCH", f"{bot.hook}/messages/@original", {"content": "done"})
    settled = await reply.settled()
    assert edited.status == 200
    assert (settled.kind, settled.message["content"], settled.message["flags"]) == ("message", "done", 0)


async def test_the_first_follow_up_replaces_thinking(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    reply, _ = await bot.starting(sam, 5)
    first = await bot.rest.post(bot.hook, {"content": "one"})
    second = await bot.rest.post(bot.hook, {"content": "two", "flags": 64})
    assert first["id"] == reply.message["id"]
    assert (await bot.rest("DELETE", f"{bot.hook}/messages/{second['id']}")).status == 204
    assert [m["content"] for m in sandbox.people.history(sam, lounge)] == ["one"]


async def test_only_one_first_answer_is_taken(bot: Bot, sam: str) -> None:
    await bot.starting(sam, 4, {"content": "a"}, "")
    again = await bot.again(4, {"content": "b"})
    assert (again.status, again.code) == (400, 40060)


async def test_no_bucket_is_told_for_a_first_answer(bot: Bot, sam: str) -> None:
    _, answer = await bot.starting(sam, 4, {"content": "a"}, "")
    assert (answer.status, answer.body) == (204, "")
    assert not [name for name in answer.headers if name.startswith("X-RateLimit")]


async def test_before_the_first_answer_there_is_no_webhook(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    async def hasty() -> Response:
        bot.last = await bot.ear.heard.get()
        early = await bot.rest("POST", bot.hook, {"content": "x"})
        await bot.again(4, {"content": "a"})
        return early

    _, early = await both(sandbox.people.command(sam, lounge, "room start", {"topic": "x"}), hasty())
    assert early.code == 10015


async def test_a_button_updates_its_message(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    body = {"content": "press", "components": [BUTTON]}
    message = await bot.rest.post(f"/channels/{lounge}/messages", body)
    reply, _ = await both(
        sandbox.people.press(sam, message["id"], "go"), bot.answer(7, {"content": "pressed", "components": []})
    )
    assert bot.last["message"]["id"] == message["id"]
    assert bot.last["data"] == {"component_type": 2, "custom_id": "go", "id": 2}
    assert (reply.kind, reply.message["content"], reply.message["components"]) == ("update", "pressed", [])
    gone = await sandbox.people.press(sam, message["id"], "go")
    assert gone.kind == "failed"


async def test_a_form_is_opened_checked_and_sent(sandbox: Sandbox, bot: Bot, sam: str) -> None:
    form = {"custom_id": "f", "title": "Form", "components": [INPUT]}
    opened, _ = await bot.starting(sam, 9, form)
    assert (opened.kind, opened.modal["title"]) == ("modal", "Form")
    refused = await sandbox.people.submit(sam, opened.modal, {"name": "x" * 6})
    assert refused.error == "“Name” must have at most 5 characters."
    sent, _ = await both(
        sandbox.people.submit(sam, opened.modal, {"name": "Ada"}), bot.answer(4, {"content": "hello Ada"})
    )
    [row] = bot.last["data"]["components"]
    assert row["components"] == [{"type": 4, "id": 2, "custom_id": "name", "value": "Ada"}]
    assert sent.message["content"] == "hello Ada"


async def test_a_select_of_a_form_that_nobody_touches_is_sent_as_it_was_chosen(
    sandbox: Sandbox, bot: Bot, sam: str
) -> None:
    choices = [{"label": "A", "value": "a"}, {"label": "B", "value": "b", "default": True}]
    select = {"type": 18, "label": "Which", "component": {"type": 3, "custom_id": "which", "options": choices}}
    opened, _ = await bot.starting(sam, 9, {"custom_id": "f", "title": "Form", "components": [select]})
    await both(sandbox.people.submit(sam, opened.modal, {}), bot.answer(4, {"content": "got it"}))
    [label] = bot.last["data"]["components"]
    assert label["component"]["values"] == ["b"]


UPLOAD = {"type": 18, "label": "Face", "component": {"type": 19, "custom_id": "face", "max_values": 2}}


async def test_files_are_sent_with_a_form(sandbox: Sandbox, bot: Bot, sam: str) -> None:
    opened, _ = await bot.starting(sam, 9, {"custom_id": "f", "title": "Form", "components": [UPLOAD]})
    for files in ([], [("a.png", b"1")] * 3):
        refused = await sandbox.people.submit(sam, opened.modal, {"face": files})
        assert refused.error == "“Face” takes 1 to 2 files."
    large = await sandbox.people.submit(sam, opened.modal, {"face": [("a.png", bytes(11 * 1024 * 1024))]})
    assert "too large" in large.error
    await both(
        sandbox.people.submit(sam, opened.modal, {"face": [("a.png", b"1"), ("b.txt", b"22")]}),
        bot.answer(4, {"content": "got them"}),
    )
    [label] = bot.last["data"]["components"]
    kept = bot.last["data"]["resolved"]["attachments"]
    assert label["component"] == {"type": 19, "id": 2, "custom_id": "face", "values": list(kept)}
    assert [(one["filename"], one["content_type"], one["size"]) for one in kept.values()] == [
        ("a.png", "image/png", 1),
        ("b.txt", "text/plain", 2),
    ]


@pytest.mark.parametrize(
    ("kind", "data", "path"),
    [
        (6, None, "type"),
        (8, {"choices": []}, "type"),
        (9, {"custom_id": "f", "title": "x" * 46, "components": [INPUT]}, "title"),
        (9, {"custom_id": "f", "title": "x", "components": [INPUT] * 6}, "components"),
        (4, {"content": "x" * 2001}, "content"),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused_and_another_may_follow(
    sandbox: Sandbox, bot: Bot, sam: str, lounge: str, kind: int, data: Any, path: str
) -> None:
    async def twice() -> Response:
        refused = await bot.answer(kind, data)
        await bot.again(4, {"content": "right"})
        return refused

    reply, refused = await both(sandbox.people.command(sam, lounge, "room start", {"topic": "x"}), twice())
    assert (refused.code, set(refused.faults)) == (50035, {path})
    assert reply.message["content"] == "right"


async def test_choices_are_offered_while_typing(sandbox: Sandbox, bot: Bot, sam: str, lounge: str) -> None:
    choices = [{"name": "slow", "value": 10}]
    offered, _ = await both(
        sandbox.people.autocomplete(sam, lounge, "room start", {"topic": "x", "pace": "1"}, "pace"),
        bot.answer(8, {"choices": choices}),
    )
    focused = bot.last["data"]["options"][0]["options"][-1]
    assert focused == {"name": "pace", "type": 10, "value": "1", "focused": True}
    assert offered == choices


async def test_commands_that_ask_for_permissions_are_hidden(sandbox: Sandbox, bot: Bot, sam: str) -> None:
    hosts = {"name": "hosts", "description": "x", "default_member_permissions": str(1 << 4)}
    await bot.rest("PUT", f"/applications/{sandbox.world.bot_id}/commands", [hosts])
    assert sandbox.people.commands(sam) == []
    assert [c["name"] for c in sandbox.people.commands(sandbox.people.named("Robin"))] == ["hosts"]


@asynccontextmanager
async def timed(limits: Limits) -> AsyncIterator[tuple[Sandbox, Bot, HandClock]]:
    clock = HandClock()
    async with Sandbox(clock=clock, limits=limits) as sandbox, aiohttp.ClientSession() as session:
        bot = Bot(sandbox, Rest(session, sandbox.api_url, sandbox.token))
        await bot.rest("PUT", f"/applications/{sandbox.world.bot_id}/commands", [ROOM])
        yield sandbox, bot, clock


def starting(sandbox: Sandbox) -> Awaitable[Reply]:
    sam = sandbox.people.named("Sam")
    return sandbox.people.command(sam, sandbox.people.channels(sam)[0]["id"], "room start", {"topic": "x"})


async def test_an_answer_after_three_seconds_is_unknown() -> None:
    async with timed(Limits()) as (sandbox, bot, clock):

        async def late() -> Response:
            bot.last = await bot.ear.heard.get()
            clock.turn(3.1)
            return await bot.again(4, {"content": "late"})

        reply, answer = await both(starting(sandbox), late())
        assert (answer.status, answer.code) == (404, 10062)
        assert reply == Reply("failed", error="The application did not respond")


async def test_a_bot_that_does_not_answer_has_failed() -> None:
    async with timed(replace(Limits(), answer=0.01)) as (sandbox, bot, _):
        assert await starting(sandbox) == Reply("failed", error="The application did not respond")
        assert (await bot.answer(4, {"content": "late"})).code == 10062


async def test_a_token_lives_fifteen_minutes() -> None:
    async with timed(Limits()) as (sandbox, bot, clock):
        await both(starting(sandbox), bot.answer(4, {"content": "a"}))
        clock.turn(901)
        expired = await bot.rest("POST", bot.hook, {"content": "x"})
        assert (expired.status, expired.code) == (401, 50027)
