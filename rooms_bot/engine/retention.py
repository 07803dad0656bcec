"""How long what was said is kept, where the operator sets an end to it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from rooms_bot.clock import Clock
from rooms_bot.domain.events import Event, Expired, Failed, Generated, Happening, Passed, now_ms
from rooms_bot.domain.rooms import Memory
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.commands import Command
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.errors import RoomsError
from rooms_bot.ports import Store

log = logging.getLogger(__name__)

EVERY = 3600.0
"""Seconds between two looks."""


class Retention:
    """`async with` it: at the start and every hour what is older than so many `days` goes; with 0 nothing does."""

    def __init__(self, house: House, store: Store, clock: Clock, days: int) -> None:
        self._house, self._store, self._clock, self.days = house, store, clock, days

    async def __aenter__(self) -> Self:
        self._tasks = await asyncio.TaskGroup().__aenter__()
        self._looking = self._tasks.create_task(self._go_on(), name="retention")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Not with the error, which would come out as a group of errors."""
        self._looking.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def look(self) -> None:
        """Rooms that are over go whole, so long after their end; of those that go on, what was said before goes."""
        if not self.days:
            return
        before = now_ms(self._clock.now()) - timedelta(days=self.days)
        try:
            if count := await self._store.expire(before):
                log.info("%d rooms that have been over for %d days were removed", count, self.days)
            for room in self._house.rooms():
                await self._trim(room, before)
        except RoomsError as error:
            log.warning("what is older than %d days could not be removed: %s", self.days, error)

    async def _go_on(self) -> None:
        while True:
            await self.look()
            await self._clock.sleep(EVERY)

    async def _trim(self, room: Room, before: datetime) -> None:
        """Also what was thought and never said, in the database."""
        room.put(expire(before), vital=True)
        if room.state.config.memory is Memory.DURABLE:
            unsaid = {index: "" async for index in _unsaid(room, before)}
            await self._store.rewrite(room.id, unsaid)


def expire(before: datetime) -> Command:
    """What was said before is no longer kept, where there is any of it."""

    def act(room: RoomState) -> Sequence[Happening]:
        old = [line for line in room.lines if line.at < before]
        kept = any(line.text or any(text for _, text in line.files) for line in old)
        return (Expired(before=before),) if kept else ()

    return act


async def _unsaid(room: Room, before: datetime) -> AsyncIterator[int]:
    """Where the room's events have what agents thought, or meant to say."""
    async for event in room.events():
        if event.at >= before:
            return
        if _has_thoughts(event):
            yield event.index


def _has_thoughts(event: Event) -> bool:
    match event.what:
        case Generated(text=text, thought=thought):
            return bool(text or thought)
        case Failed(thought=thought) | Passed(thought=thought):
            return bool(thought)
        case _:
            return False
