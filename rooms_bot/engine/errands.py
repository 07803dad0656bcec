"""What a room has done beside its floor: words for personas that have none, notes of its oldest lines."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Shortage, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.state import RoomState
from rooms_bot.engine import seating
from rooms_bot.engine.commands import Command
from rooms_bot.engine.floor import Minds
from rooms_bot.engine.purse import Purse, Reservation
from rooms_bot.errors import RoomsError
from rooms_bot.ports import Errand

log = logging.getLogger(__name__)

Afford = Callable[[], Reservation | Shortage]
"""Reserves what an errand costs."""

Expand = Callable[[Persona, Afford], Awaitable[tuple[tuple[str, ...], Usage]]]
"""The words people use who need this persona, and what it cost to find them; none where none were found."""


class Errands:
    """Tasks that nobody waits for, and that are left where no budget is. What comes of one is put as a command."""

    def __init__(self, minds: Minds, purse: Purse, expand: Expand, put: Callable[[Command], None]) -> None:
        self._minds, self._purse, self._expand, self._put = minds, purse, expand, put
        self._running: set[asyncio.Task[None]] = set()
        self._expanded: set[Persona] = set()
        self._looked_at = self._noted = (0, 0)
        """Version and number of the lines when it was last looked, and for which notes were last asked."""

    def look(self, room: RoomState, tasks: asyncio.TaskGroup) -> None:
        """Begin what is due."""
        for seat in room.seats.values():
            if not seat.persona.expansion and seat.persona not in self._expanded:
                self._expanded.add(seat.persona)
                self._begin(tasks, self._find_words(room, seat.persona))
        version = room.transcript.version
        if (version, len(room.lines)) == self._looked_at:
            return
        self._looked_at = version, len(room.lines)
        lines = self._minds.due(room)
        if lines and (version, lines) != self._noted:
            self._noted = version, lines
            self._begin(tasks, self._take_notes(room, lines))

    def drop(self) -> None:
        """The room ends; so do they."""
        for task in self._running:
            task.cancel()

    def _begin(self, tasks: asyncio.TaskGroup, errand: Coroutine[Any, Any, None]) -> None:
        task = tasks.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _find_words(self, room: RoomState, persona: Persona) -> None:
        try:
            words, usage = await self._expand(persona, lambda: self._afford("words", room))
        except RoomsError as error:  # the database's; the persona is found by its own words meanwhile
            log.warning("words for %s: %s", persona.name, error)
            return
        if words:
            self._put(seating.expand(persona, words, usage))

    async def _take_notes(self, room: RoomState, lines: int) -> None:
        """Where what they are made of changes meanwhile, only what they cost remains."""
        before, reserved = room.lines[:lines], self._afford("notes", room)
        if isinstance(reserved, Shortage):
            return
        with reserved:
            notes = await self._minds.digest(room, lines)
            reserved.settle(Cost.of(notes.usage) or (None if notes.model else Cost()))
        void = notes.model_copy(update={"text": ""})
        self._put(lambda now: (notes if now.lines[:lines] == before else void,))

    def _afford(self, errand: Errand, room: RoomState) -> Reservation | Shortage:
        return self._purse.reserve(self._minds.outlay(errand, room))
