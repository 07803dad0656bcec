"""Who hosts, who is heard, where rooms may be, and what edits and deletions change: on the wire."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Planned
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState
from rooms_bot.engine import commands
from rooms_bot.sandbox import posts
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in
from tests.wire.rest import Rest
from tests.wire.scripted import scripted, talk

PEOPLE = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "agents_answer": "people", "turns": 50}
FUTURE = "2999-01-01T00:00:00+00:00"


@pytest.fixture
def crew(sandbox: Sandbox) -> str:
    """A role that gives nobody anything."""
    guild = sandbox.world.guild
    number = str(int(guild.id) + 1000)
    everyone = guild.roles[str(guild.id)]
    guild.roles[number] = everyone | {"id": number, "name": "Crew", "permissions": "0", "position": 1}
    return number


@pytest.fixture
async def bot(sandbox: Sandbox, crew: str, tmp_path: Path) -> AsyncIterator[RoomsBot]:
    del crew
    async with bot_in(sandbox, tmp_path, rooms_model="openai/test") as running:
        yield running


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


async def decide(bot: RoomsBot, **changes: Any) -> None:
    (guild,) = bot.guilds
    await bot.house.servers.change(guild.id, **changes)


def give(sandbox: Sandbox, who: Channel, *roles: str, **more: Any) -> None:
    sandbox.world.guild.members[who.user] |= {"roles": list(roles)} | more


async def settled(bot: RoomsBot, lounge: Channel) -> RoomState:
    """The room, once all that was said before has reached it; it is paused then."""
    arrived = bot.wait_for("message", check=lambda message: message.content == "(the end)", timeout=15)

    async def end() -> None:
        lounge.say("(the end)")

    await asyncio.gather(arrived, end())
    room = bot.house.room(int(lounge.id))
    await room.do(commands.pause(Member(id=1, name="You")))
    return room.state


def heard(room: RoomState) -> list[str]:
    return [line.text for line in room.lines if line.member and line.text not in ("", "(the end)")]


@pytest.mark.parametrize(
    ("settings", "holds", "words"),
    [
        ({}, False, ["You", "Sam"]),
        ({"member_role": "crew"}, False, ["You"]),
        ({"member_role": "crew"}, True, ["You", "Sam"]),
        ({"muted_role": "crew"}, True, ["You"]),
        ({"muted_role": "crew"}, False, ["You", "Sam"]),
        ({"member_role": "crew", "host_role": "crew"}, True, ["You", "Sam"]),
    ],
)
async def test_who_is_heard(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, crew: str, settings: dict[str, str], holds: bool, words: list[str]
) -> None:
    sam = Channel(sandbox, "Sam")
    give(sandbox, sam, *([crew] if holds else []))
    await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    await decide(bot, **dict.fromkeys(settings, int(crew)))
    lounge.say("You")
    sam.say("Sam")
    assert heard(await settled(bot, lounge)) == words


async def test_who_is_muted_is_not_heard_by_editing_either_and_a_host_may_be_muted_too(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, crew: str
) -> None:
    sam = Channel(sandbox, "Sam")
    await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    await decide(bot, muted_role=int(crew), host_role=int(crew))
    said = sam.say("rye")
    give(sandbox, sam, crew)
    sam.people.edit(sam.user, said["id"], "something else")
    sam.say("and more")
    assert heard(await settled(bot, lounge)) == ["rye"]


async def test_who_is_muted_ends_no_wait_either(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, crew: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = Channel(sandbox, "Sam")
    give(sandbox, sam, crew)
    async with scripted(monkeypatch, Ada="crumb"):
        freely = {"agents_answer": "freely", "human_every": 1}
        await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE | freely)
        waiting = await lounge.until_told("waits for a word")
        await decide(bot, muted_role=int(crew))
        await sam.press(waiting, "Continue")
        await sam.until(lambda: [one for one in sam.messages() if "not heard" in one["content"]])
        assert bot.house.room(int(lounge.id)).state.waiting is not None


async def test_a_timeout_of_discords_is_a_mute(lounge: Channel, bot: RoomsBot, sandbox: Sandbox) -> None:
    sam = Channel(sandbox, "Sam")
    give(sandbox, sam, communication_disabled_until=FUTURE)
    await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    sam.say("rye")
    assert heard(await settled(bot, lounge)) == []


async def test_a_host_by_the_servers_role_starts_and_steers(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, crew: str
) -> None:
    del lounge
    sam = Channel(sandbox, "Sam")
    give(sandbox, sam, crew)
    assert "Only hosts" in await sam.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    await decide(bot, host_role=int(crew))
    await sam.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    assert "paused" in await sam.do("room pause")


async def test_rooms_are_opened_only_where_the_server_wants_them_threads_included(
    lounge: Channel, bot: RoomsBot, rest: Rest, sandbox: Sandbox
) -> None:
    library, aside = Channel(sandbox, channel="library"), Channel(sandbox)
    thread = await rest.post(f"/channels/{library.id}/threads", {"name": "aside", "type": 11})
    aside.id = thread["id"]
    await decide(bot, channels=(int(library.id),))
    assert f"channels only: <#{library.id}>" in await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    for place in (library, aside):
        assert "open" in await place.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    assert len(bot.house.rooms()) == 2


async def test_a_hosts_own_words_are_no_exception(lounge: Channel, bot: RoomsBot) -> None:
    await decide(bot, blocked_words=("darn", "ada"))
    assert "does not allow" in await lounge.do("room start", topic="Darn bread", agents="Noor", **PEOPLE)
    assert "does not allow" in await lounge.do("room start", topic="Bread", agents="Ada", **PEOPLE)
    await lounge.do("room start", topic="Bread", agents="Noor", **PEOPLE)
    assert "does not allow" in await lounge.do("room configure", topic="DARN")
    assert "does not allow" in await lounge.do("orchestrator set", name="Darn It")
    assert "does not allow" in await lounge.do("agent invite", persona="Ada")


# Edits and deletions


async def test_an_edit_revises_a_pending_question_and_gives_no_turn_and_neither_does_a_link_that_was_looked_at(
    lounge: Channel, bot: RoomsBot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = Hang(text="crumb")
    async with scripted(monkeypatch, Kenji=hang, Ada="rye") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **PEOPLE)
        linked = lounge.say("@Kenji https://example.com/loaf ?")
        await model.first("Kenji")
        asked = lounge.say("@Ada which flour?")
        link = sandbox.world.messages[lounge.id][linked["id"]]
        link["embeds"] = [{"type": "link", "url": "https://example.com/loaf", "title": "A loaf"}]
        posts.tell_update(sandbox.world, link)
        lounge.people.edit(lounge.user, asked["id"], "@Ada which yeast?")
        hang.released.set()
        await lounge.until(lambda: "Ada" in lounge.speakers())
        room = bot.house.room(int(lounge.id))
        assert "which yeast?" in talk(model.sent("Ada")[-1])
        assert "which flour?" not in talk(model.sent("Ada")[-1])
        lounge.people.edit(lounge.user, asked["id"], "@Kenji @Ada and salt?")
        await settled(bot, lounge)
        events = [event.what async for event in room.events()]
        answers = [event.answers for event in events if isinstance(event, Planned)]
        assert answers.count(int(asked["id"])) == 1


async def test_a_purge_strikes_what_it_takes_from_the_transcript_and_gives_no_turn(
    lounge: Channel, bot: RoomsBot, rest: Rest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang = Hang(text="crumb")
    async with scripted(monkeypatch, Kenji=hang, Ada="rye") as model:
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", **PEOPLE)
        lounge.say("@Kenji hello")
        await model.first("Kenji")
        gone = [lounge.say(text)["id"] for text in ("@Ada hello", "one", "two")]
        for role in sandbox.world.guild.roles.values():
            role["permissions"] = str((1 << 50) - 1)
        purged = bot.wait_for("raw_bulk_message_delete", timeout=15)
        await asyncio.gather(purged, rest.post(f"/channels/{lounge.id}/messages/bulk-delete", {"messages": gone}))
        hang.released.set()
        await lounge.until(lambda: "Kenji" in lounge.speakers())
        room = await settled(bot, lounge)
        assert heard(room) == ["@Kenji hello"]
        assert "Ada" not in lounge.speakers()
