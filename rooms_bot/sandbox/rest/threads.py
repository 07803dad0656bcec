"""Threads of a channel and a forum's posts: start, list, join, leave."""

from typing import Any

from rooms_bot.sandbox import entities, posts, threads, views
from rooms_bot.sandbox.forms import read
from rooms_bot.sandbox.message_forms import StartPost, StartThread
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import refused, unknown
from rooms_bot.sandbox.rest.calls import Answer, Call, Table

Wire = dict[str, Any]
routes = Table()
_MEMBERS = "/channels/{channel_id}/thread-members"


@routes.route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
async def from_message(call: Call) -> Answer:
    parent = call.channel(Can.CREATE_PUBLIC_THREADS)
    message = call.world.find_message(parent["id"], call["message_id"])
    if parent["type"] not in (entities.TEXT, entities.NEWS):
        raise refused(50024)
    body = read(StartThread, call.body)
    if message["id"] in call.world.channels:
        raise refused(160004)
    kind = entities.NEWS_THREAD if parent["type"] == entities.NEWS else entities.PUBLIC_THREAD
    made = threads.start(call.world, parent, call.world.bot, body, kind=kind, thread_id=message["id"])
    message["flags"] |= 1 << 5
    posts.tell_update(call.world, message)
    reference = {"type": 0, "message_id": message["id"], "channel_id": parent["id"], "guild_id": parent["guild_id"]}
    posts.notice(call.world, made, call.world.bot, 21, "", message_reference=reference)
    return Answer(201, views.channel(call.world, made, call.world.bot_id))


@routes.route("POST", "/channels/{channel_id}/threads")
async def start(call: Call) -> Answer:
    parent = call.channel()
    if parent["type"] in entities.FORUMS:
        return Answer(201, _forum_post(call, parent))
    if parent["type"] not in (entities.TEXT, entities.NEWS):
        raise refused(50024)
    body = read(StartThread, call.body)
    kind = entities.NEWS_THREAD if parent["type"] == entities.NEWS else body.get("type") or entities.PRIVATE_THREAD
    needed = Can.CREATE_PRIVATE_THREADS if kind == entities.PRIVATE_THREAD else Can.CREATE_PUBLIC_THREADS
    call.world.require(call.world.bot_id, parent, needed)
    made = threads.start(call.world, parent, call.world.bot, body, kind=kind)
    if kind != entities.PRIVATE_THREAD:
        threads.announce(call.world, parent, call.world.bot, made)
    return Answer(201, views.channel(call.world, made, call.world.bot_id))


def _forum_post(call: Call, parent: Wire) -> Wire:
    """In a forum Send Messages is the right to start posts."""
    call.world.require(call.world.bot_id, parent, Can.SEND_MESSAGES)
    body = read(StartPost, call.body)
    body["message"]["flags"] = (body["message"].get("flags") or 0) & posts.SENDABLE
    made, message = threads.open_post(call.world, parent, call.bot(parent), body, call.files)
    shown = views.channel(call.world, made, call.world.bot_id)
    return shown | {"message": views.message(call.world, message, call.world.bot_id)}


@routes.route("GET", "/guilds/{guild_id}/threads/active")
async def active(call: Call) -> Wire:
    guild = call.world.find_guild(call["guild_id"])
    found = [c for c in call.world.channels_of(guild.id) if c["type"] in entities.THREADS]
    live = [c for c in found if not c["thread_metadata"]["archived"] and call.world.sees(call.world.bot_id, c["id"])]
    return _listing(call, live) | {"has_more": False}


@routes.route("GET", "/channels/{channel_id}/threads/archived/public")
async def archived_public(call: Call) -> Wire:
    return _archived(call, {entities.PUBLIC_THREAD, entities.NEWS_THREAD})


@routes.route("GET", "/channels/{channel_id}/threads/archived/private")
async def archived_private(call: Call) -> Wire:
    call.channel(Can.MANAGE_THREADS)
    return _archived(call, {entities.PRIVATE_THREAD})


def _archived(call: Call, kinds: set[int]) -> Wire:
    parent = call.channel(Can.READ_MESSAGE_HISTORY)
    limit, before = call.number("limit", 50, 2, 100), call.query.get("before", "9").replace("Z", "+00:00")
    mine = [
        c for c in call.world.channels_of(parent["guild_id"]) if c["type"] in kinds and c["parent_id"] == parent["id"]
    ]
    old = [c for c in mine if c["thread_metadata"]["archived"] and c["thread_metadata"]["archive_timestamp"] < before]
    old.sort(key=lambda c: c["thread_metadata"]["archive_timestamp"], reverse=True)
    return _listing(call, old[:limit]) | {"has_more": len(old) > limit}


def _listing(call: Call, found: list[Wire]) -> Wire:
    me = call.world.bot_id
    joined = [c for c in found if me in call.world.thread_members[c["id"]]]
    return {
        "threads": [views.channel(call.world, c, me) for c in found],
        "members": [threads.member(call.world, c, me) for c in joined],
    }


def _thread(call: Call) -> Wire:
    found = call.channel()
    if found["type"] not in entities.THREADS:
        raise refused(50024)
    return found


@routes.route("GET", _MEMBERS)
async def members(call: Call) -> list[Wire]:
    thread = _thread(call)
    limit, after = call.number("limit", 100, 1, 100), call.snowflake("after")
    ids = sorted((u for u in call.world.thread_members[thread["id"]] if int(u) > after), key=int)
    return [threads.member(call.world, thread, u, full=call.flag("with_member")) for u in ids[:limit]]


@routes.route("PUT", _MEMBERS + "/@me")
async def join(call: Call) -> None:
    thread = _thread(call)
    threads.require_active(thread)
    threads.join(call.world, thread, call.world.bot_id)


@routes.route("DELETE", _MEMBERS + "/@me")
async def leave(call: Call) -> None:
    threads.leave(call.world, _thread(call), call.world.bot_id)


@routes.route("GET", _MEMBERS + "/{user_id}")
async def member(call: Call) -> Wire:
    thread = _thread(call)
    if call["user_id"] not in call.world.thread_members[thread["id"]]:
        raise unknown("member")
    return threads.member(call.world, thread, call["user_id"], full=call.flag("with_member"))


@routes.route("PUT", _MEMBERS + "/{user_id}")
async def add(call: Call) -> None:
    thread = _thread(call)
    threads.require_sendable(call.world, call.world.bot_id, thread)
    if call["user_id"] not in call.world.guilds[thread["guild_id"]].members:
        raise unknown("member")
    threads.join(call.world, thread, call["user_id"])


@routes.route("DELETE", _MEMBERS + "/{user_id}")
async def remove(call: Call) -> None:
    thread = _thread(call)
    call.world.require(call.world.bot_id, thread, Can.MANAGE_THREADS)
    threads.leave(call.world, thread, call["user_id"])
