"""What a person may order the application to do, and the orders as they are sent."""

from collections.abc import Mapping
from typing import Any

from rooms_bot.sandbox import options
from rooms_bot.sandbox.attachments import store
from rooms_bot.sandbox.options import NotTaken, Resolved
from rooms_bot.sandbox.permissions import Can
from rooms_bot.sandbox.refusals import unknown
from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


def permitted(world: World, user_id: str) -> list[Wire]:
    """The commands of the first guild that `user_id` has the permissions for."""
    guild = world.guild
    known = [*world.commands.get(None, {}).values(), *world.commands.get(guild.id, {}).values()]
    may = world.guild_permissions(user_id, guild)
    return [c for c in known if int(c["default_member_permissions"] or 0) & ~may == 0]


def typed(
    world: World, user_id: str, channel_id: str, path: str, values: Mapping[str, Any], *, focus: str = ""
) -> tuple[Wire, Wire]:
    """The channel and the data of a slash command; raises NotTaken or Refusal."""
    channel = _channel(world, user_id, channel_id)
    parts = path.removeprefix("/").split()
    command = _named(world, user_id, parts[0] if parts else "", {1})
    return channel, options.filled(command, parts, values, resolved(world, channel), user_id, focus=focus)


def chosen(world: World, user_id: str, channel_id: str, name: str, target_id: str) -> tuple[Wire, Wire]:
    """The channel and the data of a menu's command; raises NotTaken or Refusal."""
    channel = _channel(world, user_id, channel_id)
    command, found = _named(world, user_id, name, {2, 3}), resolved(world, channel)
    if command["type"] == 3:
        found.message(world.find_message(channel["id"], target_id))
    elif not found.user(target_id):
        raise unknown("user")
    data = {"id": command["id"], "name": name, "type": command["type"], "target_id": target_id}
    return channel, {**data, "resolved": found.found}


def resolved(world: World, channel: Wire) -> Resolved:
    return Resolved(world, channel, lambda upload: store(world, channel["id"], upload, {}))


def _channel(world: World, user_id: str, channel_id: str) -> Wire:
    channel = world.find_channel(channel_id)
    world.require(user_id, channel, Can.USE_APPLICATION_COMMANDS)
    return channel


def _named(world: World, user_id: str, name: str, kinds: set[int]) -> Wire:
    for command in permitted(world, user_id):
        if command["name"] == name and command["type"] in kinds:
            return command
    raise NotTaken(f"There is no command “{name}” you may use.")
