"""The world a newcomer finds: one server, four channels, four people and the bot."""

from rooms_bot.sandbox import entities
from rooms_bot.sandbox.permissions import EVERYBODY, ROOMS, Can
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
    own = world.add_role(guild, world.bot["username"], ROOMS, tags={"bot_id": world.bot_id})
    world.add_member(guild, world.bot, own)
    world.add_channel(guild, "lounge")
    world.add_channel(guild, "library")
    world.add_channel(guild, "news", entities.NEWS)
    world.add_channel(guild, "ideas", entities.FORUM)
