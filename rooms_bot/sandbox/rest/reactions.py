"""Reactions to messages."""

from typing import Any

from rooms_bot.sandbox import reactions
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.rest.calls import Call, Table
from rooms_bot.sandbox.threads import require_active

Wire = dict[str, Any]
routes = Table()
_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_ONE = _ALL + "/{emoji_name}"


@routes.route("PUT", _ONE + "/@me", limit="reactions")
async def add(call: Call) -> None:
    channel = call.channel(Can.READ_MESSAGE_HISTORY)
    message = call.world.find_message(channel["id"], call["message_id"])
    require_active(channel)
    emoji = reactions.known(call.world, call["emoji_name"])
    if emoji not in call.world.reactions.get(message["id"], {}):
        call.world.require(call.world.bot_id, channel, Can.ADD_REACTIONS)
    reactions.add(call.world, message, call.world.bot_id, emoji)


@routes.route("DELETE", _ONE + "/@me", limit="reactions")
async def remove(call: Call) -> None:
    channel = call.channel()
    message = call.world.find_message(channel["id"], call["message_id"])
    reactions.remove(call.world, message, call.world.bot_id, reactions.known(call.world, call["emoji_name"]))


@routes.route("DELETE", _ONE + "/{user_id}", limit="reactions")
async def remove_of(call: Call) -> None:
    channel = call.channel(Can.MANAGE_MESSAGES)
    message = call.world.find_message(channel["id"], call["message_id"])
    reactions.remove(call.world, message, call["user_id"], reactions.known(call.world, call["emoji_name"]))


@routes.route("GET", _ONE)
async def users(call: Call) -> list[Wire]:
    channel = call.channel(Can.READ_MESSAGE_HISTORY)
    message = call.world.find_message(channel["id"], call["message_id"])
    limit, after = call.number("limit", 25, 1, 100), call.snowflake("after")
    who = call.world.reactions.get(message["id"], {}).get(reactions.known(call.world, call["emoji_name"]), [])
    return [call.world.users[u] for u in sorted(who, key=int) if int(u) > after][:limit]


@routes.route("DELETE", _ALL)
async def clear(call: Call) -> None:
    channel = call.channel(Can.MANAGE_MESSAGES)
    reactions.clear(call.world, call.world.find_message(channel["id"], call["message_id"]))


@routes.route("DELETE", _ONE)
async def clear_one(call: Call) -> None:
    channel = call.channel(Can.MANAGE_MESSAGES)
    message = call.world.find_message(channel["id"], call["message_id"])
    reactions.clear(call.world, message, reactions.known(call.world, call["emoji_name"]))
