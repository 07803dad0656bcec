"""Who is thinking, for how long, and what can be shown of it already."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from rooms_bot.agents.drafts import showable
from rooms_bot.clock import Clock
from rooms_bot.domain.rooms import Seat

Draft = Callable[[str], None]
"""Is told an answer as it grows, whole each time and as it came."""


class Progress:
    """What is going on at this moment. `changed` is called whenever there is something new to look at."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._since = clock, 0.0
        self._raw, self._others = "", list[str]()
        self.seat: Seat | None = None
        """Who is thinking."""
        self.changed: Callable[[], None] = lambda: None

    @contextmanager
    def of(self, seat: Seat, others: Collection[str]) -> Iterator[Draft]:
        """While it is open `seat` is thinking, among `others`; what is yielded takes the answer so far."""
        self.seat, self._since, self._raw, self._others = seat, self._clock.now(), "", list(others)
        self.changed()
        try:
            yield self._grow
        finally:
            self.seat = None
            self.changed()

    def _grow(self, text: str) -> None:
        self._raw = text
        self.changed()

    @property
    def seconds(self) -> int:
        """For how long it has been thinking."""
        return int(self._clock.now() - self._since)

    @property
    def draft(self) -> str:
        """What can be shown of the answer so far."""
        return showable(self._raw, self.seat.name, self._others) if self.seat else ""
