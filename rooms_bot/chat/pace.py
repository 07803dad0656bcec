"""How fast Discord is asked: its global limit is 50 requests a second, for a bot's token and for an address.

Source: Discord's documentation of rate limits. Which second it counts is not told, so it is kept to in every one; and
not by when a request was begun, but by when it may have arrived, which is at the latest when its answer is there.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rooms_bot.clock import Clock

SECOND = 1.0
MOST = 45
"""Requests in any second; what is left of Discord's limit is for others that use the same token."""
ARRIVED = 2.0
"""Seconds after which a request has arrived, though its answer may be long in coming."""


@dataclass(slots=True)
class Slot:
    """One request's share of the limit, which is free again at `until` at the latest."""

    until: float


class Pace:
    """Lets requests through in the order in which they come, as soon as the limit allows."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._turn, self._shut = clock, asyncio.Lock(), 0.0
        self._slots: list[Slot] = []

    async def take(self) -> Callable[[], None]:
        """Wait until one more may be made; what is returned is to be called once it was answered."""
        async with self._turn:
            while (wait := self._wait()) > 0:
                await self._clock.sleep(wait)
            slot = Slot(self._clock.now() + ARRIVED + SECOND)
            self._slots.append(slot)
        return partial(self._end, slot)

    def crowded(self) -> bool:
        """Whether so much is used that nothing should be asked but what has to be."""
        now = self._now()
        return 2 * len(self._slots) > MOST or self._shut > now

    def hold(self, seconds: float) -> None:
        """Discord wants to be asked nothing for so long."""
        self._shut = max(self._shut, self._clock.now() + seconds)

    def _end(self, slot: Slot) -> None:
        slot.until = min(slot.until, self._clock.now() + SECOND)

    def _wait(self) -> float:
        """Seconds until one more fits, or until that is to be asked again: no answer to come frees one before."""
        now = self._now()
        due = self._shut if len(self._slots) < MOST else max(self._shut, self._next(now))
        return max(0.0, due - now)

    def _next(self, now: float) -> float:
        return min(now + SECOND, *(slot.until for slot in self._slots))

    def _now(self) -> float:
        """The time; slots that are free by then are given back."""
        now = self._clock.now()
        self._slots = [slot for slot in self._slots if slot.until > now]
        return now
