"""What must be known of the whole room before its first line can be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rooms_bot.domain.events import (
    Came,
    Choice,
    Closed,
    Compacted,
    Configured,
    Event,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Heard,
    Joined,
    Opened,
    Passed,
    Planned,
    Posting,
    Rated,
    Rebuilt,
    Recalled,
    Regenerated,
    Resumed,
    Spoken,
    Tally,
)
from rooms_bot.domain.rooms import MODERATOR, Member, RoomConfig, Seat
from rooms_bot.domain.talk import SOMEONE, Spent
from rooms_bot.export.changes import Changes
from rooms_bot.i18n import _


@dataclass(slots=True)
class Survey:
    """Grows with those who took part, attached files, changed and rated messages, not with what was said."""

    opened: Opened | None = None
    config: RoomConfig | None = None
    seats: dict[int, Seat] = field(default_factory=dict)
    """All that were ever taken, the moderator's included, as they were last."""
    called: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """Seat to its names, each with the index of the event that gave it."""
    members: dict[int, Member] = field(default_factory=dict)
    """All who spoke, and whoever opened the room."""
    opened_at: datetime | None = None
    last_at: datetime | None = None
    last_index: int = -1
    closed: Closed | None = None
    closed_at: datetime | None = None
    turns: int = 0
    turns_allowed: int = 0
    turns_redone: int = 0
    passes: int = 0
    said: int = 0
    spent: Spent = field(default_factory=Spent)
    changes: Changes = field(default_factory=Changes)
    authors: dict[int, int] = field(default_factory=dict)
    """Message id to the member's, where files came with it."""
    ratings: dict[int, dict[int, int]] = field(default_factory=dict)
    """Message of an agent to what members (id) think of it: 1, -1, or 0 where they did."""

    begun: dict[int, int] = field(default_factory=dict)
    """Turn to the message in which its answer began, until it is said."""

    def take(self, event: Event) -> None:
        self.opened_at = self.opened_at or event.at
        self.last_at, self.last_index = event.at, event.index
        self.changes.take(event)
        match event.what:
            case Opened() as opened:
                self.opened, self.config = opened, opened.config
                self.turns_allowed = opened.config.turns
                self._seat(event, opened.moderator)
                self.members[opened.by.id] = opened.by
            case Joined(seat=seat):
                self._seat(event, seat)
            case Configured() as configured:
                self._configure(event, configured)
            case Came(member=member):
                self.members[member.id] = member
            case Heard() as heard:
                self.members[heard.member.id] = heard.member
                self.said += 1
                if heard.files:
                    self.authors[heard.source] = heard.member.id
            case Recalled(member=member):
                self.members |= {member.id: member} if member is not None else {}
                self.said += 1
            case Rebuilt(tally=tally):
                self._rebuild(tally)
            case Greeted(text=text):
                self.said += bool(text)
            case Planned(choice=Choice(usage=usage)) | Generated(usage=usage) | Compacted(usage=usage):
                self.spent.add(usage)
            case Posting(turn=turn, posts=(first, *_rest)):
                self.begun[turn] = first
            case Spoken(turn=turn, seat=seat, posts=posts):
                self.said += 1
                self._count(seat)
                self._carry(turn, posts)
            case Passed(seat=seat, usage=usage):
                self.spent.add(usage)
                self.passes += 1
                self._count(seat)
            case Failed(seat=seat, usage=usage, posts=posts):
                self.spent.add(usage)
                self.said += bool(posts)
                self._count(seat)
            case Forgotten(member=member):
                if member in self.members:
                    self.members[member] = Member(id=member, name=SOMEONE)
            case Rated(source=source, member=member, rating=rating):
                self.ratings.setdefault(source, {})[member.id] = rating
            case Regenerated(seat=seat):
                self.turns_allowed += seat != MODERATOR
                self.turns_redone += seat != MODERATOR
            case Resumed(turns=turns):
                self.turns_allowed += turns
                self.closed = None
            case Closed() as closed:
                self.closed, self.closed_at = closed, event.at
            case _:
                pass

    def author(self, source: int) -> Member | None:
        """Who sent the message that files came with."""
        return self.members.get(self.authors.get(source, 0))

    def name(self, seat: int, event: Event) -> str:
        """What the seat was called when that happened."""
        names = [name for since, name in self.called.get(seat, ()) if since <= event.index]
        return names[-1] if names else _("someone who left")

    def rated(self, posts: tuple[int, ...]) -> tuple[int, int]:
        """How many think well of what these messages say, and how many badly."""
        ratings = [rating for post in posts for rating in self.ratings.get(post, {}).values()]
        return ratings.count(1), ratings.count(-1)

    @property
    def agents(self) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.id != MODERATOR]

    @property
    def names(self) -> Mapping[int, str]:
        """Members' names by id."""
        return {member.id: member.name for member in self.members.values()}

    def _seat(self, event: Event, seat: Seat) -> None:
        self.seats[seat.id] = seat
        names = self.called.setdefault(seat.id, [])
        if not names or names[-1][1] != seat.name:
            names.append((event.index, seat.name))

    def _configure(self, event: Event, changed: Configured) -> None:
        self.spent.add(changed.usage)
        if changed.config is not None and self.config is not None and changed.config.turns != self.config.turns:
            self.turns_allowed = changed.config.turns + self.turns_redone
        self.config = changed.config or self.config
        if changed.seat is not None:
            self._seat(event, changed.seat)

    def _rebuild(self, tally: Tally) -> None:
        """What was counted before the restart, of which no events tell."""
        self.turns, self.turns_allowed, self.turns_redone = tally.taken, tally.allowed, tally.redone
        self.spent = Spent(unpriced=tally.unpriced)
        self.spent.add(tally.spent)

    def _carry(self, turn: int, posts: tuple[int, ...]) -> None:
        """What members thought of its beginning they think of the whole, also where that was posted anew."""
        begun = self.begun.pop(turn, 0)
        if posts and begun in self.ratings:
            self.ratings[posts[0]] = self.ratings.pop(begun)

    def _count(self, seat: int) -> None:
        self.turns += seat != MODERATOR
