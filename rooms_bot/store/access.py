"""Reading and writing tables: what all parts of the store have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, RowMapping, Select, Table, and_, insert, update

from rooms_bot.store.database import Database
from rooms_bot.store.desk import Desk
from rooms_bot.store.rows import Row
from rooms_bot.store.tidying import Tidying
from rooms_bot.store.transaction import Work

T = TypeVar("T")


class Access:
    """Where the database fails all raise `StoreFailed`. What was begun is done, even where its caller is cancelled."""

    def __init__(self, database: Database, desk: Desk, now: Callable[[], float]) -> None:
        self._database, self._desk, self._now = database, desk, now
        self._tidying = Tidying(database, desk)

    async def _read(self, wanted: Select[Any]) -> Sequence[RowMapping]:
        def rows(connection: Connection) -> Sequence[RowMapping]:
            return connection.execute(wanted).mappings().all()

        return await self._desk.do(lambda: self._database.read(rows))

    async def _write(self, work: Work[T]) -> T:
        """Do `work` in a transaction; there is one at a time."""
        return await self._desk.do(lambda: self._database.write(work))

    async def _overwrite(self, work: Work[T]) -> T:
        """The same, where words are overwritten or removed."""

        async def scrubbed() -> T:
            result = await self._database.write(work)
            await self._database.scrub()
            return result

        result = await self._desk.do(scrubbed)
        self._tidying.soon()
        return result

    async def _leave_nothing(self, *, often: bool = False) -> None:
        """Of what was removed so far; where that is `often` asked for, what takes long is done now and then."""
        await self._desk.do(self._database.scrub)
        await (self._tidying.now_unless_often() if often else self._tidying.now())

    async def _put(self, table: Table, row: Row, key: tuple[str, ...]) -> None:
        """Overwrite the row with this key, or add it."""
        this = and_(*(table.c[column] == row[column] for column in key))

        def put(connection: Connection) -> None:
            if connection.execute(update(table).where(this).values(row)).rowcount == 0:
                connection.execute(insert(table), row)

        await self._write(put)

    async def _remove(self, gone: Delete) -> int:
        """How many rows that were."""
        return await self._write(lambda connection: connection.execute(gone).rowcount)

    def _now_ms(self) -> int:
        return round(self._now() * 1000)
