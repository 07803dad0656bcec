"""What a room does when the bot loses what it needs: permissions, webhooks, the channel, the server: on the wire."""

import logging
from pathlib import Path

import pytest

from rooms_bot.chat import outlet
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.rooms import Member, Place, RoomConfig
from rooms_bot.domain.talk import Phase
from rooms_bot.engine import commands
from rooms_bot.sandbox import absences
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.engine.conftest import nothing
from tests.wire.channel import Channel, bot_in
from tests.wire.places import QUICK, Asked, closed, direct, gateway
from tests.wire.rest import Rest

NEEDED = [
    (Can.VIEW_CHANNEL, "the permission View Channel"),
    (Can.SEND_MESSAGES, "the permission Send Messages"),
    (Can.MANAGE_WEBHOOKS, "the permission Manage Webhooks"),
]


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox.world, sandbox.people.named("You"))


@pytest.fixture
async def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    """A room in it waits for people."""
    del bot
    return await opened(sandbox)


async def opened(sandbox: Sandbox, channel: str = "lounge") -> Channel:
    there = Channel(sandbox, channel=channel)
    await there.do("room start", topic="Bread", human_every=1, **QUICK)
    await there.until_told("waits")
    return there


def silently_deny(sandbox: Sandbox, there: Channel, denied: Can) -> None:
    """Without a word from the gateway, as when the bot has not been told yet."""
    channel = sandbox.world.channels[there.id]
    channel["permission_overwrites"] = [{"id": sandbox.world.bot_id, "type": 1, "allow": "0", "deny": str(int(denied))}]


# Permissions


@pytest.mark.parametrize(("denied", "words"), NEEDED)
async def test_a_lost_permission_that_is_known_ends_the_room_with_one_notice_and_nothing_is_asked_in_vain(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel, denied: Can, words: str
) -> None:
    await gateway(bot, "guild_channel_update", lambda: admin.forbid(lounge.id, sandbox.world.bot_id, denied))
    asked, home = Asked(sandbox), direct(sandbox)
    (waiting,) = [one for one in lounge.messages() if "waits" in one["content"]]
    await lounge.press(waiting, "Continue")
    place = lounge if denied is Can.MANAGE_WEBHOOKS else home
    await place.until_told(words)
    assert asked.refused() == []
    assert closed(bot, lounge).reason == "gone"
    told = [one for one in [*lounge.messages(), *home.messages()] if ", since" in one["content"]]
    assert len(told) == 1
    assert len(lounge.posts()) == 1


@pytest.mark.parametrize(("denied", "words"), NEEDED[:2])
async def test_a_lost_permission_that_is_not_known_is_asked_for_twice_at_most(
    sandbox: Sandbox, bot: RoomsBot, lounge: Channel, denied: Can, words: str
) -> None:
    asked, home = Asked(sandbox), direct(sandbox)
    silently_deny(sandbox, lounge, denied)
    (waiting,) = [one for one in lounge.messages() if "waits" in one["content"]]
    await lounge.press(waiting, "Continue")
    await home.until_told("is over, since")
    assert words in home.messages()[0]["content"]
    assert 1 <= len(asked.refused()) <= 2
    assert closed(bot, lounge).reason == "gone"


async def test_a_lost_right_to_webhooks_is_asked_for_once_and_told_in_the_channel(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path) as bot:
        silently_deny(sandbox, lounge, Can.MANAGE_WEBHOOKS)
        asked = Asked(sandbox)
        channel = bot.get_channel(int(lounge.id))
        assert channel is not None
        await open_anyway(lounge, bot)
        told = await lounge.until_told("This room is over")
        assert told["content"].startswith("**This room is over**, since the bot may not manage webhooks there")
        assert [(one.method, one.template) for one in asked.refused()] == [("GET", "/channels/{channel_id}/webhooks")]
        assert direct(sandbox).messages() == []
        assert {one["label"] for one in told["components"][0]["components"]} == {"Continue", "Export", "Discard"}


async def open_anyway(lounge: Channel, bot: RoomsBot) -> None:
    """Open a room whatever the command would say: as if the right had been lost just then."""
    library, world = bot.furniture.library, lounge._sandbox.world
    place = Place(guild=int(world.guild.id), channel=int(lounge.id), parent=int(lounge.id))
    config = RoomConfig(topic="Bread", pace=0, orchestrator_every=0)
    by = Member(id=int(lounge.user), name="You")
    await bot.house.open(place, config, [library.personas["ada"]], library.moderator, by)


async def test_a_full_channel_ends_the_room_with_one_notice(sandbox: Sandbox, rest: Rest, tmp_path: Path) -> None:
    lounge = Channel(sandbox)
    for number in range(15):
        await rest.webhook(lounge.id, f"Feed {number}")
    for hook in sandbox.world.webhooks.values():
        hook["user"], hook["application_id"] = sandbox.world.users[lounge.user], None
    async with bot_in(sandbox, tmp_path) as bot:
        asked = Asked(sandbox)
        await lounge.do("room start", topic="Bread", **QUICK)
        await lounge.until_told("since the channel has 15 webhooks")
        assert closed(bot, lounge).reason == "gone"
        assert sum(one.template == "/channels/{channel_id}/webhooks" for one in asked) == 2
        assert direct(sandbox).messages() == []


