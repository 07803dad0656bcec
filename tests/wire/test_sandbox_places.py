"""Threads, forums, permissions and servers as those who run them change them, and what the bot is told and refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from rooms_bot.sandbox import absences, entities, threads
from rooms_bot.sandbox.admins import Admin
from rooms_bot.sandbox.permissions import EVERYBODY, Can
from rooms_bot.sandbox.refusals import Refusal
from rooms_bot.sandbox.server import Sandbox
from tests.wire.rest import Rest

Wire = dict[str, Any]
INTENTS = 1 << 0 | 1 << 9 | 1 << 15


@pytest.fixture
def admin(sandbox: Sandbox) -> Admin:
    return Admin(sandbox.world, sandbox.people.named("You"))


@pytest.fixture
def lounge(sandbox: Sandbox) -> str:
    return channel(sandbox, "lounge")


@pytest.fixture
def ideas(sandbox: Sandbox) -> str:
    return channel(sandbox, "ideas")


def channel(sandbox: Sandbox, name: str) -> str:
    return next(str(one["id"]) for one in sandbox.world.channels.values() if one["name"] == name)


async def thread_in(rest: Rest, parent: str, kind: int = entities.PUBLIC_THREAD) -> str:
    made = await rest.post(f"/channels/{parent}/threads", {"name": "aside", "type": kind})
    return str(made["id"])


def moderate(sandbox: Sandbox, admin: Admin, *, may: bool) -> None:
    """Give the bot's role Manage Threads, or take it."""
    role = next(one for one in sandbox.world.guild.roles.values() if one.get("tags"))
    now = int(role["permissions"])
    admin.grant(role["id"], now | Can.MANAGE_THREADS if may else now & ~Can.MANAGE_THREADS)


@asynccontextmanager
async def gateway(sandbox: Sandbox) -> AsyncIterator["Line"]:
    """What a bot is told, after its server was."""
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url) as socket:
        line = Line(socket)
        await socket.receive_json()
        identify = {"token": sandbox.token, "intents": INTENTS, "properties": {}}
        await socket.send_json({"op": 2, "d": identify})
        assert (await line.next())["t"] == "READY"
        yield line


class Line:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def next(self) -> Wire:
        async with asyncio.timeout(5):
            told: Wire = await self._socket.receive_json()
        return told

    async def names(self, count: int) -> list[str]:
        return [(await self.next())["t"] for _ in range(count)]


# Threads


