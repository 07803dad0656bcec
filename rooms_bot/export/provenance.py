"""Where a message came from: who said it, with which model, at what cost, and why it had the turn."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from rooms_bot.domain.events import (
    Configured,
    Event,
    Failed,
    Generated,
    Greeted,
    Heard,
    Joined,
    Opened,
    Planned,
    Recalled,
    Spoken,
    Usage,
)
from rooms_bot.domain.rooms import Member, Seat


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a room knows of a message: an agent's (`seat`), or a member's."""

    at: datetime
    seat: Seat | None = None
    """As it was when it spoke."""
    member: Member | None = None
    planned: Planned | None = None
    """The turn it was said in; None for a greeting."""
    generated: Generated | None = None
    """The model's answer; None where none is known of, as for a greeting."""
    usage: Usage | None = None
    """Of the choice of who speaks and of the answer; None where nothing was counted."""
    recalled: bool = False
    """It was said before a restart, and how it came to be is not known any more."""
    cut: str = ""
    """Why it broke off half-way, if it did: completes "Ada …"."""


@dataclass(slots=True)
class Tracer:
    """Follows a room's events, oldest first, until the message `source` is `found`; keeps one turn in mind, no more."""

    source: int
    found: Provenance | None = None
    _seats: dict[int, Seat] = field(default_factory=dict)
    _planned: Planned | None = None
    _generated: Generated | None = None

    def take(self, event: Event) -> None:
        match event.what:
            case Opened(moderator=seat) | Joined(seat=seat) | Configured(seat=Seat() as seat):
                self._seats[seat.id] = seat
            case Planned() as planned:
                self._planned, self._generated = planned, None
            case Generated() as generated:
                self._generated = generated
            case Heard(source=self.source, member=member):
                self.found = Provenance(event.at, member=member)
            case Recalled(posts=posts, seat=seat, member=member) if self.source in posts:
                known = self._seats.get(seat) if seat is not None else None
                self.found = Provenance(event.at, seat=known, member=member, recalled=True)
            case Greeted(posts=posts, seat=seat) if self.source in posts:
                self.found = Provenance(event.at, seat=self._seats.get(seat))
            case (Spoken(posts=posts) | Failed(posts=posts)) as said if self.source in posts:
                self.found = self._said(event.at, said)
            case _:
                pass

    def _said(self, at: datetime, said: Spoken | Failed) -> Provenance:
        planned, generated = self._planned, self._generated
        usage = Usage()
        if planned is not None and planned.choice is not None:
            usage += planned.choice.usage
        if generated is not None:
            usage += generated.usage
        if isinstance(said, Failed):
            usage += said.usage
        return Provenance(
            at,
            seat=self._seats.get(said.seat),
            planned=planned,
            generated=generated,
            usage=None if usage == Usage() else usage,
            cut=said.reason if isinstance(said, Failed) else "",
        )


def trace(events: Iterable[Event], source: int) -> Provenance | None:
    """Where the message `source` came from; None where these events know nothing of it."""
    trail = Tracer(source)
    for event in events:
        trail.take(event)
        if trail.found is not None:
            break
    return trail.found
