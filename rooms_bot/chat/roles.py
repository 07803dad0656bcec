"""Who hosts and who is heard, by Discord's permissions and the server's roles; told at once, from what is cached."""

from typing import Any

import discord

from rooms_bot.ports import GuildSettings


def roles_of(user: Any) -> list[discord.Role]:
    """Those of a member; a user who has left has none."""
    return list(getattr(user, "roles", ()))


def has_host_role(user: Any, settings: GuildSettings, name: str) -> bool:
    """The role that this server set, or the one of the operator's name."""
    return any(role.id == settings.host_role or role.name.casefold() == name.casefold() for role in roles_of(user))


def may_talk(user: Any, settings: GuildSettings, *, host: bool) -> bool:
    """Whether a member is heard: nobody who is muted; a host always, others if they have the members' role."""
    held = {role.id for role in roles_of(user)}
    timed_out = isinstance(user, discord.Member) and user.is_timed_out()
    if timed_out or settings.muted_role in held:
        return False
    return host or settings.member_role is None or settings.member_role in held


def hosts_in(channel: Any, user: Any, settings: GuildSettings, name: str) -> bool:
    """Whether this member hosts in this channel."""
    if has_host_role(user, settings, name):
        return True
    if not isinstance(user, discord.Member) or not hasattr(channel, "permissions_for"):
        return False
    try:
        return bool(channel.permissions_for(user).manage_channels)
    except discord.ClientException:  # a thread whose channel is not cached
        return False
