"""Where the database's work is done: in tasks of its own, so that a caller that is cancelled leaves it whole.

A call cancelled within a driver leaves a connection behind that may keep
SQLite's lock until it is collected, and nobody knows what became of the commit.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from rooms_bot.errors import RoomsError
from rooms_bot.store.failures import StoreFailed

T = TypeVar("T")

# A lost connection is made anew by the next call, which can fail in these ways.
FAILURES = (SQLAlchemyError, OSError, RoomsError)
FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""Of our own: a number that no column holds, a row that makes no sense. Left to the tasks, one would end them all."""


def failed(error: BaseException) -> RoomsError:
    """A database's error as this program's."""
    return error if isinstance(error, RoomsError) else StoreFailed(getattr(error, "orig", None) or error)


class Desk:
    """Made by `Desk.open`."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._running: set[asyncio.Task[None]] = set()
        self.closing = asyncio.Event()
        """What waits for nothing but time is to be done at once, or not at all."""

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """At its end what was begun is finished. The block's error comes out as it is, in no group."""
        try:
            async with asyncio.TaskGroup() as tasks:
                desk = cls(tasks)
                try:
                    yield desk
                finally:
                    await desk._close()
        except BaseExceptionGroup as group:
            if len(group.exceptions) > 1:
                raise
            raise group.exceptions[0] from group.exceptions[0].__cause__

    async def do(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `work()` returns. Raises `RoomsError` where the database fails."""
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.start(_settle(work, result))
        return await result

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Nobody waits for `work`: it must deal with its errors itself."""
        if self.closing.is_set():
            work.close()
            raise StoreFailed("it is closed")
        task = self._tasks.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _close(self) -> None:
        self.closing.set()
        if self._running:
            await asyncio.wait(self._running)


async def _settle(work: Callable[[], Coroutine[Any, Any, T]], result: asyncio.Future[T]) -> None:
    try:
        value = await work()
    except FAILURES as error:
        if not result.done():
            result.set_exception(failed(error))
    except FAULTS as error:
        if not result.done():
            result.set_exception(error)
    else:
        if not result.done():
            result.set_result(value)
