"""Rooms' configuration in a database: a row for each room, and one for each of its seats."""

import logging
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from rooms_bot.domain.events import Tally
from rooms_bot.ports import RoomRecord
from rooms_bot.store.access import Access
from rooms_bot.store.desk import FAULTS
from rooms_bot.store.failures import NoSuchRoom
from rooms_bot.store.rows import room_row, seat_rows, tally_json, to_room
from rooms_bot.store.schema import rooms, seats

TALLY = update(rooms).where(rooms.c.id == bindparam("of")).values(tally=bindparam("stand"))

log = logging.getLogger(__name__)


class Rooms(Access):
    async def open_room(self, record: RoomRecord) -> int:
        def add(connection: Connection) -> int:
            result = connection.execute(insert(rooms).values(room_row(record)))
            number = int(next(iter(result.inserted_primary_key or ())))
            connection.execute(insert(seats), seat_rows(number, record))
            return number

        return await self._write(add)

    async def save_room(self, record: RoomRecord) -> None:
        ended = None if record.open else func.coalesce(rooms.c.closed_at, self._now_ms())
        row = room_row(record) | {"closed_at": ended}

        def overwrite(connection: Connection) -> None:
            if connection.execute(update(rooms).where(rooms.c.id == record.id).values(row)).rowcount == 0:
                raise NoSuchRoom(record.id)
            connection.execute(delete(seats).where(seats.c.room == record.id))
            connection.execute(insert(seats), seat_rows(record.id, record))

        await self._write(overwrite)

    async def open_rooms(self) -> list[RoomRecord]:
        numbers = await self._read(select(rooms.c.id).where(rooms.c.open).order_by(rooms.c.id))
        found = [await self._record(row["id"]) for row in numbers]
        return [record for record in found if record is not None]

    async def _record(self, room: int) -> RoomRecord | None:
        """None where it cannot be read: each is read by itself, since one that is no JSON spoils the whole answer."""
        joined = select(rooms, seats.c.body).join(seats).where(rooms.c.id == room).order_by(seats.c.place)
        try:
            return to_room(await self._read(joined))
        except FAULTS:
            log.error("room %s cannot be read and is left out; `rooms-bot db check` says more", room)
            return None

    async def save_tallies(self, tallies: Mapping[int, Tally]) -> None:
        rows = [{"of": room, "stand": tally_json(tally)} for room, tally in tallies.items()]
        if rows:
            await self._write(lambda connection: connection.execute(TALLY, rows).close())
