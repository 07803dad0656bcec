"""One webhook of ours per channel, through which every agent speaks under its own name and face.

Discord allows 15 webhooks a channel (error 30007), but name and avatar can be set per message.
"""

import asyncio
from collections import defaultdict

import discord

from rooms_bot.chat import losses
from rooms_bot.chat.failures import is_page
from rooms_bot.chat.traffic import answered
from rooms_bot.errors import OutletGone

NAME = "Rooms"
FULL = 30007
MOST = 15
"""Webhooks of one channel."""
REASON = "Rooms Bot: the voices of this channel's agents"


class Webhooks:
    """Finds our webhook of a channel again, or makes it."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._known: dict[int, discord.Webhook] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, channel: int) -> discord.Webhook:
        """Our webhook there. Raises `OutletGone` where there can be none."""
        async with self._locks[channel]:
            if channel not in self._known:
                self._known[channel] = await self._made(channel)
            return self._known[channel]

    async def existing(self, channel: int) -> discord.Webhook | None:
        """Our webhook there, where there is one already. Raises `OutletGone` where that cannot be seen."""
        async with self._locks[channel]:
            return self._known.get(channel) or await self._find(channel, make=False)

    def lost(self, hook: discord.Webhook) -> None:
        """It answered that it is gone; Discord punishes asking it again."""
        if (channel := self.channel(hook.id)) is not None:
            del self._known[channel]

    def known(self, webhook: int) -> discord.Webhook | None:
        """Ours with this id, unless it is gone."""
        return next((hook for hook in self._known.values() if hook.id == webhook), None)

    def channel(self, webhook: int) -> int | None:
        """Whose webhook of ours this is."""
        return next((channel for channel, hook in self._known.items() if hook.id == webhook), None)

    async def _made(self, channel: int) -> discord.Webhook:
        found = await self._find(channel, make=True)
        assert found is not None
        return found

    async def _find(self, channel: int, *, make: bool) -> discord.Webhook | None:
        try:
            place = self._client.get_channel(channel) or await answered(self._client.fetch_channel(channel))
            if not isinstance(place, discord.TextChannel | discord.ForumChannel | discord.VoiceChannel):
                raise OutletGone(losses.UNFIT)
            own = [hook for hook in await answered(place.webhooks()) if is_own(self._client.user, hook)]
            if own or not make:
                return own[0] if own else None
            return await answered(place.create_webhook(name=NAME, reason=REASON))
        except discord.HTTPException as error:
            if (because := _loss(error)) is not None:
                raise OutletGone(because) from error
            raise


def _loss(error: discord.HTTPException) -> str | None:
    """Why there can be none; None where that is not what it means."""
    if is_page(error):
        return None
    match error:
        case discord.NotFound():
            return losses.CHANNEL_GONE
        case discord.Forbidden():
            return losses.UNSEEN if error.code == losses.NO_ACCESS else losses.NO_WEBHOOKS
        case _:
            return losses.FULL if error.code == FULL else None


def is_own(me: discord.abc.Snowflake | None, hook: discord.Webhook) -> bool:
    """Whether the bot `me` made it, and may speak through it."""
    return hook.token is not None and hook.user is not None and me is not None and hook.user.id == me.id
