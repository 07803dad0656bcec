"""Other bots and webhooks, proxies for people, and people who are too fast: on the wire."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.flood import SIGN
from rooms_bot.domain.events import Planned
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState
from rooms_bot.engine import commands
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in
from tests.wire.rest import Rest
from tests.wire.scripted import scripted, talk

PEOPLE = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "agents_answer": "people", "turns": 200}
FREELY = {"agents_answer": "freely", "human_every": 1}
PROXY = 466378653216014359


class Hook:
    """A webhook in a channel that belongs to an application, or to nobody."""

    def __init__(self, rest: Rest, path: str) -> None:
        self._rest, self.path, self.id = rest, path, int(path.split("/")[2])

    @classmethod
    async def of(cls, sandbox: Sandbox, rest: Rest, channel: str, application: int | None = None) -> "Hook":
        made = cls(rest, await rest.webhook(channel, "Feed"))
        kept = sandbox.world.webhooks[str(made.id)]
        kept["application_id"] = str(application) if application else None
        kept["user"] = sandbox.world.users[sandbox.people.named("Robin")]
        return made

    async def say(self, text: str, name: str = "Feed") -> dict[str, Any]:
        said: dict[str, Any] = await self._rest.post(f"{self.path}?wait=true", {"content": text, "username": name})
        return said


async def allow(bot: RoomsBot, lounge: Channel, *heard: int) -> None:
    """Let these programs be heard in that channel."""
    guild = int(lounge.people.guild["id"])
    settings = bot.house.servers.of(guild)
    await bot.house.servers.save(settings.model_copy(update={"heard_bots": {int(lounge.id): heard}}))


async def settled(bot: RoomsBot, lounge: Channel) -> RoomState:
    """The room, once all that was said in its channel before has reached it; it is paused then."""
    arrived = bot.wait_for("message", check=lambda message: message.content == "(the end)", timeout=15)
    room = bot.house.room(int(lounge.id))
    await asyncio.gather(arrived, _end(lounge))
    await room.do(commands.pause(Member(id=1, name="You")))
    return room.state


async def _end(lounge: Channel) -> None:
    Channel(lounge._sandbox, "Kim").say("(the end)")


def heard(room: RoomState) -> list[str]:
    return [line.text for line in room.lines if line.member and line.text not in ("", "(the end)")]


def by(name: str, lounge: Channel) -> list[dict[str, Any]]:
    return [post for post in lounge.posts() if post["author"]["username"] == name]


@asynccontextmanager
async def echoing(lounge: Channel, hook: Hook) -> AsyncIterator[None]:
    """Another bot, which answers every post of Ada's."""

    async def echo() -> None:
        for count in itertools.count():
            await lounge.until(lambda: len(by("Ada", lounge)) > len(by("Echo", lounge)), 600)
            await hook.say(f"@Ada you say {count}", "Echo")

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(echo())
        yield
        task.cancel()


async def test_two_bots_that_answer_each_other_come_to_rest(
    sandbox: Sandbox, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    hook = await Hook.of(sandbox, rest, lounge.id)
    async with bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot, scripted(monkeypatch, Ada="crumb"):
        await allow(bot, lounge, hook.id)
        await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
        async with echoing(lounge, hook):
            lounge.say("@Ada and now?")
            await lounge.until(lambda: len(by("Echo", lounge)) == 6)
            lounge.say("@Ada once more?")
            await lounge.until(lambda: len(by("Ada", lounge)) == 8)
        events = [event.what async for event in bot.house.room(int(lounge.id)).events()]
        asked = [event.by for event in events if isinstance(event, Planned) and event.by]
        assert asked[:8] == ["You", *["Echo"] * 5, "You", "Echo"]


async def test_a_program_is_heard_only_where_it_is_allowed_by_any_of_its_ids_and_in_threads_too(
    sandbox: Sandbox, rest: Rest, tmp_path: Path
) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    by_hook = await Hook.of(sandbox, rest, lounge.id)
    by_application = await Hook.of(sandbox, rest, lounge.id, PROXY)
    stranger = await Hook.of(sandbox, rest, lounge.id, PROXY + 1)
    elsewhere = await Hook.of(sandbox, rest, library.id, PROXY)
    async with bot_in(sandbox, tmp_path) as bot:
        await allow(bot, lounge, by_hook.id, PROXY)
        for place in (lounge, library):
            await place.do("room start", topic="Bread", agents="Ada", human_every=1, **PEOPLE)
        for hook in (by_hook, by_application, stranger, elsewhere):
            await hook.say(f"news {hook.id}")
        there = await settled(bot, lounge)
        assert heard(there) == [f"news {by_hook.id}", f"news {by_application.id}"]
        assert heard(await settled(bot, library)) == []


async def test_what_our_own_webhook_says_is_never_heard_even_if_somebody_allows_it(
    sandbox: Sandbox, rest: Rest, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **PEOPLE)
        lounge.say("@Ada hello")
        await lounge.until_posts(1)
        (own,) = await rest.get(f"/channels/{lounge.id}/webhooks")
        await allow(bot, lounge, int(own["id"]), int(sandbox.world.bot_id))
        lounge.say("@Kenji hello")
        await lounge.until_posts(2)
        assert heard(await settled(bot, lounge)) == ["@Ada hello", "@Kenji hello"]


# Proxies


@pytest.mark.parametrize("first", ["the proxied message", "the deletion"])
@pytest.mark.parametrize("call", ["", "@Ada "])
async def test_a_proxied_message_counts_once_and_the_original_not_at_all(
    sandbox: Sandbox, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, call: str
) -> None:
    lounge = Channel(sandbox)
    hook, hang = await Hook.of(sandbox, rest, lounge.id, PROXY), Hang(text="rye")
    async with bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot, scripted(monkeypatch, Ada=hang) as model:
        await allow(bot, lounge, PROXY)
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **PEOPLE)
        original = lounge.say(f"luna; {call}which flour?")
        await model.first("Ada")
        if first == "the deletion":
            lounge.people.delete(lounge.user, original["id"])
        await hook.say(f"{call}which flour?", "Luna")
        if first != "the deletion":
            lounge.people.delete(lounge.user, original["id"])
        await model.asked(len(model.requests) + 1)
        hang.released.set()
        await lounge.until(lambda: by("Ada", lounge))
        room = await settled(bot, lounge)
        assert heard(room) == [f"{call}which flour?"]
        assert "luna;" not in talk(model.sent("Ada")[-1])
        assert f"Luna (member): {call}which flour?" in talk(model.sent("Ada")[-1])
        said = [line.name for line in room.lines if line.text and not line.greeting]
        assert said[: said.index("Kim")] == ["Luna", "Ada"]


