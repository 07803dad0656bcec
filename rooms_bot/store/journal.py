"""Writes the events of all rooms: those that come while a transaction is under way share the next one.

A commit waits for the disk, whatever is in it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from rooms_bot.store.desk import FAILURES, FAULTS, Desk, failed
from rooms_bot.store.failures import Misplaced
from rooms_bot.store.rows import Row
from rooms_bot.store.trouble import impossible


@dataclass(frozen=True, slots=True)
class Entry:
    """One append. Its caller may be gone before it is done."""

    rows: Sequence[Row]
    done: asyncio.Future[None]

    def succeed(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def fail(self, error: BaseException) -> None:
        if not self.done.done():
            first = self.rows[0]
            misplaced = isinstance(error, IntegrityError)
            self.done.set_exception(Misplaced(first["room"], first["idx"]) if misplaced else _told(error))


def _told(error: BaseException) -> BaseException:
    return error if isinstance(error, FAULTS) else failed(error)


class JournalWriter:
    """`write` puts rows into the database in one transaction, all or none."""

    def __init__(self, desk: Desk, write: Callable[[Sequence[Row]], Awaitable[None]]) -> None:
        self._desk = desk
        self._write = write
        self._entries: list[Entry] = []
        self._at_work = False

    async def append(self, rows: Sequence[Row]) -> None:
        """Returns when they are on the disk."""
        if not rows:
            return
        entry = Entry(rows, asyncio.get_running_loop().create_future())
        if not self._at_work:
            self._desk.start(self._work())
            self._at_work = True
        self._entries.append(entry)
        await entry.done

    async def _work(self) -> None:
        while self._entries:
            entries, self._entries = self._entries, []
            await self._write_all(entries)
        self._at_work = False

    async def _write_all(self, entries: Sequence[Entry]) -> None:
        try:
            await self._write([row for entry in entries for row in entry.rows])
        except (*FAILURES, *FAULTS) as error:
            if len(entries) == 1 or not impossible(error):
                for entry in entries:
                    entry.fail(error)
                return
            for entry in entries:  # one of them is at fault: the others are not to suffer
                await self._write_all([entry])
        else:
            for entry in entries:
                entry.succeed()
