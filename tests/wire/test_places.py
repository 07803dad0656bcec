"""Where rooms are opened: channels, threads, forums; and where they are not, and why: on the wire."""

import discord
import pytest

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.chat.sites import NewThread, prepared, title
from rooms_bot.errors import Refused
from rooms_bot.sandbox import entities
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel
from tests.wire.places import QUICK, Wire, at, bot_role, gateway, newest, start_thread


@pytest.fixture
def lounge(sandbox: Sandbox, bot: RoomsBot) -> Channel:
    del bot
    return Channel(sandbox)


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox.world, sandbox.people.named("You"))


def channel(sandbox: Sandbox, name: str, kind: int) -> Channel:
    sandbox.world.add_channel(sandbox.world.guild, name, kind)
    return Channel(sandbox, channel=name)


def tags(sandbox: Sandbox, thread: Wire) -> list[str]:
    known = {tag["id"]: tag["name"] for tag in sandbox.world.parent_of(thread)["available_tags"]}
    return [known[tag] for tag in thread["applied_tags"]]


# In channels and threads


async def test_the_answer_says_where_the_room_is(lounge: Channel) -> None:
    assert f"<#{lounge.id}>" in await lounge.do("room start", topic="Bread", human_every=1, **QUICK)


async def test_a_room_opens_in_the_chat_of_a_voice_channel(sandbox: Sandbox, bot: RoomsBot) -> None:
    del bot
    stage = channel(sandbox, "voices", entities.VOICE)
    await stage.do("room start", topic="Bread", turns=2, **QUICK)
    await stage.until_told("This room is over")
    assert stage.speakers() == ["Ada", "Kenji"]


async def test_a_room_gets_a_public_thread_named_by_its_topic(lounge: Channel, sandbox: Sandbox) -> None:
    told = await lounge.do("room start", topic="Bread or *cake*?", thread=True, turns=2, **QUICK)
    thread = newest(sandbox)
    assert (thread["name"], thread["type"], thread["parent_id"]) == (
        "Bread or *cake*?",
        entities.PUBLIC_THREAD,
        lounge.id,
    )
    assert f"<#{thread['id']}>" in told
    aside = at(sandbox, thread["id"])
    await aside.until_told("This room is over")
    assert aside.speakers() == ["Ada", "Kenji"]
    assert lounge.posts() == []


async def test_two_rooms_go_on_side_by_side_in_their_threads(lounge: Channel, sandbox: Sandbox) -> None:
    for topic in ("Bread", "Wine"):
        await lounge.do("room start", topic=topic, thread=True, turns=1, **QUICK)
        await at(sandbox, newest(sandbox)["id"]).until_told("This room is over")


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("Bread", "Bread"),
        ("`a` _b_ \\ c", "`a` _b_ \\ c"),
        ("one\n two\u202e", "one two"),
        ("x" * 300, "x" * 99 + "…"),
        ("🍞" * 60, "🍞" * 49 + "…"),
        ("\u200b", "Room"),
    ],
)
def test_a_thread_is_named_by_one_line_of_at_most_100_characters(topic: str, name: str) -> None:
    assert title(topic) == name


async def test_a_room_opens_in_a_private_thread_that_the_bot_is_in(
    lounge: Channel, sandbox: Sandbox, bot: RoomsBot
) -> None:
    parent = sandbox.world.channels[lounge.id]
    thread = await start_thread(sandbox, bot, parent, private=True)
    aside = at(sandbox, thread["id"])
    await aside.do("room start", topic="Bread", turns=2, **QUICK)
    await aside.until_told("This room is over")
    assert aside.speakers() == ["Ada", "Kenji"]


async def test_a_private_thread_without_the_bot_is_refused_and_it_is_said_how_to_add_it(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel
) -> None:
    own = bot_role(sandbox)
    admin.grant(own["id"], int(own["permissions"]) & ~Can.MANAGE_THREADS)
    thread = await start_thread(sandbox, bot, sandbox.world.channels[lounge.id], private=True, joined=False)
    assert "Mention it here" in await at(sandbox, thread["id"]).do("room start", topic="Bread", **QUICK)


# In forums


async def test_a_room_gets_a_post_in_a_forum_with_the_tag_live_and_later_closed(
    lounge: Channel, sandbox: Sandbox, admin: Admin
) -> None:
    ideas = Channel(sandbox, channel="ideas")
    admin.tag(ideas.id, "fun", "Live", "CLOSED")
    told = await lounge.do("room start", topic="Bread", forum=ideas.id, turns=2, **QUICK)
    post = newest(sandbox)
    assert post["parent_id"] == ideas.id
    assert post["name"] == "Bread"
    assert f"<#{post['id']}>" in told
    room = at(sandbox, post["id"])
    assert "A room opens here" in room.messages()[0]["content"]
    over = await room.until_told("This room is over")
    assert room.speakers() == ["Ada", "Kenji"]
    await room.until(lambda: tags(sandbox, post) == ["CLOSED"])
    await room.press(over, "Continue")
    await room.until(lambda: tags(sandbox, post) == ["Live"])


