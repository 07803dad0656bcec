"""What was said in a channel while nobody listened is read from its history, and judged as if it came now."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat.flood import MESSAGES
from rooms_bot.chat.outlet import TYPING
from rooms_bot.chat.pace import Pace
from rooms_bot.chat.trail import MOST
from rooms_bot.domain.events import Event, Heard, Paused
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Place, Seat
from rooms_bot.errors import OutletGone
from rooms_bot.ports import Found, Profile, Uttered
from rooms_bot.sandbox import posts
from rooms_bot.sandbox.absences import fail, remove, restore
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.limits import Limits, RateLimiter
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.wire.channel import Channel
from tests.wire.rest import Rest
from tests.wire.test_other_bots import Hook
from tests.wire.writing import ADA, Writing, writing

READ = ("GET", "/channels/{channel_id}/messages")
MEMBER = ("GET", "/guilds/{guild_id}/members/{user_id}")


async def found(page: Writing, post: int = 0) -> Sequence[Found]:
    return await page.outlet.since(page.room(), post)


async def words(page: Writing, post: int = 0) -> list[str]:
    return texts(await found(page, post))


def texts(found: Sequence[Found]) -> list[str]:
    return [one.what.text for one in found if isinstance(one.what, Heard | Uttered)]


async def rule(page: Writing, **settings: Any) -> None:
    await page.bot.house.servers.change(page.place.guild, **settings)


def watch(sandbox: Sandbox, *route: str) -> list[Exchange]:
    """Every request of this route from now on."""
    seen: list[Exchange] = []
    checked = sandbox.observe

    def observe(exchange: Exchange) -> None:
        if (exchange.method, exchange.template) == route:
            seen.append(exchange)
        if checked is not None:
            checked(exchange)

    sandbox.observe = observe
    return seen


def flooded(page: Writing, count: int) -> None:
    """So many messages of another bot's, which are read and not heard."""
    channel = page.sandbox.world.find_channel(page.lounge.id)
    robin = page.sandbox.world.users[page.sandbox.people.named("Robin")] | {"bot": True}
    for number in range(count):
        posts.post(page.sandbox.world, channel, posts.Poster(robin, 0), {"content": f"feed {number}"})


