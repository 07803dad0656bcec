"""What came into a channel, so that it can be read what became of a post, and what was missed."""

import itertools
import logging

import discord

from rooms_bot.chat.access import Access
from rooms_bot.chat.desk import Desk
from rooms_bot.chat.failures import TROUBLE, gone, passes, pause
from rooms_bot.chat.traffic import answered

log = logging.getLogger(__name__)

PAGE = 100
"""Messages that Discord shows at once."""
MOST = 1000
"""Messages that are read at most."""


class Trail:
    """The messages of one place, from the newest one known."""

    def __init__(self, desk: Desk, access: Access) -> None:
        self._desk, self._access, self._place = desk, access, access.place
        self._own = 0

    def newest(self) -> int:
        """The newest message there that we know of; 0 where that is none."""
        return max(self._own, getattr(self._desk.client.get_channel(self._place.channel), "last_message_id", 0) or 0)

    def leave(self, post: int) -> None:
        """This post of ours stands there."""
        self._own = max(self._own, post)

    async def since(self, post: int) -> list[discord.Message]:
        """The first `PAGE` that came after it, oldest first; nothing where the bot may not read that.

        Waits while Discord cannot be reached. Raises `OutletGone`.
        """
        return await self._tried(after=discord.Object(post) if post else None)

    async def reach(self, post: int) -> list[discord.Message]:
        """All that came after it, of very many the newest `MOST`, oldest first."""
        first = await self.since(post)
        if len(first) < PAGE:
            return first
        last, later = first[-1].id, list[discord.Message]()
        while len(later) < MOST:
            page = await self._tried(before=later[0] if later else None)
            later = [*(message for message in page if message.id > last), *later]
            if len(page) < PAGE or page[0].id <= last:
                return [*first, *later][-MOST:]
        return later[-MOST:]

    async def _tried(
        self, after: discord.abc.Snowflake | None = None, before: discord.abc.Snowflake | None = None
    ) -> list[discord.Message]:
        for attempt in itertools.count():
            await self._access.present()
            if not self._readable():
                log.warning("channel %s: without Read Message History it is not seen what stands", self._place.channel)
                return []
            try:
                return await answered(self._read(after, before))
            except TROUBLE as error:
                if not self._access.away:  # what Discord says in an outage means nothing
                    self._weigh(error)
                log.warning("channel %s cannot be read: %s", self._place.channel, error or "no answer")
                await self._desk.clock.sleep(pause(error, attempt))
        raise AssertionError("counting does not end")

    def _weigh(self, error: Exception) -> None:
        """Raises where trying again is of no use."""
        if (end := gone(error, self._place)) is not None:
            raise end from error
        if not passes(error):
            raise error

    async def _read(
        self, after: discord.abc.Snowflake | None, before: discord.abc.Snowflake | None
    ) -> list[discord.Message]:
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        found = [message async for message in channel.history(limit=PAGE, after=after, before=before)]
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
