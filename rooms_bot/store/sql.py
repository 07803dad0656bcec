"""The store in a database: SQLite and PostgreSQL alike."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from rooms_bot.store.database import open_database
from rooms_bot.store.desk import Desk
from rooms_bot.store.erasure import Erasure
from rooms_bot.store.finds import Finds
from rooms_bot.store.rooms import Rooms
from rooms_bot.store.servers import Servers


class SqlStore(Erasure, Rooms, Servers, Finds):
    """Made by `SqlStore.open`. Where the database fails all raise `StoreFailed`; `append` raises also `Misplaced`.

    What was begun is done, even where its caller is cancelled.
    """

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, now: Callable[[], float] = time.time) -> AsyncIterator[Self]:
        """The store at an SQLAlchemy URL, its folder made, its tables up to date. Raises `SetupError`."""
        async with open_database(url) as database, Desk.open() as desk:
            yield cls(database, desk, now)
