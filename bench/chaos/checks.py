"""What a room's events and its channel must agree on: every answer stands there once, as the room has it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bench.chaos.report import Deaths, Findings
from rooms_bot.domain.events import Event, Failed, Generated, Greeted, Heard, Passed, Planned, Spoken
from rooms_bot.sandbox.snowflakes import seconds_of
from tests.wire.channel import said

Wire = dict[str, Any]
Post = Spoken | Greeted | Failed
MENTION = re.compile(r"<@(\d+)>")
AROUND = 6
"""Events before and after a finding that are told with it."""


@dataclass(frozen=True, slots=True)
class Room:
    """One room: its number, all its events, all messages of its channel, and members' names by their ids."""

    number: int
    events: Sequence[Event]
    messages: Sequence[Wire]
    names: Mapping[str, str]
    deaths: Deaths

    def agents(self) -> Mapping[int, Wire]:
        """What agents said, by id."""
        own = [one for one in self.messages if one.get("webhook_id") and "interaction_metadata" not in one]
        return {int(one["id"]): one for one in own}

    def members(self) -> Mapping[int, Wire]:
        """What members said, by id."""
        return {int(one["id"]): one for one in self.messages if not one["author"].get("bot")}

    def posted(self) -> Iterator[tuple[Event, Post]]:
        for event in self.events:
            if isinstance(event.what, Spoken | Greeted | Failed) and event.what.posts:
                yield event, event.what

    def near(self, at: float) -> str:
        """What happened there around this time."""
        place = sum(event.at.timestamp() < at for event in self.events)
        before = " ".join(map(_named, self.events[max(0, place - AROUND) : place]))
        after = " ".join(map(_named, self.events[place : place + AROUND]))
        return f"{self.deaths.near(at)}; {before} | {after}"

    def read(self, messages: Sequence[Wire]) -> list[str]:
        """The words of these messages without the line that leads to another one, members being named."""
        text = " ".join(said(message) for message in messages)
        return MENTION.sub(lambda found: f"@{self.names.get(found.group(1), '?')}", text).split()


def _named(event: Event) -> str:
    turn = getattr(event.what, "turn", getattr(event.what, "reason", None))
    return event.what.kind if turn is None else f"{event.what.kind}:{turn}"


def examine(room: Room, findings: Findings) -> None:
    """Add to `findings` what is wrong with this room."""
    for check in (_posts, _strays, _turns, _answers, _heard, _asked):
        check(room, findings)


def _posts(room: Room, findings: Findings) -> None:
    """Every message that an event names is there, belongs to it alone, and reads as the event says."""
    there = room.agents()
    owners = Counter(post for _, what in room.posted() for post in what.posts)
    for event, what in room.posted():
        findings.posts += len(what.posts)
        where = f"room {room.number} event {event.index} ({_named(event)}; {room.near(event.at.timestamp())})"
        if gone := [post for post in what.posts if post not in there]:
            findings.add("missing", f"{where}: {len(gone)} of its {len(what.posts)} messages do not exist: {gone}")
        elif (shown := room.read([there[post] for post in what.posts])) != what.text.split():
            findings.add("altered", f"{where}: reads {' '.join(shown)[-100:]!r}, not {what.text[-100:]!r}")
        if several := [post for post in what.posts if owners[post] > 1]:
            findings.add("doubled", f"{where}: other events name its messages {several} too")


def _strays(room: Room, findings: Findings) -> None:
    """No message of an agent stands there that no event names; one that says what another does is a double."""
    there, named = room.agents(), {post for _, what in room.posted() for post in what.posts}
    texts = {" ".join(room.read([there[post]])) for post in named if post in there}
    for post in sorted(there.keys() - named):
        text = " ".join(room.read([there[post]]))
        where = f"room {room.number} message {post} ({room.near(seconds_of(str(post)))})"
        findings.add("doubled" if text in texts else "strays", f"{where}: is no event's: {text[:80]!r}")


def _turns(room: Room, findings: Findings) -> None:
    """Turns are numbered in order, each ends at most once; one without an end was dropped for a newer one."""
    planned = [event.what.turn for event in room.events if isinstance(event.what, Planned)]
    ends = Counter(event.what.turn for event in room.events if isinstance(event.what, Spoken | Passed | Failed))
    findings.turns += sum(ends.values())
    if planned[:1] not in ([], [0]) or any(after not in (before, before + 1) for before, after in pairwise(planned)):
        findings.add("numbers", f"room {room.number}: turns are not numbered in order")
    for turn, count in ends.items():
        if count > 1:
            findings.add("doubled", f"room {room.number}: turn {turn} ended {count} times")
        if turn not in planned:
            findings.add("numbers", f"room {room.number}: turn {turn} ended and was never planned")


def _answers(room: Room, findings: Findings) -> None:
    """What a model has finished comes to an end, as it was generated, and once."""
    answers: dict[int, Generated] = {}
    ended = {event.what.turn for event in room.events if isinstance(event.what, Spoken | Passed | Failed)}
    for event in room.events:
        where = f"room {room.number} event {event.index} ({_named(event)})"
        match event.what:
            case Generated() as answer:
                if answer.turn in answers:
                    findings.add("paid twice", f"{where}: it had its answer before")
                if answer.turn not in ended:
                    findings.add("missing", f"{where}: never said ({room.near(event.at.timestamp())})")
                answers[answer.turn] = answer
            case Spoken() as words if words.turn not in answers or words.text != answers[words.turn].text:
                findings.add("altered", f"{where}: is not what was generated")


def _heard(room: Room, findings: Findings) -> None:
    """Every member's message was heard exactly once."""
    heard = Counter(event.what.source for event in room.events if isinstance(event.what, Heard))
    members = room.members()
    findings.heard += len(heard)
    for source, message in members.items():
        if not heard[source]:
            where = f"room {room.number} message {source} ({room.near(seconds_of(str(source)))})"
            findings.add("unheard", f"{where}: {message['content'][:60]!r}")
    for source, count in heard.items():
        if count > 1 or source not in members:
            findings.add("doubled", f"room {room.number}: message {source} was heard {count} times")


def _asked(room: Room, findings: Findings) -> None:
    """Whom a member addressed has had a turn since."""
    last = {event.what.seat: event.index for event in room.events if isinstance(event.what, Spoken | Passed | Failed)}
    for event in room.events:
        for seat in event.what.addressed if isinstance(event.what, Heard) else ():
            if last.get(seat, -1) < event.index:
                where = f"room {room.number} event {event.index} ({room.near(event.at.timestamp())})"
                findings.add("unanswered", f"{where}: seat {seat} did not answer")
