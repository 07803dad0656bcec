"""The messages that a text becomes, each with who is notified by it."""

from collections.abc import Collection
from dataclasses import dataclass

import discord

from rooms_bot.chat.splitting import Split
from rooms_bot.domain.rooms import Member

NOBODY = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message: its text, or a file."""

    text: str
    file: str = ""
    mentions: discord.AllowedMentions = NOBODY


def sheets_of(text: Split, pings: Collection[Member]) -> list[Sheet]:
    """The messages of a text, what is beyond the last as a file; of `pings` those who are mentioned are notified."""
    users = [discord.Object(member.id) for member in pings]
    mentions = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users or False)
    rest = [Sheet("", text.rest, mentions)] if text.rest else []
    return [*(Sheet(part, mentions=mentions) for part in text.parts), *rest]
