"""Other bots and webhooks: which of them are heard, as whom, and how often in a row they may call for a turn."""

from collections.abc import Collection, Mapping
from hashlib import blake2b

import discord

from rooms_bot.domain.rooms import Member

PROXIED = 1 << 62
"""Ids from here on are made of names; Discord's own will not reach it before 2049."""


def is_other(message: discord.Message) -> bool:
    """Whether a program wrote it."""
    return message.author.bot or message.webhook_id is not None


def ids(message: discord.Message) -> Collection[int]:
    """What a program can be known by: its user or webhook, and the application its webhook belongs to."""
    return {message.author.id, message.application_id or message.author.id}


def heard_in(channel: int, parent: int | None, heard: Mapping[int, tuple[int, ...]]) -> frozenset[int]:
    """Ids that are heard in a channel, a thread hearing what its channel does."""
    return frozenset((*heard.get(channel, ()), *heard.get(parent or channel, ())))


def speaker(message: discord.Message) -> Member:
    """Who says it. One webhook speaks for many (PluralKit's for all of a server): there, everyone is their name."""
    author = message.author
    if message.webhook_id is None:
        return Member(id=author.id, name=author.display_name)
    source = message.application_id or message.webhook_id
    digest = blake2b(f"{source}:{author.name.casefold()}".encode(errors="replace"), digest_size=8).digest()
    return Member(id=PROXIED | int.from_bytes(digest) >> 3, name=author.name)


def mentionable(members: Collection[Member]) -> list[Member]:
    """Those who have an account of their own, so that Discord can notify them."""
    return [member for member in members if member.id < PROXIED]


class Chains:
    """Counts what programs said in a row in each channel, since a person last spoke there.

    Two bots that answer each other would never end; so after some messages no more of them calls for a turn.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def person(self, channel: int) -> None:
        self._counts.pop(channel, None)

    def another(self, channel: int) -> int:
        """One more message of a program; which one it is, from 1."""
        self._counts[channel] = self._counts.get(channel, 0) + 1
        return self._counts[channel]
