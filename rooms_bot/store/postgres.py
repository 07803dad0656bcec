"""PostgreSQL: one connection that writes and keeps others out, a few that read."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import URL, event
from sqlalchemy.exc import SQLAlchemyError

from rooms_bot.errors import SetupError
from rooms_bot.store.address import in_use, place, unusable
from rooms_bot.store.failures import StoreFailed
from rooms_bot.store.migrate import migrate
from rooms_bot.store.schema import metadata
from rooms_bot.store.transaction import Connections, Work

LOCK_SECONDS = 30
"""How long is waited for what another program has locked."""
ANSWER_SECONDS = 60
"""How long the server may take for one statement, and is silent when it is given up."""
READERS = 4
TRIES = 10
"""Looks for the lock, a tenth of a second apart: the server notices a moment late that a killed bot is gone."""
TAKEN = "another Rooms Bot has taken it over while the connection was lost; stop one of the two"

# Two bots in schemas of their own may share a database.
LOCK = "SELECT pg_try_advisory_lock(hashtext('rooms-bot in ' || current_schema()))"
WHO = "SELECT pg_backend_pid(), backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"
# By the time it began, since numbers are given again.
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = {} AND backend_start = '{}'"

# A server that hears nothing more of us for so long ends the connection, and with it the lock: 90 seconds.
ALIVE = {"tcp_keepalives_idle": "60", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}

VACUUM = "VACUUM " + ", ".join(metadata.tables)

T = TypeVar("T")


class Hold:
    """The lock that keeps other bots out. The connection that writes holds it: one that lost it cannot write either."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._last: tuple[int, str] | None = None

    def take(self, connection: Any, _record: object) -> None:
        """On each new connection. Raises `SetupError` where another process has the lock."""
        cursor = connection.cursor()
        if self._last is not None:  # where the network was cut the server may not know yet that it is gone
            cursor.execute(END.format(*self._last))
        if not any(_locked(cursor) for _ in range(TRIES)):
            raise in_use(self._url)
        cursor.execute(WHO)
        number, began = cursor.fetchone()
        self._last = (int(number), str(began))
        connection.commit()
        cursor.close()


class PostgresDatabase:
    """Made by `open_server`."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._writes, self._reads = _writing(url), _reading(url)

    async def read(self, work: Work[T]) -> T:
        return await self._reads.do(work)

    async def write(self, work: Work[T]) -> T:
        try:
            return await self._writes.do(work)
        except SetupError:  # the connection was lost, and another bot was there before this one was back
            raise StoreFailed(TAKEN) from None

    async def scrub(self) -> None:
        """Its log and its backups are the operator's."""

    async def tidy(self, *, ending: bool = False) -> None:
        """Rows that were overwritten or removed stay in the tables until then, where no query finds them."""
        if not ending:  # else the server does it by itself
            await self.read(lambda connection: connection.exec_driver_sql(VACUUM))

    async def prepare(self) -> None:
        """Its tables are those of this version. Raises `SetupError`."""
        await self._writes.do(partial(migrate, place=place(self._url)))

    async def close(self) -> None:
        await self._reads.close()
        await self._writes.close()


@asynccontextmanager
async def open_server(url: URL) -> AsyncIterator[PostgresDatabase]:
    """Raises `SetupError`, without the password, where it cannot be used or another process has it."""
    database = PostgresDatabase(url)
    try:
        try:
            await database.prepare()
        except (SQLAlchemyError, OSError) as error:
            raise unusable(url, error) from error
        yield database
    finally:
        await database.close()


def _writing(url: URL) -> Connections:
    writes = _connections(url, 1)
    event.listen(writes.engine, "connect", Hold(url).take)
    return writes


def _reading(url: URL) -> Connections:
    return _connections(url, READERS, {"default_transaction_read_only": "on"}, isolation_level="AUTOCOMMIT")


def _connections(url: URL, count: int, more: Mapping[str, str] = MappingProxyType({}), **options: Any) -> Connections:
    told = {"lock_timeout": str(int(LOCK_SECONDS * 1000)), **ALIVE, **more}
    arguments = {"timeout": 10, "command_timeout": ANSWER_SECONDS, "server_settings": told}
    try:
        return Connections(url, count, connect_args=arguments, **options)
    except ModuleNotFoundError:
        raise SetupError("PostgreSQL needs one more package: pip install 'rooms-bot[postgres]'.") from None


def _locked(cursor: Any) -> bool:
    cursor.execute(LOCK)
    locked = bool(cursor.fetchone()[0])
    if not locked:
        cursor.execute("SELECT pg_sleep(0.1)")
    return locked
