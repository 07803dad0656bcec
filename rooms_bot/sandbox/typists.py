"""Who is seen typing."""

from typing import Any

from rooms_bot.sandbox.world import World

Wire = dict[str, Any]


def tell_typing(world: World, channel: Wire, user_id: str) -> None:
    data: Wire = {"channel_id": channel["id"], "user_id": user_id, "timestamp": int(world.clock.now())}
    if "guild_id" in channel:
        member = world.guilds[channel["guild_id"]].members[user_id]
        data |= {"guild_id": channel["guild_id"], "member": member}
    world.emit("TYPING_START", data, channel=channel)
