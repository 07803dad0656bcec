"""A room's events as they are made: the one place where any is appended, and the state they add up to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

from rooms_bot.clock import Clock
from rooms_bot.domain.events import (
    Closed,
    Configured,
    Displayed,
    Event,
    Forgotten,
    Happening,
    Joined,
    Left,
    Paused,
    Posting,
    Rebuilt,
    Resumed,
    Waiting,
    now_ms,
)
from rooms_bot.domain.fold import apply, fold
from rooms_bot.domain.rooms import Memory
from rooms_bot.domain.state import RoomState
from rooms_bot.ports import Journal

KEPT = timedelta(minutes=15)
"""How long after its end what was said in an ephemeral room can still be exported."""

CONFIGURING = (Joined, Left, Configured, Resumed, Paused, Displayed, Forgotten, Rebuilt)
"""What the room's row has a part in."""
STANDING = (Waiting, Posting, Closed)
"""What the row of an ephemeral room has too, and at once. A durable one's end is written there last: see `seal`."""

Save = Callable[[int, RoomState], Awaitable[None]]
"""Keeps a room's configuration, by the room's number."""


class Chronicle:
    """The events of room `number`; only its own task records."""

    def __init__(self, number: int, events: Iterable[Event], journal: Journal, clock: Clock, save: Save) -> None:
        self.number, self.state = number, fold(events)
        self.sealed = False
        """Whether the room's row says that it is over."""
        self._journal, self._clock, self._save = journal, clock, save
        newest = self.state.changed_at or self.state.opened_at
        self._ahead = max(0.0, newest.timestamp() - clock.now())
        """Seconds by which an earlier process's clock was ahead of this one's."""

    def now(self) -> datetime:
        """The room's time, which never runs back: else what is still to come would be waited for too long."""
        return now_ms(self._clock.now() + self._ahead)

    def events(self) -> AsyncIterator[Event]:
        """All that has happened, as it is kept."""
        return self._journal.events(self.number)

    async def record(self, *happenings: Happening) -> list[Event]:
        """These happen now, in this order: kept first, then part of the state."""
        at = self.now()
        return await self.recall([(at, self._dated(happening)) for happening in happenings])

    async def recall(self, happenings: Sequence[tuple[datetime, Happening]]) -> list[Event]:
        """The same for what happened at other times."""
        if not happenings:
            return []
        first, drafted = self.state.next_index, bool(self.state.standing)
        events = [Event(index=index, at=at, what=what) for index, (at, what) in enumerate(happenings, first)]
        await self._journal.append(self.number, events)
        for event in events:
            apply(self.state, event)
            if isinstance(event.what, Forgotten):
                await self._journal.redact(self.number, event.what.member)
        await self._overwrite()
        if any(isinstance(event.what, CONFIGURING) for event in events) or self._stands_otherwise(events, drafted):
            self.sealed = False
            await self._save(self.number, self.state)
        return events

    def _stands_otherwise(self, events: Sequence[Event], drafted: bool) -> bool:
        """An ephemeral room, in a way that its channel would not tell."""
        told = any(isinstance(event.what, STANDING) for event in events) or (drafted and not self.state.standing)
        return told and self.state.config.memory is Memory.EPHEMERAL

    async def catch_up(self) -> None:
        """Take in what was kept though it seemed to fail."""
        async for event in self._journal.events(self.number, self.state.next_index - 1):
            apply(self.state, event)

    async def seal(self) -> None:
        """The room is over, and all has been told and tidied: its row says so from now on."""
        if not self.sealed:
            await self._save(self.number, self.state)
            self.sealed = True

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
