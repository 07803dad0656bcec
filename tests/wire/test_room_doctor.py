"""/room doctor: what keeps rooms out of a channel, and how to mend it: on the wire."""

from functools import partial

import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox import entities
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.permissions import EVERYBODY, Can
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MESSAGE_CONTENT
from tests.wire.channel import Channel
from tests.wire.places import Asked, at, bot_role, gateway, start_thread
from tests.wire.rest import Rest

WELL = "All is well: a room can be opened here. Agents speak without a model, in prepared sentences."
CHANNEL_SETTINGS = "Change that under Edit Channel, Permissions."


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox.world, sandbox.people.named("You"))


async def test_good_news_is_one_line_for_everyone_and_nothing_is_changed(sandbox: Sandbox, lounge: Channel) -> None:
    asked = Asked(sandbox)
    sam = Channel(sandbox, "Sam")
    assert await sam.do("room doctor") == WELL
    assert [one for one in lounge.messages() if one["content"]] == []
    changing = [one for one in asked if one.method != "GET" and "interaction" not in one.template]
    assert [one.template for one in changing if "@original" not in one.template] == [
        "/webhooks/{webhook_id}/{webhook_token}"
    ]


async def test_where_a_room_is_open_that_is_told_and_how_to_see_it(sandbox: Sandbox, lounge: Channel) -> None:
    await lounge.do("room start", topic="Bread", agents="Ada", human_every=1, pace=0)
    told = await Channel(sandbox, "Sam").do("room doctor")
    assert told.startswith("A room is open here, and nothing is in its way: `/room status` shows it.")
    await lounge.do("room stop")
    assert await lounge.do("room doctor") == WELL


async def test_in_a_thread_a_forum_post_and_a_voice_channel_all_is_well_too(sandbox: Sandbox, bot: RoomsBot) -> None:
    for name in ("lounge", "ideas"):
        parent = sandbox.world.channels[Channel(sandbox, channel=name).id]
        thread = await start_thread(sandbox, bot, parent)
        assert await at(sandbox, thread["id"]).do("room doctor") == WELL
    await gateway(
        bot,
        "guild_channel_create",
        lambda: sandbox.world.add_channel(sandbox.world.guild, "voices", entities.VOICE),
    )
    assert await Channel(sandbox, channel="voices").do("room doctor") == WELL


@pytest.mark.parametrize(
    ("denied", "words"),
    [
        (Can.VIEW_CHANNEL, "View Channel"),
        (Can.SEND_MESSAGES, "Send Messages"),
        (Can.READ_MESSAGE_HISTORY, "Read Message History"),
        (Can.MANAGE_WEBHOOKS, "Manage Webhooks"),
        (Can.ATTACH_FILES, "Attach Files"),
    ],
)
async def test_each_missing_permission_is_named_with_what_takes_it_away(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel, denied: Can, words: str
) -> None:
    role = bot_role(sandbox)
    for whom, named in (
        (sandbox.world.bot_id, "the bot itself"),
        (role["id"], "the role **Rooms**"),
        (sandbox.world.guild.id, "**@\u200beveryone**"),
    ):
        await gateway(bot, "guild_channel_update", partial(admin.forbid, lounge.id, whom, denied))
        told = (await lounge.do("room doctor")).splitlines()
        line = f"- **{words}** is missing: this channel denies it to {named}. {CHANNEL_SETTINGS}"
        assert told[:2] == ["This keeps rooms out of here:", line]
        await gateway(bot, "guild_channel_update", partial(admin.forbid, lounge.id, whom, 0))
    assert await lounge.do("room doctor") == WELL


async def test_where_no_role_has_it_the_servers_settings_are_named(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel
) -> None:
    role = bot_role(sandbox)
    await gateway(bot, "guild_role_update", lambda: admin.grant(role["id"], EVERYBODY))
    told = await lounge.do("room doctor")
    assert "- **Manage Webhooks** is missing: none of the bot's roles has it." in told
    assert "Give it to the role **Rooms** under Server Settings, Roles" in told


async def test_a_roles_name_cannot_format_the_answer(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel
) -> None:
    role = bot_role(sandbox)
    role["name"] = "**[x](http://evil)**"
    await gateway(bot, "guild_role_update", lambda: admin.grant(role["id"], EVERYBODY))
    assert "[x](" not in await lounge.do("room doctor")


