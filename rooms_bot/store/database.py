"""Opens a database: SQLite or PostgreSQL, for this process alone, with the schema of this version."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from rooms_bot.errors import SetupError
from rooms_bot.store.address import in_use, is_file, parse, place, unusable
from rooms_bot.store.migrate import migrate

BUSY_MS = 5000
"""How long SQLite waits for another program, such as a backup, to let go of the file."""
CHECKED_BYTES = 64 * 2**20
"""SQLite files up to this size are read through at the start, which takes about a second per 500 MB."""

# Two bots in schemas of their own may share a PostgreSQL database.
PG_LOCK = "SELECT pg_try_advisory_lock(hashtext('rooms-bot in ' || current_schema()))"
# The server notices a moment late that a connection is gone: our own before this one, or a killed bot's.
PG_TRIES = 10


@dataclass(frozen=True, slots=True)
class Database:
    """`writes` has one connection, which holds the lock that keeps others out; `reads` cannot write."""

    writes: AsyncEngine
    reads: AsyncEngine

    async def scrub(self) -> None:
        """Where words were overwritten in SQLite's file, its write-ahead log still has them: empty it."""
        if self.writes.dialect.name == "sqlite":
            async with self.writes.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@asynccontextmanager
async def open_database(address: str) -> AsyncIterator[Database]:
    """Raises `SetupError`, without the password, where it cannot be used or another process has it."""
    url = parse(address)
    with held(url):
        database = Database(_engine(url, writes=True), _engine(url, writes=False))
        try:
            await _prepare(database.writes, url)
            yield database
        finally:
            await database.reads.dispose()
            await database.writes.dispose()


@contextmanager
def held(url: URL) -> Iterator[None]:
    """A SQLite file's folder exists and its lock is ours; the lock goes with the process, however that ends."""
    if not is_file(url):
        yield
        return
    file = Path(str(url.database))
    lock = FileLock(f"{file}.lock", thread_local=False, fallback_to_soft=False)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        raise in_use(url) from None
    except OSError as error:
        raise unusable(url, error) from error
    try:
        yield
    finally:
        lock.release()


async def _prepare(writes: AsyncEngine, url: URL) -> None:
    try:
        if is_file(url):
            await asyncio.to_thread(_check_file, url)
        await migrate(writes, place(url))
    except (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError) as error:
        raise unusable(url, error) from error


def _check_file(url: URL) -> None:
    """Without aiosqlite: the thread of a connection that failed to open may outlive the event loop, and complains."""
    with closing(sqlite3.connect(str(url.database), timeout=BUSY_MS / 1000, isolation_level=None)) as connection:
        # A file that may only be read shows it at the first write, not at BEGIN IMMEDIATE, which then only reads.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA user_version = 0")
        connection.execute("ROLLBACK")
        if _size(url) > CHECKED_BYTES:
            return
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("malformed")


def _size(url: URL) -> int:
    return Path(str(url.database)).stat().st_size


def _engine(url: URL, *, writes: bool) -> AsyncEngine:
    options: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if writes else {"pool_size": 4, "max_overflow": 0}
    if writes:
        # Every write ends with a commit or a rollback of its own; another one costs 0.25 ms on SQLite.
        options["pool_reset_on_return"] = None
    if not is_file(url):
        options |= {"pool_pre_ping": True, "connect_args": {"timeout": 10, "command_timeout": 60}}
    try:
        engine = create_async_engine(url, **options)
    except ModuleNotFoundError:
        raise SetupError("PostgreSQL needs one more package: pip install 'rooms-bot[postgres]'.") from None
    _on_connect(engine, url, writes=writes)
    return engine


def _on_connect(engine: AsyncEngine, url: URL, *, writes: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            for pragma in _pragmas(writes):
                cursor.execute(f"PRAGMA {pragma}")
        elif writes:
            # Held by the connection that writes: one that lost it cannot write either.
            if not any(_locks(cursor) for _ in range(PG_TRIES)):
                raise in_use(url)
            connection.commit()
        cursor.close()


def _locks(cursor: Any) -> bool:
    cursor.execute(PG_LOCK)
    locked = bool(cursor.fetchone()[0])
    if not locked:
        cursor.execute("SELECT pg_sleep(0.1)")
    return locked


def _pragmas(writes: bool) -> list[str]:
    if not writes:
        return [f"busy_timeout = {BUSY_MS}", "query_only = ON"]
    return [
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ]
