"""Rooms' rows are written again when the database comes back, whoever writes them at the same time."""

import asyncio

from rooms_bot.engine.rows import Rows
from rooms_bot.errors import RoomsError
from rooms_bot.ports import RoomRecord
from rooms_bot.store.ram import RamStore
from tests.engine.conftest import Stage
from tests.engine.fakes import TurnedClock, saying


class Slow(RamStore):
    """Fails until `works` is set; then the first room's writes wait for `go`."""

    works = False

    def __init__(self) -> None:
        super().__init__()
        self.go, self.saving, self.saved = asyncio.Event(), asyncio.Event(), list[int]()

    async def save_room(self, record: RoomRecord) -> None:
        if not self.works:
            raise RoomsError("away")
        self.saving.set()
        if record.id == 1:
            await self.go.wait()
        self.saved.append(record.id)


async def test_a_row_that_somebody_else_has_written_meanwhile_is_not_looked_for(stage: Stage) -> None:
    room, _ = await stage.open({"Ada": saying("hello")}, agents_answer="people")
    store = Slow()
    async with Rows(store, TurnedClock()) as rows:
        await rows.save(1, room.state)
        await rows.save(2, room.state)
        store.works = True
        await store.saving.wait()
        await rows.save(2, room.state)
        store.go.set()
    assert store.saved == [2, 1]
