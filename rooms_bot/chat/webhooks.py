"""One webhook of ours per channel, through which every agent speaks under its own name and face.

Discord allows 15 webhooks a channel (error 30007), but name and avatar can be set per message.
"""

import asyncio
from collections import defaultdict

import discord

from rooms_bot.chat import losses
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
                self._known[channel] = await self._find(channel)
            return self._known[channel]

    def lost(self, channel: int) -> None:
        """It answered that it is gone; Discord punishes asking it again."""
        self._known.pop(channel, None)

    def channel(self, webhook: int) -> int | None:
        """Whose webhook of ours this is."""
        return next((channel for channel, hook in self._known.items() if hook.id == webhook), None)

    async def _find(self, channel: int) -> discord.Webhook:
        try:
            place = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
            if not isinstance(place, discord.TextChannel | discord.ForumChannel | discord.VoiceChannel):
                raise OutletGone(losses.UNFIT)
            own = [hook for hook in await place.webhooks() if is_own(self._client.user, hook)]
            return own[0] if own else await place.create_webhook(name=NAME, reason=REASON)
        except discord.NotFound as error:
            raise OutletGone(losses.CHANNEL_GONE) from error
        except discord.Forbidden as error:
            raise OutletGone(losses.UNSEEN if error.code == losses.NO_ACCESS else losses.NO_WEBHOOKS) from error
        except discord.HTTPException as error:
            if error.code == FULL:
                raise OutletGone(losses.FULL) from error
            raise


def is_own(me: discord.abc.Snowflake | None, hook: discord.Webhook) -> bool:
    """Whether the bot `me` made it, and may speak through it."""
    return hook.token is not None and hook.user is not None and me is not None and hook.user.id == me.id
