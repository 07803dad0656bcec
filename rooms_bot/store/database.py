"""Opens a database: SQLite or PostgreSQL, for this process alone, with the schema of this version."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from sqlalchemy import URL

from rooms_bot.store.address import is_file, parse
from rooms_bot.store.postgres import PostgresDatabase, open_server
from rooms_bot.store.sqlite import SqliteDatabase, open_file
from rooms_bot.store.transaction import Work
from rooms_bot.store.trouble import Trouble

T = TypeVar("T")


class Database(Protocol):
    """Where it does not answer all raise what SQLAlchemy raises, `OSError` or `RoomsError`."""

    async def read(self, work: Work[T]) -> T:
        """Do `work`, which only reads; several at a time."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Do `work` in a transaction, one at a time: all of it or nothing."""
        ...

    async def scrub(self) -> None:
        """What was overwritten or removed is not to stay in the log that the database writes ahead."""
        ...

    async def tidy(self, *, ending: bool = False) -> None:
        """Nor in places of its files that hold nothing any more; this takes time, and at the end none is left."""
        ...

    async def close(self) -> None: ...


class Watched:
    """A database of which the operator is told when it begins to fail, and when it answers again."""

    def __init__(self, database: Database, url: URL) -> None:
        self._database = database
        self._reading, self._writing = Trouble(url), Trouble(url)
        self.scrub, self.tidy, self.close = database.scrub, database.tidy, database.close

    async def read(self, work: Work[T]) -> T:
        with self._reading.told():
            return await self._database.read(work)

    async def write(self, work: Work[T]) -> T:
        with self._writing.told():
            return await self._database.write(work)


@asynccontextmanager
async def open_database(address: str) -> AsyncIterator[Database]:
    """Raises `SetupError`, without the password, where it cannot be used or another process has it."""
    url = parse(address)
    async with open_file(url) if is_file(url) else open_server(url) as database:
        yield Watched(database, url)


@asynccontextmanager
async def as_it_is(url: URL) -> AsyncIterator[Database]:
    """Nothing is locked, looked at or brought up to date."""
    database = SqliteDatabase(url) if is_file(url) else PostgresDatabase(url)
    try:
        yield database
    finally:
        await database.close()
