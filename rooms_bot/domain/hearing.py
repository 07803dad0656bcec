"""What people's words change in a room."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rooms_bot.domain.events import WISHED, Attached, Event, Heard, Planned, Why
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.taking import anew, drop_turn, unsay
from rooms_bot.domain.talk import BURST, READING, SOMEONE, Ask, Line


def hear(room: RoomState, event: Event, heard: Heard) -> None:
    who = heard.member
    room.members[who.id] = who
    room.transcript.add(
        Line(
            event.at,
            who.name,
            heard.text,
            member=who.id,
            events=(event.index,),
            sources=(heard.source,),
            reply_to=heard.reply_to,
            announced=heard.files,
        )
    )
    if heard.unheeded:
        return
    _gather(room, event, heard)
    asker = room.asked.pop(who.id, None)
    wanted = heard.addressed or ((asker,) if asker in room.seats and asker not in room.muted else ())
    if wanted and room.current and not room.speaking and room.current.why not in WISHED:
        drop_turn(room)  # whom a person addresses is the next to speak; who was thinking comes after
    for seat in wanted:
        ask(room, Ask(seat, Why.ASKED, who.name, heard.source))
    room.waiting = room.must_wait = None
    room.since_human = room.chain = 0
    room.passed.clear()
    room.last_turn = None
    room.prompted = room.unanswered = True
    room.called |= room.speaking
    room.caller = who.id


def _gather(room: RoomState, event: Event, heard: Heard) -> None:
    """The first message begins a turn at once; what comes soon after begins it anew, once it is all there."""
    if room.burst is None or event.at - room.burst.at >= BURST:
        room.burst = event
    elif _answers_burst(room, room.burst) and not _is_to_another(room, heard):
        drop_turn(room)
        _hold(room, room.burst.at + BURST)
    if heard.files:
        room.unread[heard.source] = heard.files
        _hold(room, event.at + READING)


def _answers_burst(room: RoomState, burst: Event) -> bool:
    return room.current is not None and room.planned_index > burst.index and not room.speaking


def _is_to_another(room: RoomState, heard: Heard) -> bool:
    """A question to somebody else than who is thinking will have an answer of its own."""
    return bool(heard.addressed) and room.current is not None and room.current.seat not in heard.addressed


def _hold(room: RoomState, until: datetime) -> None:
    room.hold_until = max(until, room.hold_until or until)


def attach(room: RoomState, event: Event, attached: Attached) -> None:
    room.transcript.attach(attached.source, attached.name, attached.text, event.index)
    left = room.unread.pop(attached.source, 0) - 1
    if left > 0:
        room.unread[attached.source] = left
    elif not room.unread and room.hold_until is not None:
        room.hold_until = room.burst.at + BURST if room.burst and room.burst.at + BURST > event.at else None


def ask(room: RoomState, ask: Ask) -> None:
    """A person's question comes before agents' and brings a benched agent back."""
    room.failures.pop(ask.seat, None)
    room.asked_by_agents = [other for other in room.asked_by_agents if other.seat != ask.seat]
    place = next((at for at, one in enumerate(room.asked_by_members) if one.seat == ask.seat and not anew(one)), None)
    if place is None:
        room.asked_by_members.append(ask)
    else:
        first = room.asked_by_members[place]
        room.asked_by_members[place] = replace(first, also=(*first.also, ask))


def _unask(room: RoomState, gone: Callable[[Ask], bool]) -> None:
    """Nobody waits for an answer to these any more."""
    left = [one.without(gone) for one in room.asked_by_members]
    room.asked_by_members = [one for one in left if one is not None]


def withdraw(room: RoomState, source: int) -> None:
    """A message is gone, and with it what it asked, unless it is being answered aloud already."""
    unsay(room, source)
    if room.current is not None and room.current.answers == source and not room.speaking:
        drop_turn(room)
    _unask(room, lambda ask: ask.answers == source)


def forget_member(room: RoomState, number: int) -> None:
    """Nothing of theirs is left, their name and their questions included."""
    room.forgotten[number] = room.newest
    if room.current is not None and _asked_by(room, room.current.answers, number):
        drop_turn(room)
    _unask(room, lambda ask: _asked_by(room, ask.answers, number))
    room.transcript.forget(number)
    room.asked.pop(number, None)
    known = [room.members.get(number), room.opened.by if room.opened.by.id == number else None]
    names = {member.name for member in known if member is not None}
    room.caller = None if room.caller == number else room.caller
    if number in room.members:
        room.members[number] = Member(id=number, name=SOMEONE)
    _rename(room, number, names)


def turn_away(room: RoomState, number: int) -> None:
    """What this member asked is not answered any more, unless it is being answered aloud already."""
    if room.current is not None and _asks(room, room.current, number) and not room.speaking:
        drop_turn(room)
    _unask(room, lambda ask: _asks(room, ask, number))
    if room.caller == number:
        room.caller, room.unanswered = None, False


def _asks(room: RoomState, one: Ask | Planned, member: int) -> bool:
    return one.why is Why.ASKED and _asked_by(room, one.answers, member)


def _asked_by(room: RoomState, source: int | None, member: int) -> bool:
    line = room.line(source) if source is not None else None
    return line is not None and line.member == member


def _rename(room: RoomState, number: int, names: set[str]) -> None:
    """Whoever opened, paused or closed the room, or gave a turn, is told of without a name."""
    nobody = {"by": Member(id=number, name=SOMEONE)}
    if room.opened.by.id == number:
        room.opened = room.opened.model_copy(update=nobody)
    if room.paused and room.paused.by and room.paused.by.id == number:
        room.paused = room.paused.model_copy(update=nobody)
    if room.closed and room.closed.by and room.closed.by.id == number:
        room.closed = room.closed.model_copy(update=nobody)
    if room.closed:
        unserved = tuple(SOMEONE if name in names else name for name in room.closed.unserved)
        room.closed = room.closed.model_copy(update={"unserved": unserved})
    room.current, room.last_choice = (_unnamed(one, names) for one in (room.current, room.last_choice))
    room.asked_by_members = [one.nameless(names) for one in room.asked_by_members]
    order, chain, asked = room.before_turn
    if asked is not None:
        room.before_turn = order, chain, asked.nameless(names)


def _unnamed(planned: Planned | None, names: set[str]) -> Planned | None:
    given = planned is not None and planned.why in WISHED and planned.by in names
    return planned.model_copy(update={"by": SOMEONE}) if planned and given else planned
