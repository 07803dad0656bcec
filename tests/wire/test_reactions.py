"""What people say of agents' messages with a reaction, and how hosts strike them with one: on the wire."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.events import Deleted, Passed, Rated
from rooms_bot.engine.room import Room
from rooms_bot.export.files import Format, export
from rooms_bot.sandbox import reactions
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, Wire
from tests.wire.rest import Rest
from tests.wire.scripted import scripted

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}
LONG = "\n\n".join(f"Part {part}. " + " ".join(f"Bread {part}{line}." for line in range(150)) for part in range(3))


MODEL = "openai/test"


@pytest.fixture
async def lounge(sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Channel]:
    """A channel with a room that has had its first turn, a long one, and waits."""
    del bot
    async with scripted(monkeypatch, Ada=(LONG, "rye")):
        channel = Channel(sandbox)
        await channel.do("room start", topic="Bread", agents="Ada", **ROUND)
        await channel.until_told("waits")
        yield channel


def room_of(bot: RoomsBot, lounge: Channel) -> Room:
    return bot.house.room(int(lounge.id))


async def seen(bot: RoomsBot, event: str, does: Callable[[], object]) -> None:
    """Do it, and wait until the bot has been told and all that was queued in its rooms is done."""
    told = bot.wait_for(event, timeout=10)  # listens from here on
    does()
    await told
    for room in bot.house.rooms():
        await room.do(lambda _: ())


async def react(bot: RoomsBot, who: Channel, message: Wire, emoji: str) -> None:
    await seen(bot, "raw_reaction_add", lambda: who.people.react(who.user, message["id"], emoji))


async def unreact(bot: RoomsBot, who: Channel, message: Wire, emoji: str) -> None:
    await seen(bot, "raw_reaction_remove", lambda: who.people.unreact(who.user, message["id"], emoji))


def ratings(bot: RoomsBot, lounge: Channel) -> list[int]:
    return sorted(rating for given in room_of(bot, lounge).state.ratings.values() for rating in given.values())


async def test_thumbs_are_one_rating_a_member_and_are_exported_with_the_turn(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot
) -> None:
    sam, (first, second, *_) = Channel(sandbox, "Sam"), lounge.posts()
    await react(bot, lounge, first, "👍🏽")
    await react(bot, sam, first, "👎")
    await react(bot, sam, second, "👎🏿")
    assert ratings(bot, lounge) == [-1, 1]
    await react(bot, sam, second, "👍")
    assert ratings(bot, lounge) == [1, 1]
    await unreact(bot, sam, first, "👎")
    assert ratings(bot, lounge) == [1, 1]
    await unreact(bot, sam, second, "👍")
    assert ratings(bot, lounge) == [1]
    assert len(lounge.posts()) == len(room_of(bot, lounge).state.lines[-1].sources), "nobody was given a turn for it"
    events = [event async for event in room_of(bot, lounge).events()]
    given = [(one.what.member.name, one.what.rating) for one in events if isinstance(one.what, Rated)]
    assert given == [("You", 1), ("Sam", -1), ("Sam", 1), ("someone", 0)], "Discord does not say who"
    file = b"".join(export(Format.CSV, events)).decode("utf-8-sig")
    (row,) = [row for row in csv.DictReader(io.StringIO(file)) if row["kind"] == "said"]
    assert (row["up"], row["down"]) == ("1", "0")
    assert " · 👍 1\n" in b"".join(export(Format.MARKDOWN, events)).decode()


async def test_other_signs_other_messages_and_those_who_wish_not_to_be_heard_count_for_nothing(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot
) -> None:
    sam, first = Channel(sandbox, "Sam"), lounge.posts()[0]
    mine = lounge.say("hm")
    await lounge.until_told("waits", 2)
    await sam.do("profile ignore")
    await react(bot, sam, first, "👍")
    await react(bot, lounge, first, "🎉")
    await react(bot, lounge, mine, "👍")
    await react(bot, lounge, lounge.messages()[0], "👎")
    assert ratings(bot, lounge) == []


async def test_reactions_that_are_cleared_are_taken_back(lounge: Channel, sandbox: Sandbox, bot: RoomsBot) -> None:
    sam, first = Channel(sandbox, "Sam"), lounge.posts()[0]
    message = sandbox.world.find_message(lounge.id, first["id"])
    await react(bot, lounge, first, "👍")
    await react(bot, sam, first, "👎")
    await seen(bot, "raw_reaction_clear_emoji", lambda: reactions.clear(sandbox.world, message, "👍"))
    assert ratings(bot, lounge) == [-1]
    await seen(bot, "raw_reaction_clear", lambda: reactions.clear(sandbox.world, message))
    assert ratings(bot, lounge) == []


async def test_what_is_told_twice_counts_once(lounge: Channel, sandbox: Sandbox, bot: RoomsBot) -> None:
    first = lounge.posts()[0]
    message = sandbox.world.find_message(lounge.id, first["id"])
    await react(bot, lounge, first, "👍")
    again = {"MESSAGE_REACTION_ADD": "raw_reaction_add", "MESSAGE_REACTION_REMOVE": "raw_reaction_remove"}
    for name, event in again.items():
        for _ in range(2):
            await seen(bot, event, partial(reactions._tell, sandbox.world, name, message, lounge.user, "👍"))
    events = [event.what async for event in room_of(bot, lounge).events()]
    assert [what.rating for what in events if isinstance(what, Rated)] == [1, 0]


async def test_a_room_that_is_over_is_rated_as_long_as_it_is_kept(lounge: Channel, bot: RoomsBot) -> None:
    await lounge.do("room stop")
    await react(bot, lounge, lounge.posts()[0], "👎")
    assert ratings(bot, lounge) == [-1]


async def test_a_host_strikes_with_a_cross_and_nobody_else_does(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot
) -> None:
    sam, first = Channel(sandbox, "Sam"), lounge.posts()[0]
    mine = lounge.say("my own")
    await lounge.until_told("waits", 2)
    await react(bot, sam, first, "❌")
    await react(bot, lounge, mine, "❌")
    lines = room_of(bot, lounge).state.lines
    assert all(line.text for line in lines)
    await react(bot, lounge, lounge.posts()[1], "❌")
    await lounge.until(lambda: [one["content"][-3:] for one in lounge.posts()] == ["rye"])
    assert [bool(line.text) for line in room_of(bot, lounge).state.lines if not line.greeting] == [False, True, True]


async def test_in_a_thread_too(sandbox: Sandbox, rest: Rest, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = Channel(sandbox)
    async with scripted(monkeypatch, Ada="crumb"):
        aside.id = (await rest.post(f"/channels/{aside.id}/threads", {"name": "aside", "type": 11}))["id"]
        await aside.do("room start", topic="Bread", agents="Ada", **ROUND)
        await aside.until_told("waits")
        await react(bot, aside, aside.posts()[0], "❌")
        await aside.until(lambda: aside.posts() == [])


async def test_where_one_part_of_an_answer_is_deleted_the_others_go_too(lounge: Channel, bot: RoomsBot) -> None:
    parts = lounge.posts()
    assert len(parts) > 2
    lounge.people.delete(lounge.user, parts[1]["id"])
    await lounge.until(lambda: lounge.posts() == [])
    assert [line.text for line in room_of(bot, lounge).state.lines if not line.greeting] == [""]


async def test_a_purge_takes_the_parts_that_it_left_along(lounge: Channel, rest: Rest, bot: RoomsBot) -> None:
    purged = [lounge.greetings()[0]["id"], *(part["id"] for part in lounge.posts()[1:])]
    await rest.post(f"/channels/{lounge.id}/messages/bulk-delete", {"messages": purged})
    await lounge.until(lambda: lounge.posts() == [])
    assert [line.text for line in room_of(bot, lounge).state.lines] == ["", ""]


# While it is said


async def test_what_still_grows_is_rated_and_the_whole_has_the_rating(
    sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, slow = Channel(sandbox), Hang(text="It rises. And it is long. ", then="The end.")
    async with scripted(monkeypatch, Ada=slow):
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        (first,) = await lounge.until_posts(1)
        await react(bot, Channel(sandbox, "Sam"), first, "👍")
        slow.released.set()
        await lounge.until_told("waits")
    assert room_of(bot, lounge).state.lines[-1].text.endswith("The end.")
    assert ratings(bot, lounge) == [1]


async def test_a_cross_on_what_still_grows_takes_the_turn_and_what_stands(
    sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    async with scripted(monkeypatch, Ada=Hang(text="It rises. And it is long. ")):
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        (first,) = await lounge.until_posts(1)
        await react(bot, Channel(sandbox, "Sam"), first, "❌")
        assert len(lounge.posts()) == 1
        await react(bot, lounge, first, "❌")
        await lounge.until(lambda: lounge.posts() == [])
    (passed,) = [event.what async for event in room_of(bot, lounge).events() if isinstance(event.what, Passed)]
    assert (passed.by and passed.by.name) == "You"


async def test_a_cross_on_the_first_part_while_the_others_are_posted_takes_all(
    sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, budget = Channel(sandbox), bot.desk.budget
    held, take = asyncio.Event(), budget.take

    async def slowly(channel: int, *, urgent: bool = False, agents: bool = False) -> None:
        """The second part waits until it may."""
        if lounge.posts():
            await held.wait()
        await take(channel, urgent=urgent, agents=agents)

    monkeypatch.setattr(budget, "take", slowly)
    async with scripted(monkeypatch, Ada=(LONG, "rye")):
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        (first,) = await lounge.until_posts(1)
        told = bot.wait_for("raw_reaction_add", timeout=10)
        lounge.people.react(lounge.user, first["id"], "❌")
        await told
        held.set()
        await lounge.until_told("waits")
        await lounge.until(lambda: lounge.posts() == [])
    events = [event.what async for event in room_of(bot, lounge).events()]
    assert [one.by and one.by.name for one in events if isinstance(one, Passed | Deleted)] == ["You"]