async def test_what_only_threads_need_does_not_keep_rooms_out_of_the_channel(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel
) -> None:
    denied = Can.CREATE_PUBLIC_THREADS | Can.SEND_MESSAGES_IN_THREADS
    await gateway(bot, "guild_channel_update", lambda: admin.forbid(lounge.id, sandbox.world.bot_id, denied))
    first, create, send, _ = (await lounge.do("room doctor")).splitlines()
    assert first == "A room can be opened here. But:"
    assert create.startswith("- **Create Public Threads** is missing:")
    assert send.startswith("- **Send Messages in Threads** is missing:")
    assert send.endswith("That is needed only for rooms in threads of this channel.")


async def test_in_a_forums_post_permissions_are_named_as_a_forums_settings_name_them(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin
) -> None:
    ideas = Channel(sandbox, channel="ideas")
    post = await start_thread(sandbox, bot, sandbox.world.channels[ideas.id])
    denied = Can.SEND_MESSAGES_IN_THREADS
    await gateway(bot, "guild_channel_update", lambda: admin.forbid(ideas.id, sandbox.world.bot_id, denied))
    assert "**Send Messages in Posts** is missing" in await at(sandbox, post["id"]).do("room doctor")


async def test_the_intent_is_named_and_who_switches_it_on(sandbox: Sandbox, lounge: Channel) -> None:
    sandbox.world.privileged &= ~MESSAGE_CONTENT
    told = await lounge.do("room doctor")
    assert "**Message Content Intent** is off" in told
    assert "operator" in told


async def test_fifteen_webhooks_of_others_are_named(sandbox: Sandbox, rest: Rest, lounge: Channel) -> None:
    for number in range(15):
        await rest.webhook(lounge.id, f"Feed {number}")
    assert await lounge.do("room doctor") == WELL
    for hook in sandbox.world.webhooks.values():
        hook["user"] = sandbox.world.users[lounge.user]
    assert "15 webhooks" in await lounge.do("room doctor")


async def test_channels_without_rooms_are_named(sandbox: Sandbox, bot: RoomsBot, admin: Admin) -> None:
    news = Channel(sandbox, channel="news")
    assert "announcement channels" in await news.do("room doctor")
    thread = await start_thread(sandbox, bot, sandbox.world.channels[Channel(sandbox).id])
    await gateway(bot, "raw_thread_update", lambda: admin.lock(thread["id"]))
    assert "This thread is locked" in await at(sandbox, thread["id"]).do("room doctor")


async def test_a_private_thread_without_the_bot_is_named(sandbox: Sandbox, bot: RoomsBot, admin: Admin) -> None:
    role = bot_role(sandbox)
    less = int(role["permissions"]) & ~Can.MANAGE_THREADS
    await gateway(bot, "guild_role_update", lambda: admin.grant(role["id"], less))
    parent = sandbox.world.channels[Channel(sandbox).id]
    thread = await start_thread(sandbox, bot, parent, private=True, joined=False)
    assert "Mention it here" in await at(sandbox, thread["id"]).do("room doctor")


async def test_the_servers_own_settings_are_named(sandbox: Sandbox, bot: RoomsBot, lounge: Channel) -> None:
    library, guild = Channel(sandbox, channel="library"), int(sandbox.world.guild.id)
    servers = bot.house.servers
    await servers.save(servers.of(guild).model_copy(update={"channels": (int(library.id),)}))
    assert f"in these channels only: <#{library.id}>" in await lounge.do("room doctor")
    assert await library.do("room doctor") == WELL


async def test_a_bot_that_is_timed_out_is_told(sandbox: Sandbox, bot: RoomsBot, lounge: Channel) -> None:
    guild = bot.get_guild(int(sandbox.world.guild.id))
    assert guild is not None
    member = sandbox.world.guild.members[sandbox.world.bot_id]
    member["communication_disabled_until"] = "2999-01-01T00:00:00+00:00"
    event = {**member, "guild_id": sandbox.world.guild.id}
    await gateway(
        bot, "member_update", lambda: sandbox.world.emit("GUILD_MEMBER_UPDATE", event, only=sandbox.world.bot_id)
    )
    assert "timed out" in await lounge.do("room doctor")
