"""Gateway intents: which events a session asked for, and what it reads of messages."""

from typing import Any

from rooms_bot.sandbox.world import MEMBERS, MESSAGE_CONTENT, PRESENCES

Wire = dict[str, Any]

GUILDS, MODERATION, WEBHOOKS = 1 << 0, 1 << 2, 1 << 5
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_REACTIONS, DIRECT_TYPING = 1 << 12, 1 << 13, 1 << 14
KNOWN = (1 << 26) - 1

# https://discord.com/developers/docs/events/gateway#list-of-intents:
# the intent in a guild, and that in a direct channel
_NEEDED = {
    "MESSAGE_CREATE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_UPDATE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_DELETE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_DELETE_BULK": (GUILD_MESSAGES, 0),
    "MESSAGE_REACTION_ADD": (GUILD_REACTIONS, DIRECT_REACTIONS),
    "MESSAGE_REACTION_REMOVE": (GUILD_REACTIONS, DIRECT_REACTIONS),
    "MESSAGE_REACTION_REMOVE_ALL": (GUILD_REACTIONS, DIRECT_REACTIONS),
    "MESSAGE_REACTION_REMOVE_EMOJI": (GUILD_REACTIONS, DIRECT_REACTIONS),
    "TYPING_START": (GUILD_TYPING, DIRECT_TYPING),
    "WEBHOOKS_UPDATE": (WEBHOOKS, 0),
    "GUILD_MEMBER_ADD": (MEMBERS, 0),
    "GUILD_MEMBER_UPDATE": (MEMBERS, 0),
    "GUILD_MEMBER_REMOVE": (MEMBERS, 0),
    "PRESENCE_UPDATE": (PRESENCES, 0),
    "CHANNEL_PINS_UPDATE": (GUILDS, DIRECT_MESSAGES),
}
_IN_GUILDS = ("GUILD_", "CHANNEL_", "THREAD_", "STAGE_")


def asked_for(intents: int, name: str, *, in_guild: bool) -> bool:
    """Whether a session with `intents` is told of such an event."""
    if name in _NEEDED:
        needed = _NEEDED[name][0 if in_guild else 1]
        return bool(needed & intents)
    return bool(intents & GUILDS) if name.startswith(_IN_GUILDS) else True


def blinded(intents: int, data: Wire, bot_id: str) -> Wire:
    """A guild's message as a session without the message content intent reads it.

    Its own messages and those that mention the application are whole.
    https://discord.com/developers/docs/events/gateway#message-content-intent
    """
    shown = dict(data)
    answered = shown.get("referenced_message")
    if answered is not None:
        shown["referenced_message"] = blinded(intents, answered, bot_id)
    own = data["author"]["id"] == bot_id or data.get("application_id") == bot_id
    mentioned = any(user["id"] == bot_id for user in data["mentions"])
    if intents & MESSAGE_CONTENT or own or mentioned:
        return shown
    return shown | {"content": "", "embeds": [], "attachments": [], "components": []}
