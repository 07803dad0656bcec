"""The world a newcomer finds: one server, four channels, four people and the bot."""

from rooms_bot.sandbox import entities, views
from rooms_bot.sandbox.permissions import EVERYBODY, ROOMS, Can
from rooms_bot.sandbox.things import Guild
from rooms_bot.sandbox.world import World


def furnish(world: World) -> None:
    """Set up "Rooms Sandbox": see its parts by name below."""
    you = world.add_user("You")
    guild = world.add_guild("Rooms Sandbox", you, EVERYBODY)
    hosts = world.add_role(guild, "Hosts", int(Can.MANAGE_CHANNELS))
    world.add_member(guild, you)
    world.add_member(guild, world.add_user("Sam"))
    world.add_member(guild, world.add_user("Robin"), hosts)
    world.add_member(guild, world.add_user("Kim"))
    world.add_channel(guild, "lounge")
    world.add_channel(guild, "library")
    world.add_channel(guild, "news", entities.NEWS)
    world.add_channel(guild, "ideas", entities.FORUM)
    invite(world, guild)


def invite(world: World, guild: Guild, permissions: int = ROOMS) -> None:
    """Add the bot to a server, with a role of its own that holds `permissions`.

    The event says nothing of availability: that is how clients tell a new server from one that is back.
    """
    own = world.add_role(guild, world.bot["username"], permissions, tags={"bot_id": world.bot_id})
    guild.members[world.bot_id] = entities.member(world.bot, [own["id"]], world.now())
    seen = views.guild_create(world, guild, world.bot_id, all_members=False)
    del seen["unavailable"]
    world.emit("GUILD_CREATE", lambda _: seen, guild=guild.id, only=world.bot_id)
