"""The message that a room is over: what is left of it once nothing of the room is kept."""

import logging

import discord

from rooms_bot.chat.desk import Desk
from rooms_bot.chat.failures import TROUBLE
from rooms_bot.chat.render import FORGOTTEN, ended
from rooms_bot.chat.splitting import split
from rooms_bot.chat.traffic import answered
from rooms_bot.domain.events import Closed, Event, Resumed
from rooms_bot.domain.rooms import Place
from rooms_bot.i18n import _

log = logging.getLogger(__name__)


class Closing:
    """Of one room, as long as this process has the room."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk, self._place = desk, place
        self._told: tuple[int, Closed] | None = None
        """Where it stands, and of which end it tells."""

    async def follow(self, event: Event, posted: int | None) -> None:
        """After each event, with the message in which people were told of it, if they were."""
        match event.what:
            case Closed(reason="discarded"):
                if self._told is not None:
                    await self._strip(*self._told)
                self._told = None
            case Closed() as closed if posted is not None and closed.kept_until:
                self._told = posted, closed
            case Resumed(reason="more turns"):
                self._told = None

    async def _strip(self, message: int, closed: Closed) -> None:
        """No buttons, and not until when what was said is kept."""
        channel = self._desk.client.get_partial_messageable(self._place.channel, guild_id=self._place.guild)
        left = split(f"{ended(closed)}\n{_(FORGOTTEN)}").parts[-1]
        nobody = discord.AllowedMentions.none()
        try:
            await self._desk.budget.take(self._place.parent, urgent=True)
            edited = channel.get_partial_message(message).edit(content=left, view=None, allowed_mentions=nobody)
            await answered(edited)
        except TROUBLE as error:
            log.warning(
                "channel %s: the closing message keeps its buttons: %s", self._place.channel, error or "no answer"
            )