async def test_the_export_works_in_the_channel_of_a_room_that_lost_its_voice(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel
) -> None:
    denied = Can.MANAGE_WEBHOOKS
    await gateway(bot, "guild_channel_update", lambda: admin.forbid(lounge.id, sandbox.world.bot_id, denied))
    lounge.say("go on")
    over = await lounge.until_told("This room is over")
    await lounge.press(over, "Export")
    await lounge.until(lambda: [one for one in lounge.messages() if len(one["attachments"]) == 3])


async def test_who_takes_no_direct_messages_is_left_alone(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.world.closed_to_bot.add(lounge.user)
    asked = Asked(sandbox)
    room = bot.house.room(int(lounge.id))
    admin.delete(lounge.id)
    library = await opened(sandbox, "library")
    await library.do("room status")
    await settled(bot, lounge)
    assert room.state.closed is not None
    assert direct(sandbox).messages() == []
    assert [one.status for one in asked if one.template == "/channels/{channel_id}/messages"].count(403) == 1
    assert "could not be told of its end" in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_only_who_opened_the_room_gets_its_export_by_direct_message_and_only_that(
    sandbox: Sandbox, admin: Admin, lounge: Channel
) -> None:
    home = direct(sandbox)
    admin.delete(lounge.id)
    told = await home.until_told("is over")
    message = sandbox.world.messages[home.id][told["id"]]
    (button,) = message["components"][0]["components"]
    button["custom_id"] = button["custom_id"].replace("export", "discard")
    await home.press(message, "Export")
    await home.until(lambda: [one for one in home.messages() if "and nothing else" in one["content"]])
    sams = direct(sandbox, "Sam")
    button["custom_id"] = button["custom_id"].replace("discard", "export")
    forged = message | {"id": sandbox.world.new_id(), "channel_id": sams.id}
    sandbox.world.messages[sams.id][forged["id"]] = forged
    await sams.press(forged, "Export")
    await sams.until(lambda: [one for one in sams.messages() if "Only who opened that room" in one["content"]])


async def test_a_server_that_is_served_counts_for_its_export_by_direct_message(
    sandbox: Sandbox, tmp_path: Path, admin: Admin
) -> None:
    async with bot_in(sandbox, tmp_path, rooms_guilds=(int(sandbox.world.guild.id),)):
        lounge, home = await opened(sandbox), direct(sandbox)
        admin.delete(lounge.id)
        told = await home.until_told("is over")
        await home.press(told, "Export")
        await home.until(lambda: [one for one in home.messages() if one["attachments"]])


# Servers


async def test_a_removed_bot_ends_all_its_rooms_without_asking_anything(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    library = await opened(sandbox, "library")
    asked = Asked(sandbox)
    await gateway(bot, "guild_remove", admin.remove_bot)
    for there in (lounge, library):
        await settled(bot, there)
        assert closed(bot, there).because == "the bot was removed from the server"
    assert list(asked) == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_bot_that_was_removed_while_it_was_away_ends_its_durable_rooms(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lounge = Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        await lounge.do("room start", topic="Bread", memory="durable", human_every=1, **QUICK)
        await lounge.until_told("waits")
    absences.remove(sandbox.world, sandbox.world.guild)
    async with bot_in(sandbox, tmp_path) as bot:
        await bot.house.wake()
        (room,) = bot.house.rooms()
        while not room.over:
            await room.do(nothing)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_in_an_outage_a_room_waits_and_goes_on_afterwards(
    sandbox: Sandbox,
    bot: RoomsBot,
    lounge: Channel,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "AWAY", 0.05)
    world = sandbox.world
    await gateway(bot, "guild_unavailable", lambda: absences.fail(world, world.guild))
    asked = Asked(sandbox)
    room = bot.house.room(int(lounge.id))
    await room.do(commands.hurry(Member(id=1, name="You")))
    await room.do(nothing)
    assert room.state.phase is Phase.LIVE
    assert list(asked) == []
    assert len(lounge.posts()) == 1
    await gateway(bot, "guild_available", lambda: absences.restore(world, world.guild))
    await lounge.until_posts(2)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_bot_that_starts_in_an_outage_says_nothing_until_it_is_over(sandbox: Sandbox, tmp_path: Path) -> None:
    world, lounge = sandbox.world, Channel(sandbox)
    async with bot_in(sandbox, tmp_path):
        await lounge.do("room start", topic="Bread", human_every=1, **QUICK)
        await lounge.until_told("waits")
    absences.fail(world, world.guild)
    async with bot_in(sandbox, tmp_path) as bot:
        asked = Asked(sandbox)
        await bot.house.wake()
        assert [room.over for room in bot.house.rooms()] == [False]
        assert list(asked) == []
        absences.restore(world, world.guild)
        await lounge.until_told("The bot was restarted")


async def settled(bot: RoomsBot, there: Channel) -> None:
    """The room has told what there was to tell."""
    await bot.house.room(int(there.id)).do(nothing)
