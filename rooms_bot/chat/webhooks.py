"""One webhook of ours per channel, through which every agent speaks under its own name and face.

Discord allows 15 webhooks a channel (error 30007), but name and avatar can be set per message.
"""

import asyncio
from collections import defaultdict

import discord

from rooms_bot.errors import OutletGone

NAME = "Rooms"
FULL = 30007
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

    async def _find(self, channel: int) -> discord.Webhook:
        try:
            place = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
            if not isinstance(place, discord.TextChannel | discord.ForumChannel | discord.VoiceChannel):
                raise OutletGone("agents cannot speak in this kind of channel")
            own = [hook for hook in await place.webhooks() if hook.token and self._is_ours(hook)]
            return own[0] if own else await place.create_webhook(name=NAME, reason=REASON)
        except discord.NotFound as error:
            raise OutletGone("the channel is gone") from error
        except discord.Forbidden as error:
            raise OutletGone("the bot may not manage webhooks there") from error
        except discord.HTTPException as error:
            if error.code == FULL:
                raise OutletGone("the channel has 15 webhooks already, which is all that Discord allows") from error
            raise

    def _is_ours(self, hook: discord.Webhook) -> bool:
        return hook.user is not None and self._client.user is not None and hook.user.id == self._client.user.id
