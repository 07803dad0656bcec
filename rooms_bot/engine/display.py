"""Keeps a room's panel up to date, but does not edit it all the time."""

import asyncio

from rooms_bot.clock import Clock
from rooms_bot.domain.state import RoomState
from rooms_bot.ports import Outlet

EVERY = 15.0
"""Seconds between two edits of the panel, at least."""


class Display:
    """`touch` it whenever the room has changed; `keep` runs beside the room.

    A change is shown at once where the last edit is old enough, and else as soon as it is.
    """

    def __init__(self, outlet: Outlet, clock: Clock) -> None:
        self._outlet, self._clock = outlet, clock
        self._stale = asyncio.Event()
        self._edited = -EVERY

    def touch(self) -> None:
        """What the panel shows may be outdated."""
        self._stale.set()

    def claim(self) -> None:
        """Somebody else edits the panel now, and that is its edit for the time being."""
        self._edited = self._clock.now()

    async def keep(self, room: RoomState) -> None:
        """Edit the panel after changes, for as long as this is not cancelled."""
        while True:
            await self._stale.wait()
            if (early := self._edited + EVERY - self._clock.now()) > 0:
                await self._clock.sleep(early)
                continue
            self._stale.clear()
            if room.panel is not None:
                await self._refresh(room)

    async def _refresh(self, room: RoomState) -> None:
        shown = False
        try:
            shown = await self._outlet.refresh(room)
        finally:
            self.claim()
            if not shown:
                self._stale.set()

    async def conclude(self, room: RoomState) -> None:
        """What the panel shows from now on, where `keep` did not come to it any more."""
        if self._stale.is_set() and room.panel is not None:
            await self._outlet.refresh(room)
