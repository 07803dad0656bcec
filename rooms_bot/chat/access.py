"""What the bot may still do where a room is, as far as is known; what Discord refused once is not asked again."""

import logging

import discord

from rooms_bot.chat.failures import TROUBLE, code_of, gone
from rooms_bot.chat.losses import (
    ARCHIVED,
    CHANNEL_GONE,
    LOCKED,
    NO_WEBHOOKS,
    REMOVED,
    SPEECHLESS,
    THREAD_GONE,
    UNSEEN,
    is_thread,
    muted,
)
from rooms_bot.chat.traffic import answered
from rooms_bot.clock import Clock
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import OutletGone

log = logging.getLogger(__name__)

FIRST_LOOK, LONGEST_LOOK = 0.05, 5.0
"""Seconds between two looks whether a server is back: discord.py tells it by no event that always comes."""


class Access:
    """The bot's access to one place."""

    def __init__(self, client: discord.Client, place: Place, clock: Clock) -> None:
        self._client, self.place, self.clock = client, place, clock
        self._lost = ""

    @property
    def away(self) -> bool:
        """Whether the server is unavailable at the moment, as in an outage of Discord's, or not known yet."""
        guild = self._client.get_guild(self.place.guild)
        return guild is not None and guild.unavailable

    async def present(self) -> None:
        """Wait until the server is there; while it is not, Discord's answers mean nothing."""
        pause = FIRST_LOOK
        while self.away:
            await self.clock.sleep(pause)
            pause = min(LONGEST_LOOK, 2 * pause)

    def require(self, *, agents: bool = True) -> None:
        """Raises `OutletGone` where it is known that nothing can be posted there: by agents, or by the bot itself."""
        if reason := self._lost or self._known(agents=agents):
            raise OutletGone(reason)

    @property
    def speechless(self) -> bool:
        """Whether it is known that not even a notice can be given there."""
        return bool(self._lost or self._known(agents=False))

    @property
    def removed(self) -> bool:
        """Whether the bot is in that server no more: then it reaches nobody of it."""
        return self._client.get_guild(self.place.guild) is None

    @property
    def vanished(self) -> bool:
        """Whether it is known that nothing of what stood there can be reached any more.

        A webhook edits and deletes what it posted without any permission of the bot's.
        """
        return self.removed or self._lost in (CHANNEL_GONE, THREAD_GONE, REMOVED)

    def _known(self, *, agents: bool) -> str:
        """What is in the way, out of what discord.py remembers; empty also where it knows nothing."""
        guild = self._client.get_guild(self.place.guild)
        if guild is None:
            return REMOVED
        parent, me = guild.get_channel(self.place.parent), guild.me
        if parent is None or me is None or guild.unavailable:
            return ""
        have = parent.permissions_for(me)
        if not have.read_messages:
            return UNSEEN
        if not (have.send_messages_in_threads if is_thread(self.place) else have.send_messages):
            return muted(self.place)
        return NO_WEBHOOKS if agents and not have.manage_webhooks else ""

    def lost(self, error: Exception) -> OutletGone | None:
        """The reason, where Discord refused something for good that the bot itself wanted to do there."""
        found = None if self.away else gone(error, self.place)
        if found is not None:
            self._lost = found.sentence
        return found

    def end(self, because: str) -> None:
        """The room is over there, for this reason."""
        if because in SPEECHLESS:
            self._lost = self._lost or because

    def renew(self) -> None:
        """Somebody wants the room to go on: Discord may be asked again."""
        self._lost = ""

    async def revived(self, error: Exception) -> bool:
        """Whether it was refused since the thread was archived, which it is no more. Raises `OutletGone`.

        Posts wake a thread by themselves; typing and edits do not.
        """
        if code_of(error) != ARCHIVED:
            return False
        try:
            await self._wake()
        except TROUBLE as failure:
            if (end := self.lost(failure)) is not None:
                raise end from error
            log.warning("thread %s could not be opened again: %s", self.place.channel, failure or "no answer")
            return False
        return True

    async def _wake(self) -> None:
        thread = await answered(self._client.fetch_channel(self.place.channel))
        if isinstance(thread, discord.Thread) and thread.locked:
            self._lost = LOCKED
            raise OutletGone(LOCKED)
        if isinstance(thread, discord.Thread):
            await answered(thread.edit(archived=False))
