"""The panels in the channels: drawn with faces, and edited where they would show something else."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

import discord

from rooms_bot.chat.budget import Budget
from rooms_bot.chat.faces import Faces
from rooms_bot.chat.failures import TROUBLE, code_of, passes
from rooms_bot.chat.locales import spoken_in
from rooms_bot.chat.losses import ARCHIVED
from rooms_bot.chat.panel import Sights, panel
from rooms_bot.chat.render import Voice
from rooms_bot.chat.traffic import answered
from rooms_bot.domain.rooms import Place, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.i18n import speaking

log = logging.getLogger(__name__)

DELETED = "deleted"
MOST = 2000
"""Panels that are remembered, the newest; another one is edited once for nothing."""
PATIENCE = 3.0
"""Seconds after which no further face is looked for; it comes with a later edit."""

Figures = Callable[[RoomState, int], Sequence[str]]
"""Lines about what the room of this number and its server may spend, for everyone to see."""


def no_figures(room: RoomState, number: int) -> Sequence[str]:
    del room, number
    return ()


def never() -> bool:
    return False


class Panels:
    """The panels of all rooms. What each message shows is remembered, so that none is edited for nothing.

    Edits wait while `crowded` says that others need Discord more.
    """

    def __init__(
        self,
        client: discord.Client,
        faces: Faces,
        budget: Budget,
        voice: Voice,
        crowded: Callable[[], bool] = never,
    ) -> None:
        self._client, self._faces, self._budget, self._voice, self._crowded = client, faces, budget, voice, crowded
        self.figures: Figures = no_figures
        self._shown: dict[int, str] = {}
        """By message a digest of it, or `DELETED`."""
        self._phases: dict[int, Phase] = {}
        """By message whether it says that the room is live, paused or over."""

    async def of(self, room: RoomState, number: int, locale: object = None) -> discord.ui.LayoutView:
        """The panel of the room `number` as it is now, in this language or else the server's."""
        faces = await self._portraits(room.seats.values())
        with speaking(locale or spoken_in(self._client, room.opened.place.guild)):
            return panel(room, number, Sights(self._voice, faces, self.figures(room, number)))

    async def _portraits(self, seats: Iterable[Seat]) -> Mapping[int, str]:
        loop, found = asyncio.get_running_loop(), {}
        until = loop.time() + PATIENCE
        for seat in list(seats):
            url = await self._faces.url(seat.persona) if loop.time() < until else None
            if url:
                found[seat.id] = url
        return found

    def shows(self, message: int, view: discord.ui.LayoutView, room: RoomState) -> None:
        """This message shows this now, or is about to."""
        self._drop(message)
        while len(self._phases) >= MOST:
            self._drop(next(iter(self._phases)))
        self._shown[message], self._phases[message] = _digest(view), room.phase

    def _drop(self, message: int) -> None:
        self._shown.pop(message, None)
        self._phases.pop(message, None)

    async def refresh(self, room: RoomState, number: int) -> bool:
        """See `Outlet.refresh`. Words come first: an edit waits until the channel is quiet, and Discord's global limit
        far off, but not where the panel has buttons of another phase than the room is in.

        Raises discord.py's `HTTPException` where the thread is archived, or nothing may be edited there any more.
        """
        message = room.panel
        if message is None or self._shown.get(message) == DELETED:
            return True
        view = await self.of(room, number)
        if self._shown.get(message) == _digest(view):
            return True
        right = room.phase is self._phases.get(message, room.phase) and room.phase is not Phase.CLOSED
        if right and self._busy(room.opened.place.parent):
            return False
        return await self._replace(room, message, view)

    def _busy(self, channel: int) -> bool:
        return self._crowded() or self._budget.crowded(channel) or self._budget.delay(channel) > 0

    async def _replace(self, room: RoomState, message: int, view: discord.ui.LayoutView) -> bool:
        """What it is about to show is remembered from now on, so that nobody else makes the same edit meanwhile."""
        self.shows(message, view, room)
        done = False
        try:
            await self._budget.take(room.opened.place.parent)
            done = await self._edit(room.opened.place, message, view)
        finally:
            if not done:
                self._shown.pop(message, None)
        return done

    async def _edit(self, place: Place, message: int, view: discord.ui.LayoutView) -> bool:
        channel = self._client.get_partial_messageable(place.channel, guild_id=place.guild)
        try:
            edited = channel.get_partial_message(message).edit(
                view=view, allowed_mentions=discord.AllowedMentions.none()
            )
            await answered(edited)
        except TROUBLE as error:
            if passes(error):
                log.warning("the panel %s could not be edited yet: %s", message, error or "no answer")
                return False
            if isinstance(error, discord.Forbidden) or code_of(error) == ARCHIVED:
                raise
            if isinstance(error, discord.NotFound):
                self._shown[message] = DELETED
            else:
                log.warning("the panel %s cannot be edited: %s", message, error)
        return True


def _digest(view: discord.ui.LayoutView) -> str:
    components = view.to_components()  # type: ignore[no-untyped-call] # discord.py left it without types
    return sha256(json.dumps(components).encode()).hexdigest()