async def test_a_post_wakes_an_archived_thread_and_typing_and_edits_do_not(
    rest: Rest, sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    thread = await thread_in(rest, lounge)
    said = await rest.post(f"/channels/{thread}/messages", {"content": "one"})
    admin.archive(thread)
    assert (await rest("POST", f"/channels/{thread}/typing")).code == 50083
    assert (await rest("PATCH", f"/channels/{thread}/messages/{said['id']}", {"content": "two"})).code == 50083
    await rest.post(f"/channels/{thread}/messages", {"content": "three"})
    assert not sandbox.world.channels[thread]["thread_metadata"]["archived"]
    assert (await rest("POST", f"/channels/{thread}/typing")).status == 204


async def test_a_member_opens_an_archived_thread_again_but_not_a_locked_one(
    rest: Rest, sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    thread = await thread_in(rest, lounge)
    moderate(sandbox, admin, may=False)
    admin.archive(thread)
    assert (await rest("PATCH", f"/channels/{thread}", {"archived": False})).status == 200
    admin.lock(thread, archived=True)
    assert (await rest("PATCH", f"/channels/{thread}", {"archived": False})).code == 50013
    assert (await rest("POST", f"/channels/{thread}/messages", {"content": "x"})).code == 160005
    moderate(sandbox, admin, may=True)
    assert (await rest("PATCH", f"/channels/{thread}", {"archived": False})).status == 200


async def test_who_may_not_write_in_threads_does_not_open_them_again(
    rest: Rest, sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    thread = await thread_in(rest, lounge)
    admin.archive(thread)
    admin.forbid(lounge, sandbox.world.bot_id, Can.SEND_MESSAGES_IN_THREADS)
    assert (await rest("PATCH", f"/channels/{thread}", {"archived": False})).code == 50013


async def test_who_is_taken_out_of_a_private_thread_is_told_and_sees_it_no_more(
    rest: Rest, sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    you = sandbox.world.users[sandbox.people.named("You")]
    parent = sandbox.world.channels[lounge]
    thread = threads.start(sandbox.world, parent, you, {"name": "aside"}, kind=entities.PRIVATE_THREAD)
    threads.join(sandbox.world, thread, sandbox.world.bot_id)
    moderate(sandbox, admin, may=False)
    async with gateway(sandbox) as line:
        await line.next()
        admin.kick(thread["id"], sandbox.world.bot_id)
        sandbox.people.say(you["id"], thread["id"], "alone at last")
        told = await line.next()
        assert (told["t"], told["d"]["removed_member_ids"]) == ("THREAD_MEMBERS_UPDATE", [sandbox.world.bot_id])
        sandbox.people.say(you["id"], lounge, "hello")
        assert (await line.next())["d"]["content"] == "hello"
    assert (await rest("GET", f"/channels/{thread['id']}")).code == 50001


# Forums, media and voice channels


async def test_a_forums_tags_are_its_own_and_may_be_needed_or_kept_for_moderators(
    rest: Rest, sandbox: Sandbox, admin: Admin, ideas: str
) -> None:
    (fun,) = admin.tag(ideas, "fun")
    (official,) = admin.tag(ideas, "official", moderated=True)
    posts, body = f"/channels/{ideas}/threads", {"name": "x", "message": {"content": "y"}}
    assert (await rest("POST", posts, body | {"applied_tags": ["123"]})).code == 10087
    made = await rest.post(posts, body | {"applied_tags": [official]})
    moderate(sandbox, admin, may=False)
    assert (await rest("POST", posts, body | {"applied_tags": [official]})).code == 50013
    assert (await rest("PATCH", f"/channels/{made['id']}", {"applied_tags": [official, fun]})).status == 200
    assert sandbox.world.channels[made["id"]]["applied_tags"] == [official, fun]
    admin.tag(ideas, required=True)
    assert (await rest("POST", posts, body)).code == 40067
    assert (await rest("PATCH", f"/channels/{made['id']}", {"applied_tags": []})).code == 40067


@pytest.mark.parametrize("kind", [entities.VOICE, entities.MEDIA])
async def test_voice_and_media_channels_have_webhooks(rest: Rest, sandbox: Sandbox, kind: int) -> None:
    made = sandbox.world.add_channel(sandbox.world.guild, "special", kind)
    hook = await rest.webhook(made["id"])
    code = (await rest("POST", f"{hook}?wait=true", {"content": "x"})).status
    assert code == (200 if kind == entities.VOICE else 400)


# Permissions


async def test_who_loses_sight_of_a_channel_is_told_and_then_hears_nothing_of_it(
    sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    sam = sandbox.people.named("Sam")
    async with gateway(sandbox) as line:
        await line.next()
        admin.forbid(lounge, sandbox.world.bot_id, Can.VIEW_CHANNEL)
        sandbox.people.say(sam, lounge, "unheard")
        admin.forbid(lounge, sandbox.world.bot_id, 0)
        sandbox.people.say(sam, lounge, "heard")
        assert await line.names(3) == ["CHANNEL_UPDATE", "CHANNEL_UPDATE", "MESSAGE_CREATE"]


async def test_a_role_is_changed_and_a_channel_renamed_converted_and_deleted(
    sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    async with gateway(sandbox) as line:
        await line.next()
        admin.grant(sandbox.world.guild.id, EVERYBODY)
        admin.rename(lounge, "hall")
        admin.convert(lounge, entities.NEWS)
        admin.delete(lounge)
        assert await line.names(4) == ["GUILD_ROLE_UPDATE", "CHANNEL_UPDATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"]


async def test_only_who_may_changes_anything(rest: Rest, sandbox: Sandbox, lounge: str, ideas: str) -> None:
    sam, thread = Admin(sandbox.world, sandbox.people.named("Sam")), await thread_in(rest, lounge)
    for change in (
        lambda: sam.archive(thread),
        lambda: sam.lock(thread),
        lambda: sam.kick(thread, sandbox.world.bot_id),
        lambda: sam.rename(thread, "x"),
        lambda: sam.rename(lounge, "x"),
        lambda: sam.delete(lounge),
        lambda: sam.convert(lounge, entities.NEWS),
        lambda: sam.tag(ideas, "x"),
        lambda: sam.forbid(lounge, sandbox.world.bot_id, Can.VIEW_CHANNEL),
        lambda: sam.grant(sandbox.world.guild.id, 0),
        sam.remove_bot,
    ):
        with pytest.raises(Refusal) as refused:
            change()
        assert refused.value.code == 50013


def test_only_text_and_announcement_channels_are_converted(admin: Admin, ideas: str) -> None:
    with pytest.raises(Refusal) as refused:
        admin.convert(ideas, entities.TEXT)
    assert refused.value.code == 50024


# Direct messages


async def test_who_takes_no_direct_messages_or_shares_no_server_gets_none(
    rest: Rest, sandbox: Sandbox, admin: Admin
) -> None:
    sam = sandbox.people.named("Sam")
    home = await rest.post("/users/@me/channels", {"recipient_id": sam})
    path = f"/channels/{home['id']}/messages"
    assert (await rest("POST", path, {"content": "x"})).status == 200
    sandbox.world.closed_to_bot.add(sam)
    assert (await rest("POST", path, {"content": "x"})).code == 50007
    sandbox.world.closed_to_bot.clear()
    admin.remove_bot()
    assert (await rest("POST", path, {"content": "x"})).code == 50007


# Servers


async def test_an_outage_is_told_and_silence_follows_until_the_server_is_back(sandbox: Sandbox, lounge: str) -> None:
    world, sam = sandbox.world, sandbox.people.named("Sam")
    async with gateway(sandbox) as line:
        await line.next()
        absences.fail(world, world.guild)
        sandbox.people.say(sam, lounge, "unheard")
        absences.restore(world, world.guild)
        sandbox.people.say(sam, lounge, "heard")
        gone, back, said = [await line.next() for _ in range(3)]
    assert (gone["t"], gone["d"]) == ("GUILD_DELETE", {"id": world.guild.id, "unavailable": True})
    assert (back["t"], back["d"]["unavailable"]) == ("GUILD_CREATE", False)
    assert said["d"]["content"] == "heard"


async def test_a_session_that_begins_in_an_outage_knows_of_the_server_but_not_what_is_in_it(sandbox: Sandbox) -> None:
    absences.fail(sandbox.world, sandbox.world.guild)
    async with gateway(sandbox) as line:
        absences.restore(sandbox.world, sandbox.world.guild)
        assert (await line.next())["t"] == "GUILD_CREATE"


async def test_a_removed_bot_is_told_so_and_hears_nothing_more(
    rest: Rest, sandbox: Sandbox, admin: Admin, lounge: str
) -> None:
    async with gateway(sandbox) as line:
        await line.next()
        admin.remove_bot()
        told = await line.next()
    assert (told["t"], told["d"]) == ("GUILD_DELETE", {"id": sandbox.world.guild.id})
    assert (await rest("POST", f"/channels/{lounge}/messages", {"content": "x"})).code == 50001
