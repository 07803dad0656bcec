"""Reactions: which emoji there are, who put them, and the events that tell of it."""

from typing import Any

from rooms_bot.sandbox import posts, views
from rooms_bot.sandbox.refusals import refused, unknown
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]
_MOST = 20


def known(world: World, emoji: str) -> str:
    """The emoji as it is kept: a character, or `name:id` of one that exists. Raises 10014."""
    name, _, emoji_id = emoji.rpartition(":")
    if name:
        found = world.emojis.get(emoji_id)
        if found is None:
            raise unknown("emoji")
        return f"{found['name']}:{emoji_id}"
    if not emoji or (emoji.isascii() and not emoji[0].isdigit() and emoji[0] not in "#*"):
        raise unknown("emoji")
    return emoji


def add(world: World, message: Wire, user_id: str, emoji: str) -> None:
    on_message = world.reactions.setdefault(message["id"], {})
    if emoji not in on_message and len(on_message) >= _MOST:
        raise refused(30010)
    who = on_message.setdefault(emoji, [])
    if user_id not in who:
        who.append(user_id)
        _tell(world, "MESSAGE_REACTION_ADD", message, user_id, emoji)


def remove(world: World, message: Wire, user_id: str, emoji: str) -> None:
    on_message = world.reactions.get(message["id"], {})
    if user_id in on_message.get(emoji, []):
        on_message[emoji].remove(user_id)
        if not on_message[emoji]:
            del on_message[emoji]
        _tell(world, "MESSAGE_REACTION_REMOVE", message, user_id, emoji)


def clear(world: World, message: Wire, emoji: str | None = None) -> None:
    """Take away all reactions, or all with one emoji."""
    on_message = world.reactions.get(message["id"], {})
    data = _place(world, message)
    channel = world.channels[message["channel_id"]]
    if emoji is None:
        on_message.clear()
        world.emit("MESSAGE_REACTION_REMOVE_ALL", data, channel=channel)
    else:
        on_message.pop(emoji, None)
        data["emoji"] = views.partial_emoji(emoji)
        world.emit("MESSAGE_REACTION_REMOVE_EMOJI", data, channel=channel)


def _place(world: World, message: Wire) -> Wire:
    channel = world.channels[message["channel_id"]]
    return {"message_id": message["id"], "channel_id": channel["id"], **posts.in_guild(channel)}


def _tell(world: World, name: str, message: Wire, user_id: str, emoji: str) -> None:
    channel = world.channels[message["channel_id"]]
    data = _place(world, message)
    data |= {"user_id": user_id, "emoji": views.partial_emoji(emoji), "burst": False, "type": 0}
    if name.endswith("ADD") and "guild_id" in channel:
        data |= {
            "member": world.guilds[channel["guild_id"]].members[user_id],
            "message_author_id": message["author"]["id"],
            "burst_colors": [],
        }
    world.emit(name, data, channel=channel)
