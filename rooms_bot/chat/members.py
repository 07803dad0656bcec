"""Members with their roles, of which a channel's history tells nothing."""

import asyncio
import itertools
import logging
from dataclasses import dataclass, field

import discord

from rooms_bot.chat.failures import TROUBLE, passes, pause
from rooms_bot.chat.traffic import answered
from rooms_bot.clock import Clock

log = logging.getLogger(__name__)

FRESH = 60.0
"""Seconds for which an answer counts: long enough for all rooms that go on after a start."""


@dataclass(slots=True)
class Known:
    """What was found out, at `at`; `asking` is held while somebody asks."""

    member: discord.Member | None = None
    at: float = float("-inf")
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Members:
    """Finds members, asking Discord once for all who want to know at about the same time."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._known: dict[tuple[int, int], Known] = {}

    async def find(self, guild: int, user: int) -> discord.Member | None:
        """None where they have left, or where Discord does not tell."""
        self._forget()
        known = self._known.setdefault((guild, user), Known())
        async with known.asking:
            if self._clock.now() - known.at > FRESH:
                known.member, known.at = await self._asked(guild, user), self._clock.now()
        return known.member

    def _forget(self) -> None:
        now = self._clock.now()
        stale = [key for key, one in self._known.items() if now - one.at > FRESH and not one.asking.locked()]
        for key in stale:
            del self._known[key]

    async def _asked(self, guild: int, user: int) -> discord.Member | None:
        there = self._client.get_guild(guild)
        for attempt in itertools.count():
            if there is None:
                break
            try:
                return await answered(there.fetch_member(user))
            except TROUBLE as error:
                if not passes(error):
                    log.info("member %s of server %s is not known: %s", user, guild, error)
                    break
                await self._clock.sleep(pause(error, attempt))
        return None
