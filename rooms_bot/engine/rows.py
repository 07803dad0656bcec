"""Rooms' rows: their configuration as it is now and, of ephemeral ones, how they stand."""

import logging
from types import TracebackType
from typing import Self

from rooms_bot.clock import Clock
from rooms_bot.domain.events import Tally, Usage
from rooms_bot.domain.rooms import Memory
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.engine.soon import Soon
from rooms_bot.errors import RoomsError
from rooms_bot.ports import RoomRecord, Store
from rooms_bot.store.failures import NoSuchRoom

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two times that ephemeral rooms' counters are written; a crash loses no more of them."""


class Rows:
    """`async with` it for as long as rooms live."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._touched: dict[int, RoomState] = {}
        self._unsaved: dict[int, RoomState] = {}
        self._soon = Soon(self._write, clock, EVERY)

    async def __aenter__(self) -> Self:
        await self._soon.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._soon.__aexit__(kind, error, trace)

    async def save(self, number: int, room: RoomState) -> None:
        """Keep its row; where the database fails, as soon as it can. What happens in the room does not wait for it."""
        self._unsaved[number] = room
        await self._save(number)
        if number in self._unsaved:
            self._soon.ask()

    def touch(self, number: int, room: RoomState) -> None:
        """An ephemeral room stands differently now."""
        if room.config.memory is Memory.EPHEMERAL:
            self._touched[number] = room
            self._soon.ask()

    async def _save(self, number: int) -> None:
        room = self._unsaved.get(number)
        if room is None:
            return  # somebody else has written it meanwhile
        try:
            await self._store.save_room(record(number, room))
        except NoSuchRoom:  # all that was kept of its server has been deleted
            self._unsaved.pop(number, None)
        except RoomsError as error:
            log.warning("the row of room %s could not be written: %s", number, error)
        else:
            self._unsaved.pop(number, None)

    async def _write(self) -> None:
        for number in list(self._unsaved):
            await self._save(number)
        touched, self._touched = self._touched, {}
        try:
            if touched:
                await self._store.save_tallies({number: tally(room) for number, room in touched.items()})
        except RoomsError as error:
            log.warning("how rooms stand could not be written: %s", error)
            self._touched = touched | self._touched
        if self._unsaved:
            self._soon.ask()


def record(number: int, room: RoomState) -> RoomRecord:
    """A room's row as it is now."""
    return RoomRecord(
        id=number,
        place=room.opened.place,
        config=room.config,
        moderator=room.moderator,
        seats=tuple(room.seats.values()),
        opened_by=room.opened.by,
        opened_at=room.opened_at,
        open=room.phase is not Phase.CLOSED,
        tally=tally(room) if room.config.memory is Memory.EPHEMERAL else Tally(),
    )


def tally(room: RoomState) -> Tally:
    """How it stands, in numbers."""
    spent = room.spent
    return Tally(
        panel=room.panel,
        paused=room.paused,
        waiting=room.waiting,
        since_human=room.since_human,
        standing=room.standing,
        muted=tuple(sorted(room.muted)),
        taken=room.turns_taken,
        allowed=room.turns_allowed,
        redone=room.turns_redone,
        spent=Usage(prompt_tokens=spent.prompt_tokens, completion_tokens=spent.completion_tokens, cost=spent.cost),
        unpriced=spent.unpriced,
        forgotten=dict(room.forgotten),
    )
