"""A room's events as they are made: the one place where any is appended, and the state they add up to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from rooms_bot.clock import Clock
from rooms_bot.domain.events import (
    Closed,
    Configured,
    Event,
    Forgotten,
    Happening,
    Joined,
    Left,
    Resumed,
    now_ms,
)
from rooms_bot.domain.fold import apply, fold
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.taking import drop_turn
from rooms_bot.ports import Journal

KEPT = timedelta(minutes=15)
"""How long after its end what was said in an ephemeral room can still be exported."""

Save = Callable[[int, RoomState], Awaitable[None]]
"""Keeps a room's configuration, by the room's number."""


class Chronicle:
    """The events of room `number`; only its own task records."""

    def __init__(self, number: int, events: Iterable[Event], journal: Journal, clock: Clock, save: Save) -> None:
        self.number, self.state = number, fold(events)
        self.stray = self.state.standing
        """What an earlier process had begun to say and did not come to finish, nor to take back."""
        drop_turn(self.state)
        self._journal, self._clock, self._save = journal, clock, save

    def now(self) -> datetime:
        return now_ms(self._clock.now())

    def events(self) -> AsyncIterator[Event]:
        """All that has happened, as it is kept."""
        return self._journal.events(self.number)

    async def record(self, *happenings: Happening) -> list[Event]:
        """These happen now, in this order: kept first, then part of the state."""
        if not happenings:
            return []
        first, at = self.state.next_index, self.now()
        events = [
            Event(index=index, at=at, what=self._dated(happening)) for index, happening in enumerate(happenings, first)
        ]
        await self._journal.append(self.number, events)
        for event in events:
            apply(self.state, event)
            if isinstance(event.what, Forgotten):
                await self._journal.redact(self.number, event.what.member)
        await self._overwrite()
        if any(isinstance(event.what, Joined | Left | Configured | Closed | Resumed) for event in events):
            await self._save(self.number, self.state)
        return events

    def _dated(self, happening: Happening) -> Happening:
        """The end says until when what was said is kept."""
        if isinstance(happening, Closed) and happening.reason in ("turns", "stopped", "idle", "gone"):
            return happening.model_copy(update={"kept_until": self.now() + KEPT})
        return happening

    async def _overwrite(self) -> None:
        """Also what an earlier process did not come to."""
        transcript = self.state.transcript
        if transcript.outdated:
            await self._journal.rewrite(self.number, transcript.outdated)
            transcript.outdated = {}
