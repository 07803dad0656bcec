"""Keeps a room's panel up to date, but does not edit it all the time."""

import asyncio

from rooms_bot.clock import Clock
from rooms_bot.domain.state import RoomState
from rooms_bot.ports import Outlet

EVERY = 15.0
"""Seconds between two edits of the panel, at least."""


class Display:
    """`touch` it whenever the room has changed; `keep` runs beside the room."""

    def __init__(self, outlet: Outlet, clock: Clock) -> None:
        self._outlet, self._clock = outlet, clock
        self._stale = asyncio.Event()

    def touch(self) -> None:
        """What the panel shows may be outdated."""
        self._stale.set()

    async def keep(self, room: RoomState) -> None:
        """Edit the panel after changes, for as long as this is not cancelled."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            if room.panel is not None:
                shown = False
                try:
                    shown = await self._outlet.refresh(room)
                finally:
                    if not shown:
                        self._stale.set()
                await self._clock.sleep(EVERY)

    async def conclude(self, room: RoomState) -> None:
        """What the panel shows from now on, where `keep` did not come to it any more."""
        if self._stale.is_set() and room.panel is not None:
            await self._outlet.refresh(room)
