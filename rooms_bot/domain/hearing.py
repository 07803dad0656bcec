"""What people's words change in a room."""

from dataclasses import replace
from datetime import datetime

from rooms_bot.domain.events import Attached, Event, Heard, Why
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.taking import drop_turn
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
    _gather(room, event, heard)
    asker = room.asked.pop(who.id, None)
    wanted = heard.addressed or ((asker,) if asker in room.seats else ())
    if wanted and room.current and room.current.why not in (Why.ASKED, Why.FORCED):
        drop_turn(room)  # whom a person addresses is the next to speak; who was thinking comes after
    for seat in wanted:
        ask(room, Ask(seat, Why.ASKED, who.name, heard.source))
    room.waiting = room.must_wait = None
    room.since_human = room.chain = 0
    room.passed.clear()
    room.last_turn = None
    room.prompted = room.unanswered = True


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
    return room.current is not None and room.planned_index > burst.index and room.generated is None


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
    if all(other.seat != ask.seat for other in room.asked_by_members):
        room.asked_by_members.append(ask)


def forget_member(room: RoomState, number: int) -> None:
    """Nothing of theirs is left, their name included."""
    room.transcript.forget(number)
    room.asked.pop(number, None)
    if (member := room.members.get(number)) is None:
        return
    room.members[number] = Member(id=number, name=SOMEONE)
    room.asked_by_members = [
        replace(one, by=SOMEONE) if one.by == member.name else one for one in room.asked_by_members
    ]
    if room.last_choice and room.last_choice.by == member.name:
        room.last_choice = room.last_choice.model_copy(update={"by": SOMEONE})
