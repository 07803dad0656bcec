"""How members change their messages: each edit counts like a message, and the newest text is never lost."""

import discord

from rooms_bot.chat.flood import Flood
from rooms_bot.chat.inbound import readable
from rooms_bot.chat.others import speaker
from rooms_bot.clock import Clock

MOST = 1000
"""Messages whose newest text waits; what is edited beyond that, as fast as that, is let go."""


class Edits:
    """Of a message that changes faster than its author may say things, the rooms learn late, and only the last text."""

    def __init__(self, flood: Flood, clock: Clock) -> None:
        self._flood, self._clock = flood, clock
        self._late: dict[int, str] = {}
        """Message id to its newest text, while one call waits to tell it."""

    async def newest(self, message: discord.Message) -> str | None:
        """Its text once that counts, at once where its author has been slow; None where nothing is to be told."""
        channel, author = message.channel.id, speaker(message).id
        now = (message.edited_at or message.created_at).timestamp()
        if message.id not in self._late and self._flood.admits(channel, author, now):
            return readable(message)
        waited = message.id in self._late
        if not waited and len(self._late) >= MOST:
            return None
        self._late[message.id] = readable(message)
        return None if waited else await self._last(message.id, channel, author, now)

    async def _last(self, message: int, channel: int, author: int, now: float) -> str | None:
        try:
            admitted = False
            while not admitted and message in self._late:
                wait = self._flood.wait(channel, author, now)
                await self._clock.sleep(wait)
                now += wait
                admitted = self._flood.admits(channel, author, now)
            return self._late.get(message)
        finally:
            self._late.pop(message, None)

    def gone(self, message: int) -> None:
        """It is deleted: what it read last is nobody's business."""
        self._late.pop(message, None)
