"""The store in a database: SQLite and PostgreSQL alike."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, Self, TypeVar

from sqlalchemy import RowMapping, Select, Table, Text, and_, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms_bot.domain.events import Event, Happening
from rooms_bot.domain.personas import Persona
from rooms_bot.ports import GuildSettings, Profile, RoomRecord, Spending
from rooms_bot.store.database import Database, open_database
from rooms_bot.store.desk import Desk
from rooms_bot.store.failures import NoSuchRoom
from rooms_bot.store.journal import JournalWriter
from rooms_bot.store.redaction import Traces, nobody, traces
from rooms_bot.store.rows import Row, event_row, room_row, seat_rows, settings_row, to_event, to_room, to_settings
from rooms_bot.store.schema import events, expansions, faces, guilds, images, personas, profiles, rooms, seats, spending

T = TypeVar("T")

PAGE = 500
"""Events read at a time: the connection is free between two pages."""

APPEND = insert(events)
REWRITE = (
    update(events)
    .where(events.c.room == bindparam("of"), events.c.idx == bindparam("at_index"), events.c.text.is_not(None))
    .values(text=bindparam("words"))
)
REPLACE = (
    update(events)
    .where(events.c.room == bindparam("of"), events.c.idx == bindparam("at_index"))
    .values(text=bindparam("words"), body=bindparam("rest"))
)


class SqlStore:
    """Made by `SqlStore.open`. Where the database fails all raise `StoreFailed`; `append` raises also `Misplaced`.

    What was begun is done, even where its caller is cancelled.
    """

    def __init__(self, database: Database, desk: Desk, now: Callable[[], float]) -> None:
        self._database = database
        self._desk = desk
        self._now = now
        self._one_writes = asyncio.Lock()
        self._journal = JournalWriter(desk, self._append_rows)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, now: Callable[[], float] = time.time) -> AsyncIterator[Self]:
        """The store at an SQLAlchemy URL, its folder made, its tables up to date. Raises `SetupError`."""
        async with open_database(url) as database, Desk.open() as desk:
            yield cls(database, desk, now)

    # Events

    async def append(self, room: int, events: Sequence[Event]) -> None:
        await self._journal.append([event_row(room, event) for event in events])

    async def events(self, room: int, after: int = -1) -> AsyncIterator[Event]:
        while page := await self._page(room, after):
            for event in page:
                yield event
            after = page[-1].index

    async def rewrite(self, room: int, texts: Mapping[int, str]) -> None:
        rows = [{"of": room, "at_index": index, "words": text} for index, text in texts.items()]
        gone = [index for index, text in texts.items() if not text]
        thought = and_(events.c.room == room, events.c.idx.in_(gone), events.c.kind.in_(("generated", "failed")))

        async def overwrite(connection: AsyncConnection) -> None:
            await connection.execute(REWRITE, rows)
            for index, body in (await connection.execute(select(events.c.idx, events.c.body).where(thought))).all():
                this = and_(events.c.room == room, events.c.idx == index)
                await connection.execute(update(events).where(this).values(body=body | {"thought": ""}))

        if rows:
            await self._write(overwrite, scrub=True)

    async def forget(self, room: int) -> None:
        gone = delete(events).where(events.c.room == room)
        await self._write(lambda connection: connection.execute(gone), scrub=True)

    async def redact(self, room: int, member: int) -> None:
        found = await self._traces(room, member)
        await self._replace(room, found.redacted)

    async def forget_member(self, guild: int, member: int) -> None:
        """A room is read while others write; what is left of it is then written in one go."""
        used = delete(spending).where(spending.c.guild == guild, spending.c.member == member)
        await self._write(lambda connection: connection.execute(used))
        for row in await self._read(select(rooms.c.id, rooms.c.opened_by).where(rooms.c.guild == guild)):
            if row["opened_by"]["id"] == member:
                await self._put(rooms, {"id": row["id"], "opened_by": nobody(member).model_dump()}, ("id",))
            found = await self._traces(row["id"], member)
            if found.names:  # else the room knows nothing of them
                await self._replace(row["id"], found.forgotten)

    async def _traces(self, room: int, member: int) -> Traces:
        naming = cast(events.c.body, Text).contains(str(member))
        wanted = select(events).where(events.c.room == room, naming).order_by(events.c.idx)
        return traces((to_event(row) for row in await self._read(wanted)), member)

    async def _replace(self, room: int, left: Callable[[Happening], Happening]) -> None:
        """Overwrite each of the room's events with what is `left` of it."""
        rows = []
        async for event in self.events(room):
            if (what := left(event.what)) != event.what:
                row = event_row(room, event.model_copy(update={"what": what}))
                rows.append({"of": room, "at_index": event.index, "words": row["text"], "rest": row["body"]})
        if rows:
            await self._write(lambda connection: connection.execute(REPLACE, rows), scrub=True)

    async def _append_rows(self, rows: Sequence[Row]) -> None:
        async with self._one_writes, self._database.writes.begin() as connection:
            await connection.execute(APPEND, rows)

    async def _page(self, room: int, after: int) -> list[Event]:
        wanted = select(events).where(events.c.room == room, events.c.idx > after).order_by(events.c.idx).limit(PAGE)
        return [to_event(row) for row in await self._read(wanted)]

    # Rooms

    async def open_room(self, record: RoomRecord) -> int:
        async def add(connection: AsyncConnection) -> int:
            result = await connection.execute(insert(rooms).values(room_row(record)))
            number = int(next(iter(result.inserted_primary_key or ())))
            await connection.execute(insert(seats), seat_rows(number, record))
            return number

        return await self._write(add)

    async def save_room(self, record: RoomRecord) -> None:
        async def overwrite(connection: AsyncConnection) -> None:
            result = await connection.execute(update(rooms).where(rooms.c.id == record.id).values(room_row(record)))
            if result.rowcount == 0:
                raise NoSuchRoom(record.id)
            await connection.execute(delete(seats).where(seats.c.room == record.id))
            await connection.execute(insert(seats), seat_rows(record.id, record))

        await self._write(overwrite)

    async def open_rooms(self) -> list[RoomRecord]:
        wanted = select(rooms, seats.c.body).join(seats).where(rooms.c.open).order_by(rooms.c.id, seats.c.place)
        found = groupby(await self._read(wanted), key=itemgetter("id"))
        return [to_room([*rows]) for _, rows in found]

    # People

    async def profile(self, guild: int, member: int) -> Profile | None:
        found = await self._read(select(profiles).where(profiles.c.guild == guild, profiles.c.member == member))
        return Profile.model_validate(dict(found[0])) if found else None

    async def profiles(self) -> list[Profile]:
        return [Profile.model_validate(dict(row)) for row in await self._read(select(profiles))]

    async def save_profile(self, profile: Profile) -> None:
        await self._put(profiles, profile.model_dump(), ("guild", "member"))

    async def settings(self, guild: int) -> GuildSettings:
        found = await self._read(select(guilds).where(guilds.c.guild == guild))
        return to_settings(found[0]) if found else GuildSettings(guild=guild)

    async def all_settings(self) -> list[GuildSettings]:
        return [to_settings(row) for row in await self._read(select(guilds))]

    async def save_settings(self, settings: GuildSettings) -> None:
        await self._put(guilds, settings_row(settings), ("guild",))

    # Servers' personas

    async def personas(self) -> list[tuple[int, Persona]]:
        rows = await self._read(select(personas).order_by(personas.c.guild, personas.c.key))
        return [(row["guild"], Persona.model_validate(row["body"])) for row in rows]

    async def save_persona(self, guild: int, persona: Persona) -> None:
        row = {"guild": guild, "key": persona.name.casefold(), "body": persona.model_dump(mode="json")}
        await self._put(personas, row, ("guild", "key"))

    async def drop_persona(self, guild: int, name: str) -> None:
        gone = delete(personas).where(personas.c.guild == guild, personas.c.key == name.casefold())
        await self._write(lambda connection: connection.execute(gone))

    async def image(self, digest: str) -> bytes | None:
        found = await self._read(select(images.c.data).where(images.c.digest == digest))
        return bytes(found[0]["data"]) if found else None

    async def save_image(self, digest: str, data: bytes) -> None:
        await self._put(images, {"digest": digest, "data": data}, ("digest",))

    async def drop_image(self, digest: str) -> None:
        gone = delete(images).where(images.c.digest == digest)
        await self._write(lambda connection: connection.execute(gone))

    # Spending

    async def spending(self, since: int) -> list[Spending]:
        rows = await self._read(select(spending).where(spending.c.hour >= since))
        return [Spending.model_validate(dict(row)) for row in rows]

    async def spend(self, spent: Sequence[Spending]) -> None:
        async def add(connection: AsyncConnection) -> None:
            for one in spent:
                row = one.model_dump()
                this = and_(*(spending.c[column] == row[column] for column in ("guild", "member", "hour")))
                more = {"tokens": spending.c.tokens + one.tokens, "dollars": spending.c.dollars + one.dollars}
                known = {"unpriced": True} if one.unpriced else {}
                if not (await connection.execute(update(spending).where(this).values(more | known))).rowcount:
                    await connection.execute(insert(spending), row)

        if spent:
            await self._write(add)

    # Expansions

    async def expansion(self, card: str) -> tuple[str, ...] | None:
        found = await self._read(select(expansions).where(expansions.c.card == card))
        return tuple(found[0]["words"]) if found else None

    async def save_expansion(self, card: str, words: Sequence[str]) -> None:
        await self._put(expansions, {"card": card, "words": list(words)}, ("card",))

    # Faces

    async def face(self, digest: str) -> str | None:
        this = faces.c.digest == digest

        async def use(connection: AsyncConnection) -> str | None:
            await connection.execute(update(faces).where(this).values(used_at=self._now_ms()))
            return (await connection.execute(select(faces.c.url).where(this))).scalar()

        return await self._write(use)

    async def save_face(self, digest: str, emoji: int, url: str, guild: int | None) -> None:
        row = {"digest": digest, "emoji": emoji, "url": url, "guild": guild, "used_at": self._now_ms()}
        await self._put(faces, row, ("digest",))

    async def oldest_face(self, guild: int, keep: int) -> tuple[str, int] | None:
        owned = faces.c.guild == guild
        count = select(func.count()).where(owned).scalar_subquery()
        oldest = select(faces).where(owned, count > keep).order_by(faces.c.used_at, faces.c.digest).limit(1)
        found = await self._read(oldest)
        return (found[0]["digest"], found[0]["emoji"]) if found else None

    async def drop_face(self, digest: str) -> None:
        gone = delete(faces).where(faces.c.digest == digest)
        await self._write(lambda connection: connection.execute(gone))

    def _now_ms(self) -> int:
        return round(self._now() * 1000)

    # The database

    async def _read(self, wanted: Select[Any]) -> Sequence[RowMapping]:
        async def rows() -> Sequence[RowMapping]:
            async with self._database.reads.connect() as connection:
                found: Sequence[RowMapping] = (await connection.execute(wanted)).mappings().all()
                return found

        return await self._desk.do(rows)

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[T]], *, scrub: bool = False) -> T:
        """Do `work` in a transaction; there is one at a time."""

        async def transaction() -> T:
            async with self._one_writes:
                async with self._database.writes.begin() as connection:
                    result = await work(connection)
                if scrub:
                    await self._database.scrub()
            return result

        return await self._desk.do(transaction)

    async def _put(self, table: Table, row: Row, key: tuple[str, ...]) -> None:
        """Overwrite the row with this key, or add it."""
        this = and_(*(table.c[column] == row[column] for column in key))

        async def put(connection: AsyncConnection) -> None:
            result = await connection.execute(update(table).where(this).values(row))
            if result.rowcount == 0:
                await connection.execute(insert(table), row)

        await self._write(put)
