"""Time, so that it can be handed in: the program takes `SystemClock`, tests one that they turn."""

import asyncio
import sys
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds since the epoch, and a wait."""

    def now(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


def _elapsed() -> float:
    """Seconds since some moment, evenly. On Linux the usual clock stands still while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


class SystemClock:
    """The machine's time. `now` goes on evenly even where the wall clock is set."""

    def __init__(self) -> None:
        self._offset = time.time() - _elapsed()

    def now(self) -> float:
        return self._offset + _elapsed()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
