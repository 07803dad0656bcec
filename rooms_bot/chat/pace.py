"""How fast Discord is asked where all rooms ask at once: its global limit is 50 requests a second."""

import asyncio

from rooms_bot.clock import Clock

AT_ONCE = 5
"""Requests that may be made without a pause."""
PER_SECOND = 35.0
"""How many more may be made in a second; what is left of Discord's limit is for all that is done meanwhile."""
NEARLY = 1 - 1e-6
"""What counts as one: times are sums of fractions."""


class Pace:
    """Lets requests through one after the other, in the order in which they come."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._left, self._at = clock, float(AT_ONCE), clock.now()
        self._turn, self._empty, self._waiting = asyncio.Lock(), asyncio.Event(), 0
        self._empty.set()

    async def take(self) -> None:
        """Wait until one more may be made."""
        self._waiting += 1
        self._empty.clear()
        try:
            async with self._turn:
                while not self._fits():
                    await self._clock.sleep((1 - self._left) / PER_SECOND)
                self._left -= 1
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._empty.set()

    async def quiet(self) -> None:
        """Wait until nobody waits for that any more."""
        await self._empty.wait()

    def _fits(self) -> bool:
        now = self._clock.now()
        self._left = min(AT_ONCE, self._left + max(0.0, now - self._at) * PER_SECOND)
        self._at = now
        return self._left >= NEARLY