async def test_a_post_is_opened_with_its_tag(lounge: Channel, sandbox: Sandbox, admin: Admin) -> None:
    ideas = Channel(sandbox, channel="ideas")
    admin.tag(ideas.id, "closed", "fun", "live", required=True)
    await lounge.do("room start", topic="Bread", forum=ideas.id, human_every=1, **QUICK)
    assert tags(sandbox, newest(sandbox)) == ["live"]


async def test_where_a_tag_is_needed_and_live_is_none_the_first_that_fits_is_taken_and_stays(
    lounge: Channel, sandbox: Sandbox, admin: Admin
) -> None:
    ideas = Channel(sandbox, channel="ideas")
    own = bot_role(sandbox)
    admin.grant(own["id"], int(own["permissions"]) & ~Can.MANAGE_THREADS)
    admin.tag(ideas.id, "official", moderated=True)
    admin.tag(ideas.id, "closed", required=True)
    refused = await lounge.do("room start", topic="Bread", forum=ideas.id, **QUICK)
    assert "need a tag" in refused
    admin.tag(ideas.id, "fun", "games")
    await lounge.do("room start", topic="Bread", forum=ideas.id, turns=1, **QUICK)
    post = newest(sandbox)
    assert tags(sandbox, post) == ["fun"]
    await at(sandbox, post["id"]).until(lambda: tags(sandbox, post) == ["fun", "closed"])


async def test_a_room_in_somebody_elses_post_leaves_its_tags_alone(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin
) -> None:
    ideas = Channel(sandbox, channel="ideas")
    (live, _) = admin.tag(ideas.id, "live", "closed")
    post = await start_thread(sandbox, bot, sandbox.world.channels[ideas.id])
    post["owner_id"], post["applied_tags"] = ideas.user, [live]
    room = at(sandbox, post["id"])
    await room.do("room start", topic="Bread", turns=2, **QUICK)
    await room.until_told("This room is over")
    assert room.speakers() == ["Ada", "Kenji"]
    await room.do("room status")
    assert tags(sandbox, post) == ["live"]


# What is refused


async def test_announcement_channels_and_their_threads_are_refused(sandbox: Sandbox, bot: RoomsBot) -> None:
    news = Channel(sandbox, channel="news")
    assert "announcement channels" in await news.do("room start", topic="Bread")
    assert "announcement channels" in await news.do("room start", topic="Bread", thread=True)
    ideas = Channel(sandbox, channel="ideas")
    assert "not in an announcement channel" in await news.do("room start", topic="Bread", forum=ideas.id)
    thread = await start_thread(sandbox, bot, sandbox.world.channels[news.id])
    assert thread["type"] == entities.NEWS_THREAD
    assert "announcement channels" in await at(sandbox, thread["id"]).do("room start", topic="Bread")


async def test_media_channels_are_refused(sandbox: Sandbox, bot: RoomsBot, lounge: Channel) -> None:
    gallery = channel(sandbox, "gallery", entities.MEDIA)
    reply = await lounge.people.command(lounge.user, lounge.id, "room start", {"topic": "Bread", "forum": gallery.id})
    assert reply.kind == "failed"
    post = await start_thread(sandbox, bot, sandbox.world.channels[gallery.id])
    assert "media channels" in await at(sandbox, post["id"]).do("room start", topic="Bread")


async def test_forum_and_thread_are_not_taken_together(sandbox: Sandbox, lounge: Channel) -> None:
    ideas = Channel(sandbox, channel="ideas")
    refused = await lounge.do("room start", topic="Bread", forum=ideas.id, thread=True)
    assert refused == "Please give `forum` or `thread`, not both."


async def test_no_thread_is_opened_in_a_thread_or_a_voice_channel(
    sandbox: Sandbox, bot: RoomsBot, lounge: Channel
) -> None:
    thread = await start_thread(sandbox, bot, sandbox.world.channels[lounge.id])
    assert "in a thread already" in await at(sandbox, thread["id"]).do("room start", topic="Bread", thread=True)
    stage = channel(sandbox, "voices", entities.VOICE)
    assert "only be opened in text channels" in await stage.do("room start", topic="Bread", thread=True)


