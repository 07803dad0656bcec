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
)
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.talk import SOMEONE

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
            case Compacted() if self.sources:
                return what.model_copy(update={"text": ""})
        return self.redacted(what)


def nobody(member: int) -> Member:
    """Who that was, without what they told of themself."""
    return Member(id=member, name=SOMEONE)


def _members(what: Happening) -> dict[str, Member]:
    return {name: one for name in type(what).model_fields if isinstance(one := getattr(what, name), Member)}


def traces(events: Iterable[Event], member: int) -> Traces:
    found = Traces(member)
    for event in events:
        found.note(event.what)
    return found
