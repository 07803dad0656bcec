"""The log channel: what hosts do and what agents were kept from saying, and that it delays nobody: on the wire."""

import asyncio

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import PostBlocked
from rooms_bot.ports import GuildSettings
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Hang, Text
from tests.wire.channel import Channel
from tests.wire.rest import Rest
from tests.wire.scripted import scripted

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "human_every": 1}


MODEL = "openai/test"


@pytest.fixture
async def log(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    """The log channel."""
    library = Channel(sandbox, channel="library")
    await bot.house.servers.change(int(library.people.guild["id"]), log_channel=int(library.id))
    return library


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


def logged(log: Channel) -> str:
    return "\n".join(message["content"] for message in log.messages() if message["author"].get("bot"))


async def test_what_hosts_do_is_written_down_with_who_and_where(
    lounge: Channel, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Noor="salt"):
        await lounge.do("room start", topic="Bread *now*", agents="Ada", **ROUND)
        await lounge.until_told("waits")
        await lounge.do("agent invite", persona="Noor")
        await lounge.do("agent mute", agent="Noor")
        await lounge.do("agent configure", agent="Ada", stance="for")
        await lounge.do("room configure", turns=30)
        await lounge.do("room pause")
        await lounge.do("room resume")
        await lounge.do("room next", agent="Ada")
        await lounge.do("agent remove", agent="Noor")
        await lounge.do("room stop")
        await log.until(lambda: "ended the room" in logged(log))
    for words in (
        "opened a room: Bread \\*now\\*",
        "invited **Noor**",
        "lets **Noor** only listen",
        "changed **Ada**",
        "changed the rules: ",
        "paused the room",
        "let the room go on",
        "gave Ada the next turn",
        "sent **Noor** away",
        "ended the room",
    ):
        (line,) = [line for line in logged(log).split("\n") if words in line]
        assert f"<@{lounge.user}> " in line
        assert line.endswith(f" · <#{lounge.id}>")
        assert line.startswith("<t:")
    assert not [message for message in log.messages() if message["mentions"] or message["mention_everyone"]]


async def test_who_had_an_agents_message_deleted_is_named(
    lounge: Channel, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(monkeypatch, Ada="crumb", Noor="salt"):
        await lounge.do("room start", topic="Bread", agents="Ada,Noor", **ROUND | {"human_every": 2})
        await lounge.until_told("waits")
        by_menu, by_sign = lounge.posts()
        await (await lounge.people.context(lounge.user, lounge.id, "Delete", by_menu["id"])).settled(15)
        lounge.people.react(lounge.user, by_sign["id"], "❌")
        await lounge.until(lambda: lounge.posts() == [])
        await log.until(lambda: logged(log).count(f"<@{lounge.user}> deleted a message of **") == 2)


async def test_a_blocked_answer_is_in_the_log_channel_alone(
    lounge: Channel, log: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bot.house.servers.change(int(lounge.people.guild["id"]), blocked_words=("darn",))
    bad = f"@everyone <@{lounge.user}> oh d**ar**n || it"
    async with scripted(monkeypatch, Ada=(bad, "crumb")) as model:
        await lounge.do("room start", topic="Bread", agents="Ada", memory="durable", **ROUND)
        await lounge.until_told("Ada was kept from saying something this server does not allow")
        lounge.say("go on")
        await lounge.until_posts(1)
        room = bot.house.room(int(lounge.id))
        events = [event.model_dump_json() async for event in room.events()]
        assert "it" not in [line.text for line in room.state.lines]
        assert not [event for event in events if "ar**n" in event]
        assert "ar**n" not in str(model.requests)
    entry = await log.until(lambda: [one for one in log.messages() if "kept from saying" in one["content"]])
    (blocked,) = entry
    assert blocked["content"].endswith("n \\|\\| it||")
    assert "the blocked word “darn”" in blocked["content"]
    assert (blocked["mentions"], blocked["mention_everyone"]) == ([], False)
    assert not [one for one in lounge.messages() if "ar**n" in one["content"]]


async def test_nothing_of_a_streamed_answer_that_turns_out_blocked_stays(
    lounge: Channel, log: Channel, bot: RoomsBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bot.house.servers.change(int(lounge.people.guild["id"]), blocked_words=("darn",))
    begun = "It was a fine morning in the old town. The baker opened his door. "
    hang = Hang(text=begun)
    async with scripted(monkeypatch, Ada=(hang, Text(f"{begun} And darn it."))):
        await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
        await lounge.until_posts(1)
        hang.released.set()
        lounge.say("@Ada go on")
        await lounge.until_told("was kept from saying")
        await log.until(lambda: "kept from saying" in logged(log))
    assert not [one for one in lounge.messages() if "darn" in one["content"]]


async def test_a_long_blocked_text_is_a_file_and_a_gone_channel_is_forgotten(
    lounge: Channel, log: Channel, bot: RoomsBot, rest: Rest, sandbox: Sandbox
) -> None:
    guild = int(lounge.people.guild["id"])
    place = Place(guild=guild, channel=int(lounge.id), parent=int(lounge.id))
    bot.audit.blocked(place, "Ada", PostBlocked("the blocked word “{word}”", word="darn"), "darn " * 400)
    (entry,) = await log.until(lambda: [one for one in log.messages() if one["attachments"]])
    assert entry["attachments"][0]["filename"] == "SPOILER_blocked.txt"
    sandbox.world.guild.members[str(sandbox.world.bot_id)]["roles"] = []
    for role in sandbox.world.guild.roles.values():
        role["permissions"] = str((1 << 50) - 1)
    await rest("DELETE", f"/channels/{log.id}")
    with_room = Channel(sandbox)
    await with_room.do("room start", topic="Bread", agents="Ada", mode="round_robin", turns=1, pace=0)
    await with_room.until_told("This room is over")
    async with asyncio.timeout(10):
        while "**Log channel**: none." not in await lounge.do("settings show"):
            pass


async def test_a_log_channel_that_the_bot_may_not_write_to_is_forgotten_and_what_was_blocked_is_not_told(
    lounge: Channel, log: Channel, bot: RoomsBot, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    closed = {"id": sandbox.world.bot_id, "type": 1, "allow": "0", "deny": str(int(Can.SEND_MESSAGES))}
    sandbox.world.find_channel(log.id)["permission_overwrites"] = [closed]
    guild, refused = int(lounge.people.guild["id"]), asyncio.Event()
    place = Place(guild=guild, channel=int(lounge.id), parent=int(lounge.id))
    keep = bot.house.servers.save

    async def save(settings: GuildSettings) -> None:
        await keep(settings)
        refused.set()

    bot.house.servers.save = save  # type: ignore[method-assign]
    for text in ("darn you", "darn me"):
        bot.audit.blocked(place, "Ada", PostBlocked("the blocked word “{word}”", word="darn"), text)
    async with asyncio.timeout(10):
        await refused.wait()
    assert bot.house.servers.of(guild).log_channel is None
    assert caplog.text.count("Ada was kept from saying something (the blocked word “darn”)") == 2
    assert "darn you" not in caplog.text
    assert "darn me" not in caplog.text


async def test_settings_are_written_down_also_that_the_log_channel_is_another(
    lounge: Channel, log: Channel, sandbox: Sandbox
) -> None:
    crew = next(iter(sandbox.world.guild.roles))
    await lounge.do("settings hosts", role=crew)
    await log.until(lambda: "changed the settings: **Hosts**: who may manage channels" in logged(log))
    reply = await lounge.ask("settings change")
    assert reply.message is not None
    await lounge.people.press(lounge.user, reply.message["id"], "log_channel", [])
    await log.until(lambda: "**Log channel**: none." in logged(log))
