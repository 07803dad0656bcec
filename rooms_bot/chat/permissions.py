"""Who may do what, and what the bot itself must be allowed; refusals say which permission is missing."""

from collections.abc import Iterable, Mapping
from typing import Any

import discord

from rooms_bot.chat.escaping import plain
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _

NEEDED = discord.Permissions(
    read_messages=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    manage_webhooks=True,
    attach_files=True,
)
"""What the invite link asks for: to hear, to give notices, to find again what was posted, to open threads for rooms, to
let agents speak, to hand out exports.

Faces need no permission: they are the application's own emojis, and shown as avatars.
"""

SCOPES = ("bot", "applications.commands")

WORDS: Mapping[str, str] = {
    "read_messages": N_("View Channel"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "create_public_threads": N_("Create Public Threads"),
    "read_message_history": N_("Read Message History"),
    "manage_webhooks": N_("Manage Webhooks"),
    "attach_files": N_("Attach Files"),
}
"""What Discord's settings call the permissions, by discord.py's names."""
IN_FORUMS: Mapping[str, str] = {
    **WORDS,
    "send_messages": N_("Create Posts"),
    "send_messages_in_threads": N_("Send Messages in Posts"),
}
"""What the settings of a forum call them."""

_ALWAYS = ("read_messages", "read_message_history", "manage_webhooks", "attach_files")
IN_CHANNEL = ("send_messages", *_ALWAYS)
IN_THREAD = ("send_messages_in_threads", *_ALWAYS)
NEW_THREAD = ("create_public_threads", *IN_THREAD)
NEW_POST = ("send_messages", *IN_THREAD)
"""What the bot needs for a room in a channel, in a thread, in a thread of its own, in a forum's post of its own."""

OPENING_THREADS = ("create_public_threads", "send_messages_in_threads")
OPENING_POSTS = ("send_messages", "send_messages_in_threads")
"""What who asks for those needs."""


def require_admin(interaction: discord.Interaction[Any]) -> None:
    """Raises `Refused` where this person may not manage the server."""
    if not interaction.permissions.manage_guild:
        raise Refused("This needs the permission Manage Server.")


def may_host(interaction: discord.Interaction[Any], role_name: str, role_id: int | None) -> bool:
    """Whether this person may start and steer rooms here: Manage Channels, or the hosts' role."""
    if interaction.permissions.manage_channels:
        return True
    roles = getattr(interaction.user, "roles", [])
    return any(role.id == role_id or role.name.casefold() == role_name.casefold() for role in roles)


def hosts_only(guild: discord.Guild | None, role_name: str, role_id: int | None) -> Refused:
    """What somebody is told who may not host, naming the roles that would let them, of those that are there."""
    known = guild.roles if guild is not None else []
    roles = [role.name for role in known if role.id == role_id or role.name.casefold() == role_name.casefold()]
    if not roles:
        return Refused("Only hosts can do this: members who may manage channels.")
    return Refused(
        "Only hosts can do this: members who may manage channels, or have the role {role}.",
        role="/".join(f"**{plain(name)}**" for name in roles),
    )


def missing(have: discord.Permissions, needed: Iterable[str]) -> list[str]:
    """The permissions that are lacking, by discord.py's names; an administrator lacks none.

    Who does not see a channel has no other permission there either, so that one alone is named.
    """
    if not have.read_messages and not have.administrator:
        return ["read_messages"]
    return [] if have.administrator else [name for name in needed if not getattr(have, name)]


def listed(names: Iterable[str], words: Mapping[str, str] = WORDS) -> str:
    """As Discord's settings name them."""
    return ", ".join(_(words[name]) for name in names)


def require_own(have: discord.Permissions, needed: Iterable[str], words: Mapping[str, str] = WORDS) -> None:
    """Raises `Refused`, naming the permissions, where the bot lacks what a room needs."""
    if lacking := missing(have, needed):
        raise Refused(
            "The bot is not allowed to do what a room needs there. It lacks: {permissions}. Somebody who may edit that "
            "channel can allow it in the channel's settings under Permissions.",
            permissions=listed(lacking, words),
        )


def require_theirs(have: discord.Permissions, needed: Iterable[str], words: Mapping[str, str] = WORDS) -> None:
    """Raises `Refused`, naming the permissions, where who asks may not open threads or posts there themself."""
    if lacking := missing(have, needed):
        raise Refused("This needs permissions there that you lack: {permissions}.", permissions=listed(lacking, words))
