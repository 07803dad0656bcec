"""The bot's application and its own user, as only it sees them."""

from typing import Any

from rooms_bot.sandbox import entities
from rooms_bot.sandbox.world import MEMBERS, MESSAGE_CONTENT, PRESENCES, World

Wire = dict[str, Any]

# https://discord.com/developers/docs/resources/application#application-object-application-flags: the "limited"
# kinds, which bots in fewer than 100 guilds have.
_FLAGS = {PRESENCES: 1 << 13, MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19}


def flags(world: World) -> int:
    """Which privileged intents the application was given, and that it has commands."""
    given = sum(flag for intent, flag in _FLAGS.items() if world.privileged & intent)
    return given | ((1 << 23) if world.commands[None] else 0)


def wire(world: World) -> Wire:
    owner = world.users[world.guild.wire["owner_id"]]
    made = entities.application(world.bot_id, world.bot["username"], world.bot, owner, flags(world))
    return made | {"approximate_guild_count": len(world.guilds)}


def own_user(world: World) -> Wire:
    return {**world.bot, "mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
