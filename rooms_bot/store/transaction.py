"""What is done with a database in one go, on a connection of SQLAlchemy's, in a thread or awaited."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

T = TypeVar("T")
Work = Callable[[Connection], T]


def transact(engine: Engine, work: Work[T]) -> T:
    """Do all of `work` and commit it, or nothing of it.

    A connection that was lost while it lay in the pool shows it only now: nothing was committed then, and a new one is
    tried, once. What is lost in the commit itself is not tried again: it may be kept.
    """
    with engine.connect() as connection:
        try:
            result = work(connection)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        else:
            connection.commit()
            return result
    with engine.begin() as connection:
        return work(connection)


class Connections:
    """So many of them, of a driver that is awaited: `work` runs in the event loop's thread, in a greenlet."""

    def __init__(self, url: URL, count: int, **options: Any) -> None:
        # Every write ends with a commit or a rollback of its own, and reading opens none: nothing is to be reset.
        pool = {"pool_size": count, "max_overflow": 0, "pool_reset_on_return": None}
        self._engine = create_async_engine(url, **pool, **options)
        self.engine = self._engine.sync_engine
        # The pool's own line gives up after a while, and does not notice that a connection could not be made.
        self._free = asyncio.Semaphore(count)

    async def do(self, work: Work[T]) -> T:
        """As `transact` does, on the next that is free."""
        async with self._free:
            result: T = await greenlet_spawn(transact, self.engine, work)
            return result

    async def close(self) -> None:
        await self._engine.dispose()
