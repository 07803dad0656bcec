"""What the operator sets and what befalls a channel, seen from the channel."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rooms_bot.domain.rooms import Member
from rooms_bot.engine import commands
from rooms_bot.ports import GuildSettings
from rooms_bot.sandbox import entities, views
from rooms_bot.sandbox.furnish import invite
from rooms_bot.sandbox.permissions import EVERYBODY, Can
from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.models.connections import connections
from tests.wire.channel import PATIENCE, Channel, bot_in, contents, words
from tests.wire.places import direct
from tests.wire.scripted import scripted, system

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


async def files_of(message: dict[str, Any]) -> dict[str, bytes]:
    """What is attached, by the ending of its name."""
    async with aiohttp.ClientSession() as session:
        found = {}
        for one in message["attachments"]:
            async with session.get(one["url"]) as answer:
                found[Path(one["filename"]).suffix] = await answer.read()
    return found


# Personas and models


async def test_members_choose_from_the_operators_models_and_their_wishes_reach_the_model(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        scripted(monkeypatch, Ada="crumb", Kenji="crust") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test", rooms_models=("openai/other",)),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
        await lounge.until_told("waits")
        wishes = {"persona": "Kenji", "instructions": "Speak of *crust* alone.", "temperature": 0.25}
        refused = await lounge.do("agent invite", model="openai/gpt-4o", **wishes)
        assert "openai/test, openai/other" in refused
        assert "takes a seat" in await lounge.do("agent invite", model="openai/other", **wishes)
        lounge.say("@Kenji?")
        await lounge.until_told("waits", 2)
        (asked,) = model.sent("Kenji")
        assert (asked["model"], asked["temperature"]) == ("other", 0.25)
        assert "Speak of *crust* alone." in system(asked)
        assert "Speak of *crust* alone." not in system(model.sent("Ada")[-1])
    assert "gpt-4o" not in str(model.requests)


async def test_the_operators_personas_join_and_replace_the_shipped_and_odd_names_are_adapted_visibly(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "personas"
    folder.mkdir()
    (folder / "ada.md").write_text("---\nname: Ada\nmax_tokens: 77\n---\nYou are another Ada.\n\n---\nVerbatim.\n")
    (folder / "clyde.md").write_text("---\nname: Clyde of Discord\n---\nYou ride.\n")
    (folder / "broken.md").write_text("---\nname: [\n---\nx\n")
    async with (
        scripted(monkeypatch, Ada="crumb", **{"Clyde of Discord": "crust"}) as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test", rooms_personas_dir=folder),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada, clyde of discord, Noor", turns=3, **ROUND)
        await lounge.until_told("This room is over")
        (ada,) = model.sent("Ada")
        assert system(ada).startswith("You are another Ada.\n\n---\nVerbatim.")
        assert ada["max_tokens"] == 77
    assert lounge.speakers() == ["Ada", "C·lyde of D·iscord"]


async def test_a_function_of_the_operators_speaks_in_a_room(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "personas").mkdir()
    source = "def count(messages):\n    return f'I was sent {len(messages)} messages'\n"
    (tmp_path / "plugins" / "oven.py").write_text(source)
    (tmp_path / "personas" / "oven.md").write_text("---\nname: Oven\nmodel: python/oven.py:count\n---\n")
    folders: dict[str, Any] = {"rooms_plugins_dir": tmp_path / "plugins", "rooms_personas_dir": tmp_path / "personas"}
    async with bot_in(sandbox, tmp_path, **folders):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Oven", turns=1, **ROUND)
        opening = await lounge.until_told("## Bread")
        await lounge.until_told("This room is over")
    assert contents(lounge.posts()) == ["I was sent 2 messages"]
    assert "a function on this machine" in words(opening)


async def test_local_only_a_room_asks_nobody_outside(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    with connections() as made:
        async with bot_in(sandbox, tmp_path, rooms_model="openai/gpt-4o", rooms_local_only=True):
            lounge = Channel(sandbox)
            await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
            await lounge.until_told("no agent is left to speak")
    assert lounge.posts() == []
    assert [address for address in made if "127.0.0.1" not in address] == []


async def test_without_names_the_three_who_fit_the_topic_best_are_seated(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        known = GuildSettings(guild=int(lounge.people.guild["id"]), introduced=True)
        await bot.house.servers.save(known)
        await lounge.do("room start", topic="Which court decides about liability in contracts?", turns=3, pace=0)
        await lounge.until_told("This room is over")
        seats = bot.house.room(int(lounge.id)).state.seats
    assert len(seats) == 3


@pytest.mark.parametrize(
    ("locale", "wish", "language"), [("de", None, "German"), ("pt-BR", None, "Brazil"), ("de", "Latin", "Latin")]
)
async def test_the_language_is_the_wished_one_else_the_servers(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str, wish: str | None, language: str
) -> None:
    sandbox.world.guild.wire["preferred_locale"] = locale
    more = {"language": wish} if wish else {}
    async with (
        scripted(monkeypatch, Ada="Krume", Moderator="bisher") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Brot", agents="Ada", turns=1, **ROUND | {"orchestrator_every": 1}, **more)
        await lounge.until_told("Dieser Raum ist zu Ende" if locale == "de" else "This room is over")
        assert len(model.turns) == 2
        assert all(language in system(asked) for asked in model.turns)


# The channel and the server


async def test_a_bot_that_may_not_make_its_webhook_any_more_ends_the_room_and_says_why(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
        await lounge.until_told("waits")
        sandbox.world.webhooks.clear()
        _deny(sandbox, lounge.id, Can.MANAGE_WEBHOOKS)
        lounge.say("go on")
        told = await lounge.until_told("This room is over")
    assert "may not manage webhooks" in told["content"]
    assert lounge.speakers() == ["Ada"]


async def test_a_bot_that_sees_the_channel_no_more_ends_the_room_and_the_others_go_on(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    async with bot_in(sandbox, tmp_path) as bot:
        for place in (lounge, library):
            await place.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
            await place.until_told("waits")
        room = bot.house.room(int(lounge.id))
        _deny(sandbox, lounge.id, Can.VIEW_CHANNEL)
        await room.do(commands.go_on(Member(id=1, name="You")))
        await direct(sandbox).until_told("Your room “Bread” is over, since the bot may not see the channel")
        library.say("go on")
        await library.until_told("waits", 2)
    assert room.state.closed is not None
    assert room.state.closed.reason == "gone"


def _deny(sandbox: Sandbox, channel_id: str, permission: int) -> None:
    overwrite = {"id": sandbox.world.bot_id, "type": 1, "allow": "0", "deny": str(int(permission))}
    sandbox.world.find_channel(channel_id)["permission_overwrites"] = [overwrite]


async def test_an_outage_of_the_server_ends_no_room(sandbox: Sandbox, tmp_path: Path) -> None:
    world, guild = sandbox.world, sandbox.world.guild
    async with bot_in(sandbox, tmp_path) as bot:
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", human_every=1, **ROUND)
        await lounge.until_told("waits")
        away, back = (bot.wait_for(f"guild_{state}", timeout=PATIENCE) for state in ("unavailable", "available"))
        lost = {"id": guild.id, "unavailable": True}
        world.emit("GUILD_DELETE", lambda _: lost, guild=guild.id, only=world.bot_id)
        world.emit(
            "GUILD_CREATE",
            lambda viewer: views.guild_create(world, guild, viewer, all_members=False),
            guild=guild.id,
            only=world.bot_id,
        )
        await asyncio.gather(away, back)
        lounge.say("are you there?")
        await lounge.until_told("waits", 2)
    assert lounge.speakers() == ["Ada", "Kenji"]


async def test_a_new_server_that_is_not_served_is_told_so_once(sandbox: Sandbox, tmp_path: Path) -> None:
    world = sandbox.world
    async with bot_in(sandbox, tmp_path, rooms_guilds=(int(world.guild.id),)) as bot:
        owner = world.users[Channel(sandbox).user]
        other = world.add_guild("Elsewhere", owner, EVERYBODY)
        world.add_member(other, owner)
        hall = world.add_channel(other, "hall", entities.TEXT)
        other.wire["system_channel_id"] = hall["id"]
        await bot.wait_until_ready()  # two seconds, in which discord.py takes a new server for a known one
        told = bot.wait_for("message", check=lambda one: str(one.channel.id) == hall["id"], timeout=PATIENCE)
        invite(world, other)
        await told
        kept = list(world.messages[hall["id"]].values())
    assert len(kept) == 1
    assert "does not serve this server" in kept[0]["content"]


# The end, and what is taken along


async def test_a_room_in_which_nothing_happens_for_a_day_closes_by_itself_and_takes_a_new_start(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    clock = TurnedClock()
    async with bot_in(sandbox, tmp_path, clock=clock):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
        await lounge.until_told("waits")
        await lounge.do("room pause")
        await lounge.until_told("is paused")
        await clock.until_asleep(24 * 3600)
        clock.advance(24 * 3600)
        told = await lounge.until_told("This room is over")
        assert "for a day" in told["content"]
        assert "is open" in await lounge.do("room start", topic="Wine", agents="Ada", turns=1, **ROUND)


async def test_what_is_exported_is_what_was_said(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "=SUM(1)\n**bold**, @everyone, “quoted” and `code` 🥖"
    async with (
        scripted(monkeypatch, Ada=said, Kenji="PASS") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test"),
    ):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread & butter", agents="Ada,Kenji", turns=2, human_every=1, **ROUND)
        await lounge.until_told("waits")
        kept, gone = lounge.say("-1 for rye"), lounge.say("never mind me")
        lounge.people.delete(lounge.user, gone["id"])
        closing = await lounge.until_told("This room is over")
        reply = await (await lounge.press(closing, "Export")).settled(PATIENCE)
        assert reply.message is not None
        files = await files_of(reply.message)
        assert reply.message["flags"] & 64
        assert len(model.turns) == 2
    events = json.loads(files[".json"])["events"]
    spoken = [event["text"] for event in events if event["kind"] in ("said", "heard")]
    assert spoken == [said, "-1 for rye", ""]
    assert [event["index"] for event in events] == list(range(len(events)))
    rows = list(csv.reader(io.StringIO(files[".csv"].decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@") and len(cell) > 1]
    assert [cell for cell in cells if "SUM(1)\n**bold**" in cell]
    page = files[".md"].decode()
    assert "Bread & butter" in page
    assert "🥖" in page
    assert "never mind me" not in "".join(data.decode() for data in files.values())
    assert kept["content"] == "-1 for rye"


async def test_a_durable_room_can_be_exported_continued_and_discarded_long_after_its_end(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", turns=2, memory="durable", **ROUND)
        closing = await lounge.until_told("This room is over")
    async with bot_in(sandbox, tmp_path):
        reply = await (await lounge.press(closing, "Export")).settled(PATIENCE)
        assert reply.message is not None
        files = await files_of(reply.message)
        assert all(post["content"].split("\n")[0][:20].encode() in files[".json"] for post in lounge.posts())
        await lounge.press(closing, "Continue")
        closing = await lounge.until_told("This room is over", 2)
        assert lounge.speakers() == ["Ada", "Kenji", "Ada", "Kenji"]
    async with bot_in(sandbox, tmp_path):
        await (await lounge.press(closing, "Discard")).settled(PATIENCE)
        reply = await (await lounge.press(await lounge.until_told("## "), "Export")).settled(PATIENCE)
        assert reply.message is not None
        assert "no longer kept" in reply.message["content"]


async def test_what_is_discarded_is_gone_from_the_database_too(sandbox: Sandbox, tmp_path: Path) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path) as bot:
        await lounge.do("room start", topic="Bread", agents="Ada", turns=1, memory="durable", **ROUND)
        closing = await lounge.until_told("This room is over")
        number = bot.house.room(int(lounge.id)).id
        await lounge.press(closing, "Discard")
        await lounge.until_told("no longer kept")
    async with bot_in(sandbox, tmp_path) as bot:
        assert [event async for event in bot.furniture.store.events(number)] == []
