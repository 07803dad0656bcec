"""Messages of a channel: history, sending, editing, deleting, pins, typing."""

from typing import Any

from rooms_bot.sandbox import entities, posts, views
from rooms_bot.sandbox.forms import Body, Snowflake, read
from rooms_bot.sandbox.message_forms import CreateMessage, MessageForm
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import form_fault, refused, unknown
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
    if channel["type"] in (entities.FORUM, entities.CATEGORY):
        raise refused(50008)
    limit = call.number("limit", 50, 1, 100)
    if not call.world.permissions(call.world.bot_id, channel) & Can.READ_MESSAGE_HISTORY:
        return []
    kept = [m for m in call.world.messages[channel["id"]].values() if m["id"] not in call.world.only_for]
    return [_seen(call.world, m) for m in reversed(_page(kept, call, limit))]


def _page(kept: list[Wire], call: Call, limit: int) -> list[Wire]:
    for key in ("around", "before", "after"):
        if key in call.query and not call.query[key].isdigit():
            raise form_fault(key, "NUMBER_TYPE_COERCE", f'Value "{call.query[key]}" is not snowflake.')
    if "around" in call.query:
        middle = int(call.query["around"])
        older = [m for m in kept if int(m["id"]) <= middle]
        newer = [m for m in kept if int(m["id"]) > middle]
        return older[-(limit // 2 + 1) :] + newer[: (limit - 1) // 2]
    if "after" in call.query:
        return [m for m in kept if int(m["id"]) > int(call.query["after"])][:limit]
    if "before" in call.query:
        kept = [m for m in kept if int(m["id"]) < int(call.query["before"])]
    return kept[-limit:]


def _seen(world: World, message: Wire) -> Wire:
    return views.message(world, message, world.bot_id)


def _found(call: Call) -> Wire:
    message = call.world.find_message(call["channel_id"], call["message_id"])
    if message["id"] in call.world.only_for:
        raise unknown("message")
    return message


@routes.route("GET", _MESSAGE)
async def get(call: Call) -> Wire:
    call.channel(Can.READ_MESSAGE_HISTORY)
    return _seen(call.world, _found(call))


@routes.route("POST", "/channels/{channel_id}/messages", limit="messages", hidden="counted")
async def create(call: Call) -> Wire:
    channel = call.channel()
    if channel["type"] in (entities.FORUM, entities.CATEGORY):
        raise refused(50008)
    require_sendable(call.world, call.world.bot_id, channel)
    body = read(CreateMessage, call.body)
    require_parts(call, channel, body)
    nonce = body.get("nonce")
    known = call.world.nonces.get((channel["id"], str(nonce))) if body.get("enforce_nonce") else None
    if known in call.world.messages[channel["id"]]:
        return _seen(call.world, call.world.messages[channel["id"]][str(known)])
    body["flags"] = (body.get("flags") or 0) & posts.SENDABLE
    extra = {} if nonce is None else {"nonce": nonce}
    made = posts.post(call.world, channel, call.bot(channel), body, call.files, extra=extra)
    call.world.nonces[(channel["id"], str(nonce))] = made["id"]
    return _seen(call.world, made)


def require_parts(call: Call, channel: Wire, body: Wire) -> None:
    """Files and replies ask for permissions of their own."""
    if call.files:
        call.world.require(call.world.bot_id, channel, Can.ATTACH_FILES)
    if body.get("message_reference"):
        call.world.require(call.world.bot_id, channel, Can.READ_MESSAGE_HISTORY)


@routes.route("PATCH", _MESSAGE, limit="edits")
async def edit(call: Call) -> Wire:
    channel = call.channel()
    message = _found(call)
    require_active(channel)
    body = read(MessageForm, call.body)
    if message["author"]["id"] != call.world.bot_id:
        if set(body) - {"flags"}:
            raise refused(50005)
        call.world.require(call.world.bot_id, channel, Can.MANAGE_MESSAGES)
    return _seen(call.world, posts.edit(call.world, message, call.bot(channel), body, call.files))


@routes.route("DELETE", _MESSAGE)
async def delete(call: Call) -> None:
    channel = call.channel()
    message = _found(call)
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
    channel, message = call.channel(), _found(call)
    if channel["type"] != entities.NEWS:
        raise refused(50024)
    if message["flags"] & 1:
        raise refused(40033)
    own = message["author"]["id"] == call.world.bot_id
    call.world.require(call.world.bot_id, channel, Can.SEND_MESSAGES | (0 if own else Can.MANAGE_MESSAGES))
    message["flags"] |= 1
    posts.tell_update(call.world, message)
    return _seen(call.world, message)


@routes.route("POST", "/channels/{channel_id}/typing")
async def typing(call: Call) -> Answer:
    channel = call.channel()
    require_sendable(call.world, call.world.bot_id, channel)
    tell_typing(call.world, channel, call.world.bot_id)
    return Answer(204)


@routes.route("GET", "/channels/{channel_id}/pins")
async def pins(call: Call) -> list[Wire]:
    return [item["message"] for item in _pins(call)]


@routes.route("GET", "/channels/{channel_id}/messages/pins")
async def paged_pins(call: Call) -> Wire:
    limit = call.number("limit", 50, 1, 50)
    items = [i for i in _pins(call) if i["pinned_at"] < call.query.get("before", "9").replace("Z", "+00:00")]
    return {"items": items[:limit], "has_more": len(items) > limit}


def _pins(call: Call) -> list[Wire]:
    channel, world = call.channel(Can.READ_MESSAGE_HISTORY), call.world
    pinned = [m for m in world.messages[channel["id"]].values() if m["pinned"]]
    found = [{"pinned_at": world.pinned_at[m["id"]], "message": _seen(world, m)} for m in pinned]
    return sorted(found, key=lambda item: item["pinned_at"], reverse=True)


async def pin(call: Call) -> None:
    channel, message = _pinnable(call)
    if message["pinned"]:
        return
    if len(_pins(call)) >= 250:
        raise refused(30003)
    message["pinned"] = True
    call.world.pinned_at[message["id"]] = channel["last_pin_timestamp"] = call.world.now()
    _tell_pins(call.world, channel, message)
    reference = {"type": 0, "message_id": message["id"], "channel_id": channel["id"], **posts.in_guild(channel)}
    posts.notice(call.world, channel, call.world.bot, 6, "", message_reference=reference)


async def unpin(call: Call) -> None:
    channel, message = _pinnable(call)
    if not message["pinned"]:
        return
    message["pinned"] = False
    del call.world.pinned_at[message["id"]]
    _tell_pins(call.world, channel, message)


for _template in ("/channels/{channel_id}/pins/{message_id}", "/channels/{channel_id}/messages/pins/{message_id}"):
    routes.route("PUT", _template)(pin)
    routes.route("DELETE", _template)(unpin)


def _pinnable(call: Call) -> tuple[Wire, Wire]:
    """Pinning is a permission of its own since February 2026."""
    channel = call.channel(Can.PIN_MESSAGES)
    return channel, _found(call)


def _tell_pins(world: World, channel: Wire, message: Wire) -> None:
    data = {
        "channel_id": channel["id"],
        "last_pin_timestamp": channel.get("last_pin_timestamp"),
        **posts.in_guild(channel),
    }
    world.emit("CHANNEL_PINS_UPDATE", data, channel=channel)
    posts.tell_update(world, message)
