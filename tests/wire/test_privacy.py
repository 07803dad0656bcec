"""/privacy: what is kept is told as it is, and all of a server is deleted once its name was typed: on the wire."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.chat import privacy_forms
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.privacy import Practice, policy
from rooms_bot.domain.rooms import Memory
from rooms_bot.i18n import speaking
from rooms_bot.ports import GuildSettings
from rooms_bot.sandbox.admins import Admin as Owner
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang
from tests.personas.cards import picture
from tests.wire.channel import BUTTON, PATIENCE, Channel, Wire, bot_in, labels, parts, words
from tests.wire.scripted import scripted

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


def stored(folder: Path) -> str:
    """All that lies in the bot's folder, the write-ahead log and what the database no longer uses included."""
    return "\n".join(file.read_bytes().decode("latin-1") for file in folder.iterdir() if file.is_file())


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table has, but for what holds no server's data."""
    with closing(sqlite3.connect(folder / "rooms.sqlite")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    others = ("alembic_version", "sqlite_sequence", "expansions")
    return {name: count for name, count in counts.items() if count and name not in others}


async def asked(channel: Channel) -> Wire:
    message = (await channel.ask("privacy delete-server-data")).message
    assert message is not None
    return message


async def form(channel: Channel, question: Wire) -> Wire:
    reply = await channel.press(question, "Delete everything")
    assert reply.modal is not None
    return reply.modal


async def typed(channel: Channel, modal: Wire, name: str) -> str:
    reply = await (await channel.people.submit(channel.user, modal, {"server": name})).settled(PATIENCE)
    assert reply.message is not None
    return words(reply.message)


async def delete(channel: Channel) -> str:
    return await typed(channel, await form(channel, await asked(channel)), str(channel.people.guild["name"]))


# What is told


async def test_everyone_is_told_what_holds_on_this_server(sandbox: Sandbox, tmp_path: Path) -> None:
    more: dict[str, Any] = {"rooms_retention_days": 30, "rooms_embedding_model": "openai/text-embedding-3-small"}
    async with bot_in(sandbox, tmp_path, rooms_moderation_model="omni-moderation-latest", **more) as bot:
        sam = Channel(sandbox, "Sam")
        told = await sam.do("privacy policy")
        for known in (
            "they speak without a model, in prepared sentences",
            "found with text-embedding-3-small by OpenAI",
            "kept in memory only, until 15 minutes after the end",
            "deleted 30 days after its end",
            "/profile forget",
            "/privacy delete-server-data",
        ):
            assert known in told
        assert "omni-moderation" not in told
        guild = int(sam.people.guild["id"])
        await bot.house.servers.change(guild, moderated=True, memory=Memory.DURABLE)
        told = await sam.do("privacy policy")
        assert "checked with omni-moderation-latest by OpenAI" in told
        assert "**Conversations** are kept in the bot's database" in told


async def test_without_an_end_to_it_that_is_told(bot: RoomsBot, sandbox: Sandbox) -> None:
    del bot
    assert "is kept until somebody has it deleted" in await Channel(sandbox, "Sam").do("privacy policy")


async def test_many_models_with_long_names_leave_room_for_the_rest(sandbox: Sandbox, tmp_path: Path) -> None:
    names = tuple(f"openai/{'x' * 80}-{number}" for number in range(20))
    async with bot_in(sandbox, tmp_path, rooms_models=names):
        told = await Channel(sandbox, "Sam").do("privacy policy")
    assert len(told) < 2000
    assert "What providers of models keep is up to them." in told


@pytest.mark.parametrize("locale", ["en", "de"])
def test_all_but_the_models_names_is_told_whole_in_every_language_in_blocks(locale: str) -> None:
    practice = Practice(*("x" * 80,) * 3, days=30)
    settings = GuildSettings(guild=1, moderated=True)
    with speaking(locale):
        told = policy(settings, practice, ["y" * 2000], str)
        short = policy(settings, practice, ["y"], str)
    blocks = [text.split("\n\n") for text in (told, short)]
    assert len(told) <= 2000
    assert len(blocks[0]) == 5
    assert blocks[0][1:] == blocks[1][1:]
    assert "y…" in blocks[0][0]


# The server's own choice


async def test_a_servers_admins_choose_where_rooms_are_kept_and_who_opens_one_may_choose_otherwise(
    sandbox: Sandbox, bot: RoomsBot
) -> None:
    lounge, guild = Channel(sandbox), int(sandbox.people.guild["id"])
    panel = (await lounge.ask("settings change")).message
    assert panel is not None
    assert "**Conversations** are kept in memory only, until 15 minutes after the end" in words(panel)
    await (await lounge.press(panel, "Keep rooms in the database")).settled(PATIENCE)
    assert bot.house.servers.of(guild).memory is Memory.DURABLE
    assert "**Conversations** are kept in the bot's database" in await lounge.do("settings show")
    offer = (await lounge.ask("room start", topic="Bread")).message
    assert offer is not None
    assert "What is said is kept in the bot's database." in words(offer)
    await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
    assert bot.house.room(int(lounge.id)).state.config.memory is Memory.DURABLE
    assert "kept in the bot's database" in words(await lounge.until_told("## Bread"))
    await lounge.do("room stop")
    await lounge.do("room start", topic="Salt", agents="Ada", memory="ephemeral", **ROUND)
    assert bot.house.room(int(lounge.id)).state.config.memory is Memory.EPHEMERAL
    assert "kept in memory only" in words(await lounge.until_told("## Salt"))


# How all of it is deleted


async def test_all_of_a_server_is_deleted_and_told_so(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    guild = int(lounge.people.guild["id"])
    async with (
        scripted(monkeypatch, Ada="a quincunx", Bela="a xylograph") as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot,
    ):
        await Channel(sandbox, "Sam").do("profile set", background="breeds okapis")
        await bot.house.servers.change(guild, blocked_words=("zugzwang",), log_channel=int(library.id))
        await persona(lounge)
        await lounge.do("room start", topic="Marzipan", agents="Ada", memory="durable", turns=1, **ROUND)
        await lounge.until_told("This room is over")
        await lounge.do("room start", topic="Bread", agents="Bela", memory="durable", human_every=1, **ROUND)
        await lounge.until_told("waits")
        lounge.say("my pangolin")
        await lounge.until_posts(3)
        assert len(sandbox.world.emojis) == 2
        planted = ("quincunx", "xylograph", "okapis", "zugzwang", "Bela", "Marzipan", "pangolin")
        assert not [word for word in planted if word not in stored(tmp_path)]
        answer = await delete(lounge)
        assert answer.startswith("1 room was ended. 1 profile, 1 persona, the settings,")
        assert not [word for word in planted if word in stored(tmp_path)]
        assert rows(tmp_path).keys() <= {"faces"}
        assert len(sandbox.world.emojis) == 1
        assert bot.house.servers.of(guild) == GuildSettings(guild=guild)
        assert (bot.house.rooms(), bot.furniture.shelf.own(guild)) == ([], [])
        over = await lounge.until_told("**This room is over**, since those who manage the server")
        assert labels(over) == []
        await library.until_told("had all deleted that the bot kept of this server")
        await lounge.do("room start", topic="Rye", agents="Ada", human_every=1, **ROUND)
        await lounge.until_posts(4)
        assert "pangolin" not in str(model.sent("Ada")[-1])
    assert not [word for word in planted if word in stored(tmp_path)]
    logged = f"all that was kept of server {guild} was deleted, as member {lounge.user} asked"
    assert logged in caplog.text
    assert not [word for word in planted if word in caplog.text and word != "Bela"]


async def test_nothing_can_be_pressed_any_more_where_rooms_were(sandbox: Sandbox, bot: RoomsBot) -> None:
    del bot
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    for channel, memory in ((lounge, "ephemeral"), (library, "durable")):
        await channel.do("room start", topic="Bread", agents="Ada", memory=memory, turns=1, **ROUND)
        assert "Discard" in labels(await channel.until_told("**This room is over.**"))
    question = await asked(lounge)
    await typed(lounge, await form(lounge, question), str(lounge.people.guild["name"]))
    for channel in (lounge, library):
        closing = await channel.until_told("**This room is over.**")
        assert words(closing).endswith("All turns are taken.\n-# What was said in this room is no longer kept.")
        assert [
            label for message in channel.messages() if message["id"] != question["id"] for label in labels(message)
        ] == []

    def shut() -> bool:
        (shown,) = [one for one in lounge.messages() if one["id"] == question["id"]]
        return [one.get("disabled") for one in parts(shown) if one["type"] == BUTTON] == [True]

    await lounge.until(shut)


async def test_a_second_admin_is_told_that_it_is_being_done_and_has_nothing_to_edit(
    sandbox: Sandbox, bot: RoomsBot
) -> None:
    lounge = Channel(sandbox)
    modal = await form(lounge, await asked(lounge))
    bot.house.closed_to.add(int(lounge.people.guild["id"]))
    name = str(lounge.people.guild["name"])
    reply = await (await lounge.people.submit(lounge.user, modal, {"server": name})).settled(PATIENCE)
    assert reply.message is not None
    assert words(reply.message) == "All that is kept of this server is being deleted already."
    assert labels(reply.message) == []
    reply = await (await lounge.people.submit(lounge.user, modal, {"server": "Another"})).settled(PATIENCE)
    assert reply.message is not None
    assert labels(reply.message) == ["Edit again"]


async def persona(lounge: Channel) -> None:
    """The server gets one of its own, with a face."""
    reply = await lounge.people.command(lounge.user, lounge.id, "persona create", {})
    assert reply.modal is not None
    typed: dict[str, Any] = {"name": "Bela", "prompt": "You are Bela.", "avatar": [("bela.png", picture(pixels=3))]}
    await (await lounge.people.submit(lounge.user, reply.modal, typed)).settled(PATIENCE)


async def test_a_channel_that_is_gone_and_an_agent_that_thinks_hinder_nothing(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    async with (
        scripted(monkeypatch, Ada=Hang()) as model,
        bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot,
    ):
        for channel in (lounge, library):
            await channel.do("room start", topic="Bread", agents="Ada", memory="durable", **ROUND)
        await model.asked(3)
        Owner(sandbox.world, lounge.user).delete(library.id)
        answer = await delete(lounge)
        assert "the settings, the counts of tokens and all conversations of this server are deleted" in answer
        assert bot.house.rooms() == []
        assert rows(tmp_path).keys() <= {"faces"}


async def test_nothing_is_deleted_by_a_slip(sandbox: Sandbox, bot: RoomsBot) -> None:
    lounge, guild = Channel(sandbox), int(sandbox.people.guild["id"])
    await bot.house.servers.change(guild, blocked_words=("zugzwang",))
    await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, **ROUND)
    question = await asked(lounge)
    assert f"Delete all that the bot keeps of {lounge.people.guild['name']}?" in words(question)
    assert "not the name of this server" in await typed(lounge, await form(lounge, question), "Another one")
    assert len(bot.house.rooms()) == 1
    assert bot.house.servers.of(guild).blocked_words == ("zugzwang",)
    name = str(lounge.people.guild["name"])
    assert "was ended" in await typed(lounge, await form(lounge, question), f"  {name.upper()} ")


async def test_only_who_manages_the_server_can(sandbox: Sandbox, bot: RoomsBot) -> None:
    assert "Manage Server" in await Channel(sandbox, "Sam").do("privacy delete-server-data")
    lounge, guild = Channel(sandbox), int(sandbox.people.guild["id"])
    await bot.house.servers.change(guild, blocked_words=("zugzwang",))
    modal = await form(lounge, await asked(lounge))
    sandbox.world.guild.wire["owner_id"] = Channel(sandbox, "Sam").user
    for role in sandbox.world.guild.roles.values():
        role["permissions"] = str(int(role["permissions"]) & ~(1 << 5) & ~(1 << 3))
    assert "Manage Server" in await typed(lounge, modal, str(lounge.people.guild["name"]))
    assert bot.house.servers.of(guild).blocked_words == ("zugzwang",)


async def test_a_question_that_nobody_answers_lapses(
    sandbox: Sandbox, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    del bot
    monkeypatch.setattr(privacy_forms, "OPEN_FOR", 0.05)
    lounge = Channel(sandbox)
    question = await asked(lounge)

    def shown() -> Wire:
        return next(one for one in lounge.messages() if one["id"] == question["id"])

    await lounge.until(lambda: "Nothing was deleted" in words(shown()))
    assert labels(shown()) == []
