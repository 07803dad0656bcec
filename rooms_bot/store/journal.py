"""Writes the events of all rooms: those that come while a transaction is under way share the next one.

A commit waits for the disk, whatever is in it. One task writes, so an append
whose caller is cancelled is written all the same, or not at all.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from rooms_bot.errors import RoomsError
from rooms_bot.store.failures import Misplaced, StoreFailed
from rooms_bot.store.rows import Row

# A lost connection is made anew by the next write, which can fail in these ways.
FAILURES = (SQLAlchemyError, OSError, RoomsError)


@dataclass(frozen=True, slots=True)
class Entry:
    rows: Sequence[Row]
    done: asyncio.Future[None]

    def succeed(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def fail(self, error: BaseException) -> None:
        if self.done.done():
            return
        first = self.rows[0]
        cause = Misplaced(first["room"], first["idx"]) if isinstance(error, IntegrityError) else failed(error)
        self.done.set_exception(cause)


def failed(error: BaseException) -> RoomsError:
    """A database's error as this program's."""
    return error if isinstance(error, RoomsError) else StoreFailed(getattr(error, "orig", None) or error)


class JournalWriter:
    """`write` puts rows into the database in one transaction, all or none."""

    def __init__(self, write: Callable[[Sequence[Row]], Awaitable[None]]) -> None:
        self._write = write
        self._entries: list[Entry] = []
        self._something = asyncio.Event()
        self._closed = False

    async def append(self, rows: Sequence[Row]) -> None:
        """Returns when they are on the disk."""
        if self._closed:
            raise StoreFailed("it is closed")
        if not rows:
            return
        entry = Entry(rows, asyncio.get_running_loop().create_future())
        self._entries.append(entry)
        self._something.set()
        await entry.done

    def close(self) -> None:
        """What has been handed in is still written, and nothing after it."""
        self._closed = True
        self._something.set()

    async def run(self) -> None:
        """Write until closed."""
        while self._entries or not self._closed:
            await self._something.wait()
            self._something.clear()
            entries, self._entries = self._entries, []
            if entries:
                await self._write_all(entries)

    async def _write_all(self, entries: Sequence[Entry]) -> None:
        try:
            await self._write([row for entry in entries for row in entry.rows])
        except (IntegrityError, DataError) as error:
            if len(entries) == 1:
                entries[0].fail(error)
                return
            for entry in entries:  # one of them is at fault: the others are not to suffer
                await self._write_all([entry])
        except FAILURES as error:
            for entry in entries:
                entry.fail(error)
        else:
            for entry in entries:
                entry.succeed()


@asynccontextmanager
async def beside(work: Coroutine[None, None, None], stop: Callable[[], None]) -> AsyncIterator[None]:
    """Run `work` beside the block; at its end call `stop` and wait. The block's error comes out as it is."""
    try:
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(work)
            try:
                yield
            finally:
                stop()
                await asyncio.wait([task])
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from group.exceptions[0].__cause__