async def test_members_and_agents_are_found_in_their_order_as_they_spoke(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        hello = page.lounge.say("hello")
        (rises,) = await page.outlet.post(ADA, "It rises.")
        reply = page.lounge.say("really?", reply_to=str(rises))
        heard, said, answer = await found(page)
        assert isinstance(heard.what, Heard)
        assert isinstance(answer.what, Heard)
        assert (heard.what.source, heard.what.member.name) == (int(hello["id"]), "You")
        assert said.what == Uttered(post=rises, name="Ada", content="It rises.", text="It rises.", seat=1)
        assert (answer.what.source, answer.what.reply_to) == (int(reply["id"]), rises)
        assert abs(heard.at - datetime.fromisoformat(hello["timestamp"])) < timedelta(milliseconds=2)


async def test_the_bots_own_words_are_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        await page.outlet.show(Event(index=9, at=datetime.now(UTC), what=Paused()), page.room())
        await page.lounge.do("room start", topic="Bread", agents="Ada")
        await page.lounge.until_told("Bread")
        await page.lounge.until(page.lounge.greetings)
        assert [one.what.name for one in await found(page) if isinstance(one.what, Uttered)] == ["Ada"]
        assert [one.what for one in await found(page) if isinstance(one.what, Heard)] == []


async def test_what_was_deleted_is_not_found_and_what_was_edited_reads_as_it_stands(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with writing(sandbox, tmp_path) as page:
        first, second = page.lounge.say("first"), page.lounge.say("second")
        sandbox.people.delete(page.lounge.user, first["id"])
        sandbox.people.edit(page.lounge.user, second["id"], "third")
        assert await words(page) == ["third"]


async def test_texts_that_came_with_it_are_read_unless_the_room_has_them(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        page.lounge.say("look", attachments=[("recipe.md", b"# Rye"), ("loaf.png", b"\x89PNG\r\n\x1a\n")])
        (one,) = await found(page)
        assert isinstance(one.what, Heard)
        assert (one.files, one.what.files) == ((("recipe.md", "# Rye"),), 1)
        room = page.room()
        room.transcript.places[one.what.source] = 0
        assert await page.outlet.since(room) == []


async def test_what_stood_in_a_file_is_part_of_what_was_said(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        await page.outlet.post(ADA, "\n\n".join(f"{number} " + "word " * 370 for number in range(7)))
        said = [one.what for one in await found(page) if isinstance(one.what, Uttered)]
        assert [one.text[:6] for one in said] == [f"{number} word" for number in range(6)]
        assert said[-1].content == ""
        assert "6 word" in said[-1].text


async def test_what_was_made_harmless_reads_as_it_was_meant(sandbox: Sandbox, tmp_path: Path) -> None:
    said = "@everyone and <@123456789012345678>: see [this](https://example.com) or discord.gg/abc\n```\n[a](https://b)\n```"
    async with writing(sandbox, tmp_path) as page:
        await page.outlet.post(ADA, said)
        (one,) = await words(page)
    assert one == said


@pytest.mark.parametrize("name", ["Kenji", "Moderator", "Agent", "Nobody"])
async def test_who_spoke_is_known_by_name(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    async with writing(sandbox, tmp_path) as page:
        await page.outlet.post(Seat(id=7, name=name, persona=Persona(name=name)), "It rises.")
        (one,) = await found(page)
        assert isinstance(one.what, Uttered)
        assert one.what.seat == {"Kenji": 2, "Moderator": 0}.get(name)


# Who is heard


async def test_other_bots_are_heard_as_far_as_they_are_named(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        hook = await Hook.of(sandbox, rest, page.lounge.id)
        stranger = await Hook.of(sandbox, rest, page.lounge.id)
        await rule(page, heard_bots={page.place.channel: (hook.id,)})
        await stranger.say("psst")
        for number in range(7):
            await hook.say(f"news {number}")
        unheeded = [one.what.unheeded for one in await found(page) if isinstance(one.what, Heard)]
        assert await words(page) == [f"news {number}" for number in range(7)]
        assert unheeded == [False] * 5 + [True] * 2


@pytest.mark.parametrize(
    ("settings", "holding", "expected"),
    [
        (["member_role"], ["Sam"], ["You", "Sam"]),
        (["muted_role"], ["Sam"], ["You", "Kim"]),
        (["member_role"], [], ["You"]),
        ([], [], ["You", "Sam", "Kim"]),
    ],
)
async def test_roles_are_asked_for_once_for_each_author_and_only_where_they_matter(
    sandbox: Sandbox, tmp_path: Path, settings: list[str], holding: list[str], expected: list[str]
) -> None:
    """You may manage channels, and so are heard without the role that others need."""
    guild = sandbox.world.guild
    crew = str(int(guild.id) + 1000)
    guild.roles[crew] = guild.roles[str(guild.id)] | {"id": crew, "name": "Crew", "permissions": "0", "position": 1}
    asked = watch(sandbox, *MEMBER)
    async with writing(sandbox, tmp_path) as page:
        await rule(page, **dict.fromkeys(settings, int(crew)))
        for name in holding:
            guild.members[sandbox.people.named(name)] |= {"roles": [crew]}
        for name in ("You", "Sam", "Kim", "Sam"):
            Channel(sandbox, name).say(name)
        assert list(dict.fromkeys(await words(page))) == expected
        await words(page)
        assert len(asked) == (3 if settings else 0)


async def test_who_has_left_is_judged_as_without_roles(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        sam = Channel(sandbox, "Sam")
        sam.say("bye")
        del sandbox.world.guild.members[sam.user]
        await rule(page, muted_role=1)
        assert await words(page) == ["bye"]
        await rule(page, muted_role=None, member_role=1)
        assert await words(page) == []


async def test_who_does_not_wish_to_be_heard_is_not(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        page.lounge.say("psst")
        user = int(page.lounge.user)
        await page.bot.house.people.save(Profile(guild=page.place.guild, member=user, ignored=True))
        assert await words(page) == []


async def test_too_much_at_once_is_too_much_then_and_nothing_now(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        for number in range(30):
            page.lounge.say(f"word {number}")
        texts = await words(page)
        assert texts[:MESSAGES] == [f"word {number}" for number in range(MESSAGES)]
        assert len(texts) < 30
        assert page.bot.desk.flood.wait(page.place.channel, int(page.lounge.user), 0) == 0


async def test_a_forwarded_message_and_discords_own_words_are_nothing(tmp_path: Path) -> None:
    """Discord's description does not know that messages can be forwarded, so this sandbox is not held to it."""
    async with Sandbox(limits=Limits.wide()) as sandbox, writing(sandbox, tmp_path) as page:
        world, user = sandbox.world, page.lounge.user
        channel = world.find_channel(page.lounge.id)
        said = page.lounge.say("hello")
        poster = posts.Poster(world.users[user], world.permissions(user, channel))
        reference = {"type": 1, "message_id": said["id"], "channel_id": page.lounge.id}
        posts.post(world, channel, poster, {"message_reference": reference})
        posts.post(world, channel, poster, {"content": "aside"}, extra={"type": 18})
        assert await words(page) == ["hello"]


async def test_members_keep_the_name_that_the_room_knows(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        room = page.room()
        user = int(page.lounge.user)
        room.members[user] = room.members[user].model_copy(update={"name": "Theo of the Mill"})
        page.lounge.say("hello")
        (one,) = await page.outlet.since(room)
        assert isinstance(one.what, Heard)
        assert one.what.member.name == "Theo of the Mill"


# How far back


async def test_it_goes_back_a_minute_before_what_is_known_or_to_the_opening(tmp_path: Path) -> None:
    clock = TurnedClock()
    async with Sandbox(clock=clock, limits=Limits.wide()) as sandbox, writing(sandbox, tmp_path) as page:
        page.opened = datetime.fromtimestamp(clock.now() + 100, UTC)
        said = []
        for number in range(5):
            said.append(int(page.lounge.say(f"word {number}")["id"]))
            clock.advance(50)
        assert await words(page) == ["word 2", "word 3", "word 4"]
        assert await words(page, said[3]) == ["word 2", "word 3", "word 4"]
        assert await words(page, said[4]) == ["word 3", "word 4"]
        room = page.room()
        room.panel = said[3]
        assert texts(await page.outlet.since(room)) == ["word 3", "word 4"]
        room = replace(page.room(), panel=said[1])
        assert texts(await page.outlet.since(room)) == ["word 2", "word 3", "word 4"]


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (98, 1), (99, 2), (150, 2), (250, 3)])
async def test_a_hundred_messages_are_one_request(sandbox: Sandbox, tmp_path: Path, count: int, requests: int) -> None:
    async with writing(sandbox, tmp_path) as page:
        page.lounge.say("first")
        flooded(page, count)
        asked = watch(sandbox, *READ)
        assert await words(page) == ["first"]
        assert len(asked) == requests


async def test_of_very_many_the_newest_are_read(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        page.lounge.say("first")
        flooded(page, 500)
        page.lounge.say("second")
        flooded(page, MOST - 200)
        page.lounge.say("third")
        asked = watch(sandbox, *READ)
        assert await words(page) == ["second", "third"]
        assert len(asked) == 11


# Where


async def test_in_threads_and_forum_posts_too(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        hook = await Hook.of(sandbox, rest, page.lounge.id)
        await rule(page, heard_bots={page.place.channel: (hook.id,)})
        thread = await rest.post(f"/channels/{page.lounge.id}/threads", {"name": "aside", "type": 11})
        page.place, page.lounge.id = page.place.model_copy(update={"channel": int(thread["id"])}), thread["id"]
        page.outlet = type(page.outlet)(page.outlet._desk, page.place, 1)
        page.lounge.say("hello")
        await page.outlet.post(ADA, "It rises.")
        await rest.post(f"{hook.path}?wait=true&thread_id={thread['id']}", {"content": "news"})
        assert await words(page) == ["hello", "It rises.", "news"]


async def test_a_forums_own_opener_is_nothing(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    ideas = Channel(sandbox, channel="ideas").id
    message = {"name": "Bread", "message": {"content": "A room opens here."}}
    thread = await rest.post(f"/channels/{ideas}/threads", message)

    def there(place: Place) -> Place:
        return place.model_copy(update={"channel": int(thread["id"]), "parent": int(ideas)})

    async with writing(sandbox, tmp_path, place=there) as page:
        page.lounge.say("hello")
        await page.outlet.post(ADA, "It rises.")
        assert await words(page) == ["hello", "It rises."]


# When it cannot be read


async def test_without_the_right_to_read_nothing_is_found(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for role in sandbox.world.guild.roles.values():
        role["permissions"] = str(int(role["permissions"]) & ~int(Can.READ_MESSAGE_HISTORY | Can.ADMINISTRATOR))
    async with writing(sandbox, tmp_path) as page:
        page.lounge.say("hello")
        asked = watch(sandbox, *READ)
        assert await words(page) == []
        assert asked == []
        assert "Read Message History" in caplog.text


@pytest.mark.parametrize("status", [502, 0, 403, 429])
async def test_an_outage_is_waited_out(sandbox: Sandbox, tmp_path: Path, status: int) -> None:
    async with writing(sandbox, tmp_path) as page, asyncio.TaskGroup() as tasks:
        page.lounge.say("hello")
        sandbox.faults.plan(Fault(*READ, status, times=4))
        reading = tasks.create_task(words(page))
        while not reading.done():
            await asyncio.sleep(0)
            page.clock.advance(0.1)
        assert reading.result() == ["hello"]
        assert sandbox.faults.left == 0


async def test_while_the_server_is_away_nothing_is_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page, asyncio.TaskGroup() as tasks:
        page.lounge.say("hello")
        gone = page.bot.wait_for("guild_unavailable", timeout=10)
        fail(sandbox.world, sandbox.world.guild)
        await gone
        asked = watch(sandbox, *READ)
        reading = tasks.create_task(words(page))
        await page.clock.until_asleep(0.05)
        assert asked == []
        back = page.bot.wait_for("guild_available", timeout=10)
        restore(sandbox.world, sandbox.world.guild)
        await back
        page.clock.advance(0.05)
        assert await reading == ["hello"]


async def test_a_channel_that_is_gone_and_a_server_that_is_left_are_told(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        Admin(sandbox.world, page.lounge.user).delete(page.lounge.id)
        with pytest.raises(OutletGone, match="channel is gone"):
            await found(page)
        left = page.bot.wait_for("guild_remove", timeout=10)
        remove(sandbox.world, sandbox.world.guild)
        await left
        with pytest.raises(OutletGone, match="removed from the server"):
            await found(page)


async def test_typing_that_was_one_request_too_many_holds_nothing_up(sandbox: Sandbox, tmp_path: Path) -> None:
    """Cancelled while discord.py sleeps out the global limit, it would have stopped the whole client for ever."""
    async with writing(sandbox, tmp_path) as page:
        page.bot.traffic.pace = Pace(page.clock)
        wide = sandbox.api._limiter
        sandbox.api._limiter = RateLimiter(sandbox.world.clock, Limits(per_second=0))
        async with page.speech(streaming=False):
            await page.clock.until_asleep(TYPING)
        sandbox.api._limiter = wide
        page.clock.advance(1)
        page.lounge.say("hello")
        async with asyncio.timeout(10):
            assert await words(page) == ["hello"]
