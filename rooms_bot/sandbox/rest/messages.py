"""Messages of a channel: history, sending, editing, deleting, pins, typing."""

from typing import Any

from rooms_bot.sandbox import entities, posts, views
from rooms_bot.sandbox.forms import Body, Snowflake, read
from rooms_bot.sandbox.message_forms import CreateMessage, MessageForm
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import refused, unknown
from rooms_bot.sandbox.rest.calls import Answer, Call, Table
from rooms_bot.sandbox.snowflakes import seconds_of
from rooms_bot.sandbox.threads import require_active, require_sendable
from rooms_bot.sandbox.typists import tell_typing
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
routes = Table()
_FORTNIGHT = 14 * 86400
_MESSAGE = "/channels/{channel_id}/messages/{message_id}"


class BulkDelete(Body):
    messages: list[Snowflake]


@routes.route("GET", "/channels/{channel_id}/messages")
async def history(call: Call) -> list[Wire]:
    """Newest first, whichever way it is paged; `after` gives the nearest ones."""
    channel = call.channel()
    if channel["type"] in (*entities.FORUMS, entities.CATEGORY):
        raise refused(50008)
    limit = call.number("limit", 50, 1, 100)
    if not call.world.permissions(call.world.bot_id, channel) & Can.READ_MESSAGE_HISTORY:
        return []
    kept = [m for m in call.world.messages[channel["id"]].values() if m["id"] not in call.world.only_for]
    return [seen(call.world, m) for m in reversed(_page(kept, call, limit))]


def _page(kept: list[Wire], call: Call, limit: int) -> list[Wire]:
    if "around" in call.query:
        middle = call.snowflake("around")
        older = [m for m in kept if int(m["id"]) <= middle]
        newer = [m for m in kept if int(m["id"]) > middle]
        return older[-(limit // 2 + 1) :] + newer[: (limit - 1) // 2]
    if "after" in call.query:
        return [m for m in kept if int(m["id"]) > call.snowflake("after")][:limit]
    if "before" in call.query:
        kept = [m for m in kept if int(m["id"]) < call.snowflake("before")]
    return kept[-limit:]


def seen(world: World, message: Wire) -> Wire:
    return views.message(world, message, world.bot_id)


def found(call: Call) -> Wire:
    message = call.world.find_message(call["channel_id"], call["message_id"])
    if message["id"] in call.world.only_for:
        raise unknown("message")
    return message


@routes.route("GET", _MESSAGE)
async def get(call: Call) -> Wire:
    call.channel(Can.READ_MESSAGE_HISTORY)
    return seen(call.world, found(call))


@routes.route("POST", "/channels/{channel_id}/messages", limit="messages", hidden="counted")
async def create(call: Call) -> Wire:
    channel = call.channel()
    if channel["type"] in (*entities.FORUMS, entities.CATEGORY):
        raise refused(50008)
    require_open(call, channel)
    require_sendable(call.world, call.world.bot_id, channel)
    body = read(CreateMessage, call.body)
    require_parts(call, channel, body)
    nonce = body.get("nonce")
    known = call.world.nonces.get((channel["id"], str(nonce))) if body.get("enforce_nonce") else None
    if known in call.world.messages[channel["id"]]:
        return seen(call.world, call.world.messages[channel["id"]][str(known)])
    body["flags"] = (body.get("flags") or 0) & posts.SENDABLE
    extra = {} if nonce is None else {"nonce": nonce}
    made = posts.post(call.world, channel, call.bot(channel), body, call.files, extra=extra)
    call.world.nonces[(channel["id"], str(nonce))] = made["id"]
    return seen(call.world, made)


def require_open(call: Call, channel: Wire) -> None:
    """Raises 50007 where somebody takes no direct messages from bots, or shares no server with this one."""
    if channel["type"] != entities.DM:
        return
    who = channel["recipients"][0]["id"]
    met = any({who, call.world.bot_id} <= guild.members.keys() for guild in call.world.guilds.values())
    if who in call.world.closed_to_bot or not met:
        raise refused(50007)


def require_parts(call: Call, channel: Wire, body: Wire) -> None:
    """Files and replies ask for permissions of their own."""
    if call.files:
        call.world.require(call.world.bot_id, channel, Can.ATTACH_FILES)
    if body.get("message_reference"):
        call.world.require(call.world.bot_id, channel, Can.READ_MESSAGE_HISTORY)


@routes.route("PATCH", _MESSAGE, limit="edits")
async def edit(call: Call) -> Wire:
    channel = call.channel()
    message = found(call)
    require_active(channel)
    body = read(MessageForm, call.body)
    if message["author"]["id"] != call.world.bot_id:
        if set(body) - {"flags"}:
            raise refused(50005)
        call.world.require(call.world.bot_id, channel, Can.MANAGE_MESSAGES)
    return seen(call.world, posts.edit(call.world, message, call.bot(channel), body, call.files))


@routes.route("DELETE", _MESSAGE)
async def delete(call: Call) -> None:
    channel = call.channel()
    message = found(call)
    require_active(channel)
    if message["author"]["id"] != call.world.bot_id:
        call.world.require(call.world.bot_id, channel, Can.MANAGE_MESSAGES)
    posts.delete(call.world, message)


@routes.route("POST", "/channels/{channel_id}/messages/bulk-delete")
async def bulk_delete(call: Call) -> None:
    channel = call.channel(Can.MANAGE_MESSAGES)
    ids: list[str] = read(BulkDelete, call.body)["messages"]
    if not 2 <= len(ids) <= 100:
        raise refused(50016)
    if any(seconds_of(message_id) < call.world.clock.now() - _FORTNIGHT for message_id in ids):
        raise refused(50034)
    kept = call.world.messages[channel["id"]]
    gone = [message_id for message_id in ids if kept.pop(message_id, None) is not None]
    data = {"ids": gone, "channel_id": channel["id"], **posts.in_guild(channel)}
    call.world.emit("MESSAGE_DELETE_BULK", data, channel=channel)


@routes.route("POST", _MESSAGE + "/crosspost")
async def crosspost(call: Call) -> Wire:
    channel, message = call.channel(), found(call)
    if channel["type"] != entities.NEWS:
        raise refused(50024)
    if message["flags"] & 1:
        raise refused(40033)
    own = message["author"]["id"] == call.world.bot_id
    call.world.require(call.world.bot_id, channel, Can.SEND_MESSAGES | (0 if own else Can.MANAGE_MESSAGES))
    message["flags"] |= 1
    posts.tell_update(call.world, message)
    return seen(call.world, message)


@routes.route("POST", "/channels/{channel_id}/typing")
async def typing(call: Call) -> Answer:
    channel = call.channel()
    require_active(channel)
    require_sendable(call.world, call.world.bot_id, channel)
    tell_typing(call.world, channel, call.world.bot_id)
    return Answer(204)
