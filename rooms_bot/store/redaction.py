"""What is left of a member who wishes to be forgotten: an id that did something, without name, words or background."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rooms_bot.domain.events import (
    WISHED,
    Attached,
    Closed,
    Compacted,
    Edited,
    Event,
    Failed,
    Generated,
    Happening,
    Heard,
    Left,
    Passed,
    Planned,
    Rebuilt,
    Recalled,
    Tally,
)
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.talk import SOMEONE
from rooms_bot.ports import RoomRecord

FILE = "a file"
"""What a file is called whose sender wished to be forgotten."""


@dataclass(slots=True)
class Traces:
    """What a room's events have of a member: first all are noted, then each can be asked what is to be left of it."""

    member: int
    names: set[str] = field(default_factory=set)
    """What they were called."""
    sources: set[int] = field(default_factory=set)
    """Their messages."""

    def note(self, what: Happening) -> None:
        self.names |= {one.name for one in _members(what).values() if one.id == self.member}
        if isinstance(what, Heard) and what.member.id == self.member:
            self.sources.add(what.source)
        if isinstance(what, Recalled) and what.member is not None and what.member.id == self.member:
            self.names.add(what.name)
            self.sources.update(what.posts)

    def redacted(self, what: Happening) -> Happening:
        """`what` with nothing that this member told of themself; what they said stays."""
        told: dict[str, object] = {
            name: nobody(self.member) for name, one in _members(what).items() if one.id == self.member
        }
        match what:
            case Planned(why=why, by=by) if why in WISHED and by in self.names:
                told["by"] = SOMEONE
            case Left() | Closed() if not self.names.isdisjoint(what.unserved):
                told["unserved"] = tuple(SOMEONE if name in self.names else name for name in what.unserved)
            case Recalled(member=Member(id=whose)) if whose == self.member:
                told["name"] = SOMEONE
            case Rebuilt(tally=tally) if (left := untold(tally, self.member)) != tally:
                told["tally"] = left
            case Attached(source=source) if source in self.sources:
                told["name"] = FILE
            case Generated() | Passed() | Failed() if self.sources and what.thought:
                told["thought"] = ""
        return what.model_copy(update=told) if told else what

    def forgotten(self, what: Happening) -> Happening:
        """The same, and without what they said or what was made of it."""
        match what:
            case Heard() | Attached() | Edited() if what.source in self.sources:
                return self.redacted(what).model_copy(update={"text": ""})
            case Recalled() if not self.sources.isdisjoint(what.posts):
                return self.redacted(what).model_copy(update={"text": ""})
            case Compacted() if self.sources:
                return what.model_copy(update={"text": ""})
        return self.redacted(what)


def nobody(member: int) -> Member:
    """Who that was, without what they told of themself."""
    return Member(id=member, name=SOMEONE)


def untold(tally: Tally, member: int) -> Tally:
    """How a room stands, without who that is that paused it."""
    if (paused := tally.paused) is None or paused.by is None or paused.by.id != member:
        return tally
    return tally.model_copy(update={"paused": paused.model_copy(update={"by": nobody(member)})})


def without(record: RoomRecord, member: int) -> RoomRecord:
    """A room's row that no longer tells who that member is."""
    opened_by = nobody(member) if record.opened_by.id == member else record.opened_by
    return record.model_copy(update={"opened_by": opened_by, "tally": untold(record.tally, member)})


def _members(what: Happening) -> dict[str, Member]:
    return {name: one for name in type(what).model_fields if isinstance(one := getattr(what, name), Member)}


def traces(events: Iterable[Event], member: int) -> Traces:
    found = Traces(member)
    for event in events:
        found.note(event.what)
    return found
