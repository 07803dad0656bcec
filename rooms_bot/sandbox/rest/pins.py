"""Pinned messages, under their old address and their new one."""

from typing import Any

from rooms_bot.sandbox import posts
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import refused
from rooms_bot.sandbox.rest.calls import Call, Table
from rooms_bot.sandbox.rest.messages import found, seen
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
routes = Table()


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
    found = [{"pinned_at": world.pinned_at[m["id"]], "message": seen(world, m)} for m in pinned]
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
    return channel, found(call)


def _tell_pins(world: World, channel: Wire, message: Wire) -> None:
    data = {
        "channel_id": channel["id"],
        "last_pin_timestamp": channel.get("last_pin_timestamp"),
        **posts.in_guild(channel),
    }
    world.emit("CHANNEL_PINS_UPDATE", data, channel=channel)
    posts.tell_update(world, message)
