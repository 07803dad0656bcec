"""What must be known of the whole room before its first line can be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rooms_bot.domain.events import (
    Closed,
    Configured,
    Deleted,
    Edited,
    Event,
    Failed,
    Generated,
    Heard,
    Joined,
    Opened,
    Passed,
    Resumed,
    Said,
    Summarised,
)
from rooms_bot.domain.rooms import MODERATOR, Member, RoomConfig, Seat
from rooms_bot.domain.talk import Spent


@dataclass(slots=True)
class Survey:
    """Grows with those who took part and the posts of agents, not with what was said."""

    opened: Opened | None = None
    config: RoomConfig | None = None
    seats: dict[int, Seat] = field(default_factory=dict)
    """All that were ever taken, the moderator's included."""
    members: dict[int, Member] = field(default_factory=dict)
    """All who spoke, and whoever opened the room."""
    opened_at: datetime | None = None
    last_at: datetime | None = None
    last_index: int = -1
    closed: Closed | None = None
    closed_at: datetime | None = None
    turns: int = 0
    turns_allowed: int = 0
    passes: int = 0
    said: int = 0
    spent: Spent = field(default_factory=Spent)
    changed: dict[int, str | None] = field(default_factory=dict)
    """Message id to its newest text; None once it was deleted."""
    turn_of: dict[int, int] = field(default_factory=dict)
    """An agent's post to its turn."""
    changed_turns: dict[int, str | None] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        self.opened_at = self.opened_at or event.at
        self.last_at, self.last_index = event.at, event.index
        match event.what:
            case Opened() as opened:
                self.opened, self.config = opened, opened.config
                self.turns_allowed = opened.config.turns
                self.seats[opened.moderator.id] = opened.moderator
                self.members[opened.by.id] = opened.by
            case Joined(seat=seat):
                self.seats[seat.id] = seat
            case Configured(config=config, seat=changed):
                self.config = config or self.config
                if changed is not None:
                    self.seats[changed.id] = changed
            case Heard(member=member):
                self.members[member.id] = member
                self.said += 1
            case Generated(usage=usage):
                self.spent.add(usage)
            case Said(turn=turn, posts=posts) | Summarised(turn=turn, posts=posts):
                self.said += 1
                self._count(event.what.seat)
                self.turn_of.update(dict.fromkeys(posts, turn))
            case Passed(seat=seat, usage=usage):
                self.spent.add(usage)
                self.passes += 1
                self._count(seat)
            case Failed(seat=seat):
                self._count(seat)
            case Edited(source=source, text=text):
                self._change(source, text)
            case Deleted(source=source):
                self._change(source, None)
            case Resumed(turns=turns):
                self.turns_allowed += turns
                self.closed = None
            case Closed() as closed:
                self.closed, self.closed_at = closed, event.at
            case _:
                pass

    def text(self, event: Event) -> str:
        """What this event's words are by now; nothing where they were deleted."""
        match event.what:
            case Heard(source=source, text=text) | Edited(source=source, text=text):
                return self.changed.get(source, text) or ""
            case Generated(turn=turn, text=text) | Said(turn=turn, text=text) | Summarised(turn=turn, text=text):
                return self.changed_turns.get(turn, text) or ""
            case _:
                return ""

    def edited(self, event: Event) -> bool:
        """Whether its words are others than at first."""
        match event.what:
            case Heard(source=source):
                return source in self.changed
            case Said(turn=turn) | Summarised(turn=turn):
                return turn in self.changed_turns
            case _:
                return False

    def name(self, seat: int) -> str:
        return self.seats[seat].name if seat in self.seats else "someone who left"

    @property
    def agents(self) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.id != MODERATOR]

    @property
    def names(self) -> Mapping[int, str]:
        """Members' names by id."""
        return {member.id: member.name for member in self.members.values()}

    def _count(self, seat: int) -> None:
        self.turns += seat != MODERATOR

    def _change(self, source: int, text: str | None) -> None:
        self.changed[source] = text
        if source in self.turn_of:
            self.changed_turns[self.turn_of[source]] = text
