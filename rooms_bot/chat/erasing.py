"""Takes agents' messages out of the channel again: by the webhook that posted them, or else as the bot itself."""

import logging
from collections.abc import Sequence

import discord
from discord.utils import MISSING

from rooms_bot.chat.access import Access
from rooms_bot.chat.failures import LOST_WEBHOOK, TROUBLE, UNKNOWN_MESSAGE, code_of, is_page, passes, pause
from rooms_bot.chat.losses import ARCHIVED
from rooms_bot.chat.traffic import answered
from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import OutletGone

log = logging.getLogger(__name__)

NOT_FOUND = 404
TRIES = 8
"""How often, in about two minutes, it is tried to take back what stands there; then it stays."""


class Eraser:
    """A webhook deletes its own messages without any permission; the bot needs Manage Messages for them."""

    def __init__(self, client: discord.Client, webhooks: Webhooks) -> None:
        self._client, self._webhooks = client, webhooks

    async def erase(self, place: Place, posts: Sequence[int]) -> bool:
        """Delete these messages; False where one of them is still there. Never raises."""
        return all([await self._erase(place, post) for post in posts])

    async def take_back(self, access: Access, post: int) -> bool:
        """The same for one, tried some times, in an archived thread too."""
        for attempt in range(TRIES):
            if access.vanished:
                return True
            try:
                await self._remove(access.place, post, once=True)
            except TROUBLE as error:
                if await _is_for_good(access, error):
                    log.warning("message %s could not be taken back and stays: %s", post, error or "no answer")
                    return False
                await access.clock.sleep(pause(error, attempt))
            else:
                return True
        log.warning("message %s could not be taken back and stays: tried %d times", post, TRIES)
        return False

    async def _erase(self, place: Place, post: int) -> bool:
        for way in (self._remove, self._as_bot):
            try:
                await way(place, post)
            except TROUBLE as error:
                log.warning("message %s could not be deleted: %s", post, error or "no answer")
                if isinstance(error, discord.Forbidden):
                    return False
            else:
                return True
        return False

    async def _remove(self, place: Place, post: int, *, once: bool = False) -> None:
        """A message that the webhook of today does not know may be of one before it.

        Raises what Discord's answer means to discord.py, where it is still there.
        """
        if not await self._by_webhook(place, post, once=once):
            await self._as_bot(place, post, once=once)

    async def _as_bot(self, place: Place, post: int, *, once: bool = False) -> None:
        channel = self._client.get_partial_messageable(place.channel, guild_id=place.guild)
        try:
            await answered(channel.get_partial_message(post).delete(), once=once)
        except discord.NotFound as error:  # somebody was quicker
            if is_page(error):
                raise

    async def _by_webhook(self, place: Place, post: int, *, once: bool) -> bool:
        """Whether it is gone by that; False where the bot itself has to try."""
        thread = discord.Object(place.channel) if place.channel != place.parent else MISSING
        try:
            webhook = await self._webhooks.existing(place.parent)
        except OutletGone as error:
            log.info("no webhook can delete message %s: %s", post, error)
            return False
        if webhook is None:
            return False
        try:
            await answered(webhook.delete_message(post, thread=thread), once=once)
        except discord.HTTPException as error:
            if passes(error) or error.code == ARCHIVED:
                raise
            if error.code in LOST_WEBHOOK:
                self._webhooks.lost(webhook)
            return error.status == NOT_FOUND and error.code not in (UNKNOWN_MESSAGE, *LOST_WEBHOOK)
        return True


async def _is_for_good(access: Access, error: Exception) -> bool:
    """Whether trying again is of no use."""
    if code_of(error) == ARCHIVED:
        try:
            return not await access.revived(error)
        except OutletGone:
            return True
    return not passes(error)