@pytest.mark.parametrize(
    ("options", "denied", "words"),
    [
        ({}, Can.SEND_MESSAGES, "Send Messages"),
        ({}, Can.READ_MESSAGE_HISTORY, "Read Message History"),
        ({}, Can.VIEW_CHANNEL, "View Channel"),
        ({"thread": True}, Can.CREATE_PUBLIC_THREADS, "Create Public Threads"),
        ({"thread": True}, Can.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
        ({"forum": "ideas"}, Can.SEND_MESSAGES, "Create Posts"),
        ({"forum": "ideas"}, Can.SEND_MESSAGES_IN_THREADS, "Send Messages in Posts"),
        ({"forum": "ideas"}, Can.MANAGE_WEBHOOKS, "Manage Webhooks"),
        ({"forum": "ideas"}, Can.VIEW_CHANNEL, "View Channel"),
    ],
)
async def test_what_the_bot_lacks_is_named_and_nothing_is_opened(
    sandbox: Sandbox, bot: RoomsBot, lounge: Channel, admin: Admin, options: Wire, denied: Can, words: str
) -> None:
    ideas = Channel(sandbox, channel="ideas")
    given = options | ({"forum": ideas.id} if "forum" in options else {})
    there = ideas if "forum" in options else lounge
    told = bot.wait_for("guild_channel_update", timeout=10)
    admin.forbid(there.id, sandbox.world.bot_id, denied)
    await told
    before = set(sandbox.world.channels)
    refused = await lounge.do("room start", topic="Bread", **QUICK, **given)
    assert f"lacks: {words}" in refused or f"lacks the permission {words}" in refused
    assert set(sandbox.world.channels) == before
    assert bot.house.rooms() == []


@pytest.mark.parametrize(
    ("options", "denied", "words"),
    [
        ({"thread": True}, Can.CREATE_PUBLIC_THREADS, "Create Public Threads"),
        ({"thread": True}, Can.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
        ({"forum": "ideas"}, Can.SEND_MESSAGES, "Create Posts"),
        ({"forum": "ideas"}, Can.SEND_MESSAGES_IN_THREADS, "Send Messages in Posts"),
    ],
)
async def test_nobody_opens_through_the_bot_what_they_may_not_open_themselves(
    sandbox: Sandbox, lounge: Channel, admin: Admin, options: Wire, denied: Can, words: str
) -> None:
    robin, ideas = Channel(sandbox, "Robin"), Channel(sandbox, channel="ideas")
    given = options | ({"forum": ideas.id} if "forum" in options else {})
    admin.forbid(ideas.id if "forum" in options else lounge.id, robin.user, denied)
    refused = await robin.do("room start", topic="Bread", **QUICK, **given)
    assert refused == f"This needs permissions there that you lack: {words}."


async def test_where_a_server_keeps_its_rooms_none_opens_elsewhere(
    sandbox: Sandbox, bot: RoomsBot, lounge: Channel
) -> None:
    library, ideas = Channel(sandbox, channel="library"), Channel(sandbox, channel="ideas")
    servers, guild = bot.house.servers, int(sandbox.world.guild.id)
    await servers.save(servers.of(guild).model_copy(update={"channels": (int(library.id),)}))
    for options in ({}, {"thread": True}, {"forum": ideas.id}):
        assert f"only: <#{library.id}>" in await lounge.do("room start", topic="Bread", **QUICK, **options)
    await library.do("room start", topic="Bread", thread=True, turns=1, **QUICK)
    await at(sandbox, newest(sandbox)["id"]).until_told("This room is over")


async def test_what_discord_does_not_open_is_told(sandbox: Sandbox, lounge: Channel, bot: RoomsBot) -> None:
    """The gateway has not told yet that posts need a tag."""
    ideas = Channel(sandbox, channel="ideas")
    sandbox.world.channels[ideas.id]["flags"] = entities.REQUIRE_TAG
    refused = await lounge.do("room start", topic="Bread", forum=ideas.id, **QUICK)
    assert refused.startswith("Discord did not let the bot open that: A tag is required")
    assert bot.house.rooms() == []


@pytest.mark.parametrize("moderates", [True, False])
async def test_a_thread_is_taken_back_where_no_room_was_opened_in_it(
    sandbox: Sandbox, bot: RoomsBot, admin: Admin, lounge: Channel, moderates: bool
) -> None:
    role = bot_role(sandbox)
    less = int(role["permissions"]) & ~Can.MANAGE_THREADS
    if not moderates:
        await gateway(bot, "guild_role_update", lambda: admin.grant(role["id"], less))
    channel = bot.get_channel(int(lounge.id))
    assert isinstance(channel, discord.TextChannel)
    before = set(sandbox.world.channels)
    with pytest.raises(Refused, match="no money"):
        await _open_without_money(bot, NewThread(channel))
    left = [sandbox.world.channels[one] for one in set(sandbox.world.channels) - before]
    assert [one["thread_metadata"]["archived"] for one in left] == ([] if moderates else [True])


async def _open_without_money(bot: RoomsBot, where: NewThread) -> None:
    opened = bot.wait_for("thread_create", timeout=10)
    async with prepared(where, "Bread"):
        await opened
        raise Refused("There is no money left.")