async def test_everyone_behind_one_proxy_is_a_member_of_their_own_and_nobody_of_them_is_pinged(
    sandbox: Sandbox, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    hook = await Hook.of(sandbox, rest, lounge.id, PROXY)
    other = await Hook.of(sandbox, rest, library.id, PROXY)
    async with bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
        guild = int(lounge.people.guild["id"])
        channels = {int(lounge.id): (PROXY,), int(library.id): (PROXY,)}
        settings = bot.house.servers.of(guild).model_copy(update={"heard_bots": channels})
        await bot.house.servers.save(settings)
        async with scripted(monkeypatch, Ada="@Luna, and you?"):
            for place in (lounge, library):
                await place.do("room start", topic="Bread", agents="Ada", **PEOPLE | FREELY)
            await hook.say("I am Luna", "Luna")
            await hook.say("and I Sol", "Sol")
            await hook.say("me again", "LUNA")
            await lounge.until_told("answer to Ada")
            await other.say("here too", "Luna")
            await library.until_told("answer to Ada")
            here, there = await settled(bot, lounge), await settled(bot, library)
        luna, sol, again = (line.member for line in here.lines if line.member and line.name != "Kim")
        assert luna == again != sol
        assert luna in there.members
        posts = [*lounge.posts(), *library.posts()]
        assert [post["mentions"] for post in posts] == [[]] * len(posts)
        assert all("<@" not in post["content"].split("\n")[-1] for post in posts)


# Flooding


async def test_who_is_too_fast_is_heard_no_further_and_told_once_without_a_word(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge, sam = Channel(sandbox), Channel(sandbox, "Sam")
        await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
        said = [sam.say(f"word {number}") for number in range(30)]
        lounge.say("and I?")
        room = await settled(bot, lounge)
        texts = heard(room)
        assert texts[:10] == [f"word {number}" for number in range(10)]
        assert len(texts) < 20
        assert texts[-1] == "and I?"
        signed = await sam.until(lambda: [one for one in sam.messages() if one.get("reactions")])
        assert [reaction["emoji"]["name"] for one in signed for reaction in one["reactions"]] == [SIGN]
        assert signed[0]["id"] in {one["id"] for one in said}


async def test_after_its_end_a_room_tells_nobody_that_they_are_too_fast(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
        await lounge.do("room stop")
        arrived = bot.wait_for("message", check=lambda message: message.content == "word 19", timeout=15)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(arrived)
            for number in range(20):
                lounge.say(f"word {number}")
        assert not [one for one in lounge.messages() if one.get("reactions")]


async def test_where_the_bot_may_not_react_a_flood_is_silent(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
        sandbox.world.find_channel(lounge.id)["permission_overwrites"] = [
            {"id": sandbox.world.bot_id, "type": 1, "allow": "0", "deny": str(int(Can.ADD_REACTIONS))}
        ]
        for number in range(15):
            lounge.say(f"word {number}")
        assert len(heard(await settled(bot, lounge))) < 15
        assert not [one for one in lounge.messages() if one.get("reactions")]
