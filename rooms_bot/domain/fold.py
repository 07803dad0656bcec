"""A room out of its events: kept up to date one event at a time, in constant time."""

from collections.abc import Iterable
from typing import assert_never

from rooms_bot.domain import hearing, recalling, taking
from rooms_bot.domain.events import (
    WISHED,
    Attached,
    Came,
    Closed,
    Compacted,
    Configured,
    Deleted,
    Displayed,
    Edited,
    Event,
    Expired,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Heard,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    Paused,
    Planned,
    Posting,
    Rated,
    Rebuilt,
    Recalled,
    Regenerated,
    Resumed,
    Spoken,
    Waiting,
    Why,
)
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ask, Digest, Phase


def apply(room: RoomState, event: Event) -> None:
    """Take one more event in; it must be the next one."""
    if event.index != room.next_index:
        raise ValueError(f"event {event.index} does not follow {room.next_index - 1}")
    room.next_index += 1
    room.changed_at = event.at
    match event.what:
        case Opened():
            pass
        case Nearing(member=member, exhausted=exhausted):
            if member is not None and exhausted:
                hearing.turn_away(room, member.id)
        case Displayed(post=post):
            room.panel = post
        case Joined(seat=seat):
            room.seats[seat.id] = seat
            room.next_seat = max(room.next_seat, seat.id + 1)
            if seat.persona.greeting.strip():
                room.to_greet.append(seat.id)
            _look_again(room)
        case Left(seat=number):
            taking.forget_seat(room, number)
        case Came(member=member):
            room.members[member.id] = member
        case Heard() as heard:
            hearing.hear(room, event, heard)
        case Attached() as attached:
            hearing.attach(room, event, attached)
        case Greeted() as greeted:
            taking.greet(room, event, greeted)
        case Planned() as planned:
            taking.plan(room, event, planned)
        case Posting(posts=posts):
            room.standing = posts
        case Generated() as generated:
            room.generated = event
            taking.count(room, generated)
        case Spoken() as said:
            taking.say(room, event, said)
        case Passed(seat=seat, usage=usage):
            room.spent.add(usage)
            room.passes += 1
            room.passed.add(seat)
            room.failures.pop(seat, None)
            taking.finish(room, seat)
        case Compacted(lines=count, text=text, usage=usage):
            room.spent.add(usage)
            if text:
                room.transcript.digest(Digest(count, text, event.index))
        case Failed(seat=seat, usage=usage) as failed:
            room.spent.add(usage)
            room.failures[seat] = room.failures.get(seat, 0) + 1
            taking.break_off(room, event, failed)
            taking.finish(room, seat)
        case Waiting() as waiting:
            room.waiting, room.must_wait, room.since_human = waiting, None, 0
        case Configured() as configured:
            _configure(room, configured)
        case Edited(source=source, text=text):
            room.transcript.reword(source, text, event.index)
        case Deleted(source=source):
            hearing.withdraw(room, source)
        case Regenerated() as again:
            taking.regenerate(room, again)
        case Rated(source=source, member=member, rating=rating):
            _rate(room, source, member.id, rating)
        case Forgotten(member=member):
            hearing.forget_member(room, member)
        case Paused() as paused:
            room.phase, room.paused = Phase.PAUSED, paused
            if not room.speaking:
                taking.drop_turn(room)
        case Resumed() as resumed:
            _resume(room, resumed)
        case Recalled() as recalled:
            recalling.recall(room, event, recalled)
        case Rebuilt() as rebuilt:
            recalling.rebuild(room, rebuilt)
        case Expired(before=before):
            room.transcript.expire(before)
        case Closed() as closed:
            _close(room, closed)
        case _:
            assert_never(event.what)


def _configure(room: RoomState, changed: Configured) -> None:
    room.spent.add(changed.usage)
    if changed.config is not None:
        if changed.config.turns != room.config.turns:
            room.turns_allowed = changed.config.turns + room.turns_redone
        room.config = changed.config
    if changed.seat is not None:
        _reseat(room, changed.seat)
    if changed.seat is not None and changed.muted is not None:
        _mute(room, changed.seat.id, changed.muted)
    if changed.by is not None:
        _look_again(room)


def _reseat(room: RoomState, seat: Seat) -> None:
    """Who thinks while it becomes somebody else does not say what the other would have said."""
    old = room.moderator if seat.id == MODERATOR else room.seats.get(seat.id, seat)
    if seat.id == MODERATOR:
        room.moderator = seat
    else:
        room.seats[seat.id] = seat
    if not seat.persona.greeting.strip():
        room.to_greet = [number for number in room.to_greet if number != seat.id]
    if (
        room.current
        and room.current.seat == seat.id
        and room.generated is None
        and (old.name, old.persona.prompt) != (seat.name, seat.persona.prompt)
    ):
        taking.drop_turn(room)


def _mute(room: RoomState, number: int, muted: bool) -> None:
    """It loses a turn it thinks in, unless that answers a person, whom it would answer all the same."""
    (room.muted.add if muted else room.muted.discard)(number)
    mine = room.current is not None and room.current.seat == number and room.generated is None
    if muted and mine and room.current and room.current.why not in WISHED:
        taking.drop_turn(room)


def _rate(room: RoomState, source: int, member: int, rating: int) -> None:
    ratings = room.ratings.setdefault(source, {})
    if rating:
        ratings[member] = rating
    else:
        ratings.pop(member, None)


def _look_again(room: RoomState) -> None:
    """By other rules or with other seats somebody may speak of their own accord."""
    if room.waiting is not None and room.waiting.reason == "people":
        room.waiting = None


def _resume(room: RoomState, resumed: Resumed) -> None:
    if resumed.reason == "summary":
        room.summary_wanted = True
    if resumed.reason in ("resumed", "more turns"):
        room.failures.clear()
    room.phase, room.waiting, room.must_wait, room.closed, room.paused = Phase.LIVE, None, None, None, None
    room.turns_allowed += resumed.turns
    room.since_human = 0
    if resumed.reason != "nobody came":
        room.passed.clear()
    room.hold_until = None
    room.prompted = resumed.reason in ("next", "summary", "asked")
    room.unanswered |= resumed.reason == "next"
    room.called |= room.speaking and room.prompted
    if resumed.seat is not None and resumed.seat in room.seats:
        if room.current and room.current.seat == resumed.seat:
            return
        if room.current and not room.speaking and room.current.why is not Why.ASKED:
            taking.drop_turn(room)
        hearing.ask(room, Ask(resumed.seat, Why.FORCED, resumed.by.name if resumed.by else ""))


def _close(room: RoomState, closed: Closed) -> None:
    room.phase, room.closed, room.paused = Phase.CLOSED, closed, None
    room.current = room.generated = room.waiting = room.must_wait = None
    room.standing = ()
    room.asked_by_members.clear()
    room.asked_by_agents.clear()


def fold(events: Iterable[Event]) -> RoomState:
    """The state that `events` add up to; the first must be `Opened`."""
    rest = iter(events)
    first = next(rest)
    if not isinstance(first.what, Opened):
        raise ValueError("a room begins with being opened")
    opened = first.what
    state = RoomState(opened, opened.config, opened.moderator, first.at, turns_allowed=opened.config.turns)
    if opened.by.background:
        state.members[opened.by.id] = opened.by  # agents may know of them before they speak
    apply(state, first)
    for event in rest:
        apply(state, event)
    return state
