"""A server without the bot: it was removed, or the server itself is away for a while, as in an outage."""

from rooms_bot.sandbox import views
from rooms_bot.sandbox.things import Guild
from rooms_bot.sandbox.world import World


def remove(world: World, guild: Guild) -> None:
    """The bot is no member any more; that nothing is said of availability tells it from an outage."""
    world.emit("GUILD_DELETE", {"id": guild.id}, only=world.bot_id)
    world.emit("GUILD_MEMBER_REMOVE", {"guild_id": guild.id, "user": world.bot}, guild=guild.id)
    del guild.members[world.bot_id]


def fail(world: World, guild: Guild) -> None:
    """The server goes away; until `restore` the bot hears nothing of it."""
    world.emit("GUILD_DELETE", {"id": guild.id, "unavailable": True}, only=world.bot_id)
    world.unavailable.add(guild.id)


def restore(world: World, guild: Guild) -> None:
    """It is back, whole, as at the beginning of a session."""
    world.unavailable.discard(guild.id)
    seen = views.guild_create(world, guild, world.bot_id, all_members=False)
    world.emit("GUILD_CREATE", lambda _: seen, guild=guild.id, only=world.bot_id)
