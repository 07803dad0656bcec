"""Who may do what where: roles and overwrites, added up as Discord's documentation does it."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any

Wire = dict[str, Any]


class Can(IntFlag):
    """https://discord.com/developers/docs/topics/permissions"""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    PIN_MESSAGES = 1 << 51


EVERYTHING = (1 << 53) - 1
EVERYBODY = int(
    Can.ADD_REACTIONS
    | Can.VIEW_CHANNEL
    | Can.SEND_MESSAGES
    | Can.EMBED_LINKS
    | Can.ATTACH_FILES
    | Can.READ_MESSAGE_HISTORY
    | Can.USE_EXTERNAL_EMOJIS
    | Can.CHANGE_NICKNAME
    | Can.USE_APPLICATION_COMMANDS
    | Can.CREATE_PUBLIC_THREADS
    | Can.CREATE_PRIVATE_THREADS
    | Can.SEND_MESSAGES_IN_THREADS
)
ROOMS = int(
    Can.VIEW_CHANNEL
    | Can.SEND_MESSAGES
    | Can.SEND_MESSAGES_IN_THREADS
    | Can.MANAGE_WEBHOOKS
    | Can.READ_MESSAGE_HISTORY
    | Can.EMBED_LINKS
    | Can.ATTACH_FILES
    | Can.ADD_REACTIONS
    | Can.USE_EXTERNAL_EMOJIS
    | Can.CREATE_PUBLIC_THREADS
    | Can.MANAGE_MESSAGES
    | Can.MANAGE_THREADS
)


def in_guild(guild_id: str, owner_id: str, member: Wire, roles: Mapping[str, Wire]) -> int:
    """A member's permissions before any channel's overwrites."""
    if member["user"]["id"] == owner_id:
        return EVERYTHING
    total = int(roles[guild_id]["permissions"])
    for role_id in member["roles"]:
        total |= int(roles[role_id]["permissions"])
    return EVERYTHING if total & Can.ADMINISTRATOR else total


def in_channel(base: int, guild_id: str, member: Wire, overwrites: list[Wire]) -> int:
    """`base` after the channel's overwrites: for everyone, then for roles together, then for the member."""
    if base == EVERYTHING:
        return base
    by_id = {overwrite["id"]: overwrite for overwrite in overwrites}
    for group in ([guild_id], member["roles"], [member["user"]["id"]]):
        found = [by_id[key] for key in group if key in by_id]
        for overwrite in found:
            base &= ~int(overwrite["deny"])
        for overwrite in found:
            base |= int(overwrite["allow"])
    return base if base & Can.VIEW_CHANNEL else 0
