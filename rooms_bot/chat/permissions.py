"""Who may do what, and what the bot itself must be allowed; refusals say which permission is missing."""

from typing import Any

import discord

from rooms_bot.domain.rooms import Place
from rooms_bot.errors import Refused

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    manage_webhooks=True,
    attach_files=True,
)
"""What the invite link asks for: to hear, to give notices, to let agents speak, to hand out exports.

Faces need no permission: they are the application's own emojis, and shown as avatars.
"""

SCOPES = ("bot", "applications.commands")


def may_host(interaction: discord.Interaction[Any], role_name: str, role_id: int | None) -> bool:
    """Whether this person may start and steer rooms here: Manage Channels, or the hosts' role."""
    if interaction.permissions.manage_channels:
        return True
    roles = getattr(interaction.user, "roles", [])
    return any(role.id == role_id or role.name.casefold() == role_name.casefold() for role in roles)


def place_of(interaction: discord.Interaction[Any]) -> Place:
    """The place of a room opened here. Raises `Refused` where there can be none."""
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise Refused("Rooms are opened in a server's channels.")
    if isinstance(channel, discord.Thread):
        return Place(guild=interaction.guild_id, channel=channel.id, parent=channel.parent_id)
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        raise Refused("Rooms cannot be opened in announcement channels. Please take an ordinary text channel.")
    if not isinstance(channel, discord.TextChannel | discord.VoiceChannel):
        raise Refused("Rooms are opened in text channels and threads.")
    return Place(guild=interaction.guild_id, channel=channel.id, parent=channel.id)


def require_own(interaction: discord.Interaction[Any]) -> None:
    """Raises `Refused`, naming the permissions, where the bot lacks what a room needs."""
    have = interaction.app_permissions
    threaded = isinstance(interaction.channel, discord.Thread)
    unneeded = "send_messages" if threaded else "send_messages_in_threads"
    missing = [
        name.replace("_", " ").title()
        for name, wanted in NEEDED
        if wanted and name != unneeded and not getattr(have, name)
    ]
    if missing and not have.administrator:
        raise Refused(
            f"The bot is not allowed to do what a room needs here. It lacks: {', '.join(missing)}. Somebody who may "
            "edit this channel can allow it in the channel's settings under Permissions."
        )
