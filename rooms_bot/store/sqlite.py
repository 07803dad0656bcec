"""SQLite: one file, one thread that writes, a few connections that read. The event loop waits for none of them."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Thread, current_thread
from typing import Any, TypeVar
from urllib.parse import quote
from weakref import WeakSet

from filelock import FileLock, Timeout
from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from rooms_bot.store.address import in_use, place, unusable
from rooms_bot.store.migrate import migrate
from rooms_bot.store.transaction import Connections, Work, transact

BUSY_MS = 30_000
"""How long is waited for another program, such as a backup, to let go of the file."""
HURRY_MS = 1000
"""How long the log is waited for that is to be emptied, while nobody writes; then it is tried after the next write."""
CHECKED_BYTES = 64 * 2**20
"""Files up to this size are read through at the start, which takes about a second per 500 MB."""
LOG_BYTES = 16 * 2**20
"""What the write-ahead log is cut to once all of it is in the file; it grows while another program reads for long."""
READERS = 4
CAREFUL = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
)

# A connection that met one of these may go on meeting it after the cause is gone; a new one does not.
SPOILT = ("malformed", "not a database", "I/O error", "readonly", "unable to open")

log = logging.getLogger(__name__)
T = TypeVar("T")


class SqliteDatabase:
    """Made by `open_file`."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._writes, self._writer = _writing(url), ThreadPoolExecutor(1, "database-writer")
        self._readers: WeakSet[Thread] = WeakSet()
        self._reads = _reading(url, self._readers)
        self._soiled = False
        """Whether the log still holds what is to be gone from it."""

    async def read(self, work: Work[T]) -> T:
        return await self._reads.do(work)

    async def write(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, work)

    async def scrub(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._scrub, HURRY_MS)

    async def tidy(self, *, ending: bool = False) -> None:
        """Where rows move between pages, SQLite leaves copies behind that `secure_delete` does not reach."""
        if not ending or _size(self._url) <= CHECKED_BYTES:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._tidy)

    async def prepare(self) -> None:
        """Its tables are those of this version. Raises `SetupError`."""
        work = partial(migrate, place=place(self._url))
        await asyncio.get_running_loop().run_in_executor(self._writer, transact, self._writes, work)

    async def close(self) -> None:
        await self._reads.close()
        await asyncio.get_running_loop().run_in_executor(self._writer, self._close)
        self._writer.shutdown(wait=False)

    def _write(self, work: Work[T]) -> T:
        result = transact(self._writes, work)
        if self._soiled:
            self._scrub(0)
        return result

    def _scrub(self, patience: int) -> None:
        """What was committed is: where the log cannot be emptied now, that is no failure."""
        self._soiled = True
        try:
            with self._writes.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
                try:
                    busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MS}")
        except SQLAlchemyError as error:
            if patience:
                log.warning("the database's log could not be emptied yet: %s", getattr(error, "orig", error))
        else:
            self._soiled = bool(busy)

    def _tidy(self) -> None:
        with self._writes.connect() as connection:
            connection.exec_driver_sql("VACUUM")
        self._scrub(HURRY_MS)

    def _close(self) -> None:
        # Of a connection that failed or was given up nobody waits for the end, which its thread tells the event loop.
        for thread in list(self._readers):
            thread.join(BUSY_MS / 1000)
        self._writes.dispose()


@asynccontextmanager
async def open_file(url: URL) -> AsyncIterator[SqliteDatabase]:
    """Raises `SetupError` where it cannot be used or another process has it."""
    with held(url):
        try:
            await asyncio.to_thread(_check, url)
        except (sqlite3.Error, OSError) as error:
            raise unusable(url, error) from error
        database = SqliteDatabase(url)
        try:
            await _prepare(database, url)
            yield database
        finally:
            await database.close()


async def _prepare(database: SqliteDatabase, url: URL) -> None:
    try:
        await database.prepare()
    except (SQLAlchemyError, OSError) as error:
        raise unusable(url, error) from error


@contextmanager
def held(url: URL) -> Iterator[None]:
    """The file's folder exists and its lock is ours; the lock goes with the process, however that ends."""
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


def _check(url: URL) -> None:
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


def _writing(url: URL) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{_file(url)}?mode=rw",
            uri=True,
            timeout=BUSY_MS / 1000,
            isolation_level="IMMEDIATE",
            check_same_thread=False,
        )
        connection.text_factory = _text
        for pragma in (*CAREFUL, f"journal_size_limit = {LOG_BYTES}"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    # Every write ends with a commit or a rollback of its own: none is to be reset.
    engine = create_engine(url, creator=connect, pool_size=1, max_overflow=0, pool_reset_on_return=None)
    event.listen(engine, "handle_error", _judge)
    return engine


def _reading(url: URL, threads: WeakSet[Thread]) -> Connections:
    """Each has a thread of aiosqlite's, which goes into `threads`."""

    def connect(*place: Any, **options: Any) -> sqlite3.Connection:
        threads.add(current_thread())
        connection = sqlite3.Connection(*place, **options)
        connection.text_factory = _text
        connection.execute("PRAGMA query_only = ON")
        return connection

    address = URL.create("sqlite+aiosqlite", database=_file(url), query={"mode": "rw", "uri": "true"})
    told = {"timeout": BUSY_MS / 1000, "factory": connect}
    reads = Connections(address, READERS, connect_args=told)
    event.listen(reads.engine, "handle_error", _judge)
    return reads


def _file(url: URL) -> str:
    """For `mode=rw`: not created where it has gone meanwhile, or the empty one would be taken for one without rooms."""
    return f"file:{quote(str(url.database))}"


def _text(raw: bytes) -> str:
    """A bit that flipped costs one letter, and not the room; the error would quote the whole text in the log."""
    return raw.decode(errors="replace")


def _judge(context: ExceptionContext) -> None:
    said = str(context.original_exception)
    if isinstance(context.original_exception, sqlite3.Error) and any(word in said for word in SPOILT):
        context.is_disconnect = True
