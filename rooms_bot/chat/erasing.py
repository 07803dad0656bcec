"""Takes agents' messages out of the channel again: by the webhook that posted them, or else as the bot itself."""

import logging
from collections.abc import Sequence

import aiohttp
import discord
from discord.utils import MISSING

from rooms_bot.chat.webhooks import Webhooks
from rooms_bot.domain.rooms import Place
from rooms_bot.errors import OutletGone

log = logging.getLogger(__name__)

NO_WEBHOOK = 10015
FAILURES = (discord.HTTPException, aiohttp.ClientError, TimeoutError)


class Eraser:
    """A webhook deletes its own messages without any permission; the bot needs Manage Messages for them."""

    def __init__(self, client: discord.Client, webhooks: Webhooks) -> None:
        self._client, self._webhooks = client, webhooks

    async def erase(self, place: Place, posts: Sequence[int]) -> bool:
        """Delete these messages; False where one of them is still there. Never raises."""
        return all([await self._erase(place, post) for post in posts])

    async def _erase(self, place: Place, post: int) -> bool:
        """A message that this webhook does not know may be of one before it."""
        thread = discord.Object(place.channel) if place.channel != place.parent else MISSING
        try:
            webhook = await self._webhooks.of(place.parent)
            await webhook.delete_message(post, thread=thread)
        except discord.NotFound as error:
            if error.code == NO_WEBHOOK:
                self._webhooks.lost(place.parent)
            return await self._as_bot(place, post)
        except (OutletGone, *FAILURES) as error:
            log.info("message %s could not be deleted by its webhook: %s", post, error or "no answer")
            return await self._as_bot(place, post)
        return True

    async def _as_bot(self, place: Place, post: int) -> bool:
        channel = self._client.get_partial_messageable(place.channel, guild_id=place.guild)
        try:
            await channel.get_partial_message(post).delete()
        except discord.NotFound:
            return True  # somebody was quicker
        except FAILURES as error:
            log.warning("message %s could not be deleted: %s", post, error or "no answer")
            return False
        return True
