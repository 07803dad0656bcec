"""Leaves nothing behind of words that were overwritten or removed: what costs seconds is done once for many of them."""

import asyncio
import logging
import time
from contextlib import suppress

from rooms_bot.store.database import Database
from rooms_bot.store.desk import FAILURES, Desk, failed

AFTER = 60.0
"""Seconds from the first of them until it is done."""
SHARE = 500
"""One part in so many of the time is spent on it: meanwhile nothing else is written. It takes about 15 s per GB."""
RETRY = 3600.0
"""Seconds until it is tried again where it failed."""

log = logging.getLogger(__name__)


class Tidying:
    """Where it fails that is logged, and it is tried again."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database, self._desk = database, desk
        self._waiting = False
        self._not_before = 0.0

    def soon(self) -> None:
        """Within a minute, where that is not too often, or when the program ends."""
        if not self._waiting and not self._desk.closing.is_set():
            self._waiting = True
            self._desk.start(self._later())

    async def now(self) -> None:
        await self._desk.do(self._tidy)

    async def now_unless_often(self) -> None:
        """For what comes again and again, such as what anybody can ask for."""
        if time.monotonic() < self._not_before:
            self.soon()
        else:
            await self.now()

    async def _later(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(max(AFTER, self._not_before - time.monotonic())):
                await self._desk.closing.wait()
        self._waiting = False
        await self._tidy()

    async def _tidy(self) -> None:
        started = time.monotonic()
        try:
            await self._database.tidy(ending=self._desk.closing.is_set())
        except FAILURES as error:
            log.warning("what was overwritten may still lie in free places of the database: %s", failed(error))
            self._not_before = time.monotonic() + RETRY
            self.soon()
        else:
            ended = time.monotonic()
            self._not_before = ended + SHARE * (ended - started)
