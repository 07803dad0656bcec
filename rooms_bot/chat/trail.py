"""What came into a channel last, so that it can be read what became of a post."""

import itertools
import logging

import discord

from rooms_bot.chat.desk import Desk
from rooms_bot.chat.failures import TROUBLE, gone, passes, pause
from rooms_bot.domain.rooms import Place

log = logging.getLogger(__name__)

MOST = 100
"""Messages that are read."""


class Trail:
    """The messages of one place, from the newest one known."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk, self._place = desk, place
        self._own = 0

    def newest(self) -> int:
        """The newest message there that we know of; 0 where that is none."""
        return max(self._own, getattr(self._desk.client.get_channel(self._place.channel), "last_message_id", 0) or 0)

    def leave(self, post: int) -> None:
        """This post of ours stands there."""
        self._own = max(self._own, post)

    async def since(self, post: int) -> list[discord.Message]:
        """What came after it, oldest first; nothing where the bot may not read that. Raises `OutletGone`."""
        if not self._readable():
            log.warning("channel %s: without Read Message History it cannot be seen what stands", self._place.channel)
            return []
        for attempt in itertools.count():
            try:
                return await self._read(post)
            except TROUBLE as error:
                if (end := gone(error, self._place)) is not None:
                    raise end from error
                if not passes(error):
                    raise
                log.warning("channel %s cannot be read: %s", self._place.channel, error or "no answer")
                await self._desk.clock.sleep(pause(error, attempt))
        raise AssertionError("counting does not end")

    async def _read(self, post: int) -> list[discord.Message]:
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        after = discord.Object(post) if post else None
        found = [message async for message in channel.history(limit=MOST, after=after)]
        return sorted(found, key=lambda message: message.id)

    def _readable(self) -> bool:
        """Discord does not refuse it without the permission: it shows nothing."""
        client = self._desk.client
        place = client.get_channel(self._place.channel) or client.get_channel(self._place.parent)
        if not isinstance(place, discord.abc.GuildChannel | discord.Thread) or place.guild.me is None:
            return True
        return place.permissions_for(place.guild.me).read_message_history


def alike(message: discord.Message, name: str, text: str) -> bool:
    """Whether this message says this under this name; Discord may change white space."""
    return message.author.name == name and message.content.split() == text.split()
