"""Rooms' events in a database."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from rooms_bot.domain.events import Event
from rooms_bot.store.access import Access
from rooms_bot.store.database import Database
from rooms_bot.store.desk import Desk
from rooms_bot.store.journal import JournalWriter
from rooms_bot.store.rows import Row, event_row, to_event
from rooms_bot.store.schema import events

PAGE = 500
"""Events read at a time: the connection is free between two pages."""

APPEND = insert(events)
REWRITE = (
    update(events)
    .where(events.c.room == bindparam("of"), events.c.idx == bindparam("at_index"), events.c.text.is_not(None))
    .values(text=bindparam("words"))
)
THOUGHT = ("generated", "failed", "passed")


class Events(Access):
    """`append` raises also `Misplaced`."""

    def __init__(self, database: Database, desk: Desk, now: Callable[[], float]) -> None:
        super().__init__(database, desk, now)
        self._journal = JournalWriter(desk, self._append_rows)

    async def append(self, room: int, events: Sequence[Event]) -> None:
        await self._journal.append([event_row(room, event) for event in events])

    async def _append_rows(self, rows: Sequence[Row]) -> None:
        await self._database.write(lambda connection: connection.execute(APPEND, rows).close())

    async def events(self, room: int, after: int = -1) -> AsyncIterator[Event]:
        while page := await self._page(room, after):
            for event in page:
                yield event
            after = page[-1].index

    async def _page(self, room: int, after: int) -> list[Event]:
        wanted = select(events).where(events.c.room == room, events.c.idx > after).order_by(events.c.idx).limit(PAGE)
        return [to_event(row) for row in await self._read(wanted)]

    async def rewrite(self, room: int, texts: Mapping[int, str]) -> None:
        rows = [{"of": room, "at_index": index, "words": text} for index, text in texts.items()]
        gone = [index for index, text in texts.items() if not text]

        def overwrite(connection: Connection) -> None:
            connection.execute(REWRITE, rows)
            _drop_thoughts(connection, room, gone)

        if rows:
            await self._overwrite(overwrite)

    async def forget(self, room: int) -> None:
        gone = delete(events).where(events.c.room == room)
        await self._overwrite(lambda connection: connection.execute(gone).close())


def _drop_thoughts(connection: Connection, room: int, indexes: Sequence[int]) -> None:
    thought = and_(events.c.room == room, events.c.idx.in_(indexes), events.c.kind.in_(THOUGHT))
    for index, body in connection.execute(select(events.c.idx, events.c.body).where(thought)).all():
        this = and_(events.c.room == room, events.c.idx == index)
        connection.execute(update(events).where(this).values(body=body | {"thought": ""}))
