"""What people may ask of the seats of a room: who sits there, as what, and who has the next turn. Pure."""

from collections.abc import Sequence
from typing import Any

from rooms_bot.domain.events import Configured, Happening, Joined, Left, Resumed, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MAX_SEATS, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.engine.commands import PAUSED, Command, alive, unserved
from rooms_bot.errors import Refused


def invite(persona: Persona, by: Member, **given: Any) -> Command:
    """A new seat at the end of the order; `given` are fields of `Seat`."""

    def act(room: RoomState) -> Sequence[Happening]:
        if len(room.seats) >= MAX_SEATS:
            raise Refused(f"All {MAX_SEATS} seats are taken. `/agent remove` makes room for another.")
        taken = [seat.name for seat in (*room.seats.values(), room.moderator)]
        seat = new_seat(room.next_seat, persona, taken)
        joined = Joined(seat=seat.model_validate(seat.model_dump() | given), by=by)
        return (joined, *_again(room, by))

    return alive(act)


def new_seat(number: int, persona: Persona, taken: Sequence[str]) -> Seat:
    """A seat whose name is nobody else's: the second Ada is called `Ada 2`."""
    used = {name.casefold() for name in taken}
    name, count = persona.name, 1
    while name.casefold() in used:
        count += 1
        name = f"{persona.name[:76]} {count}"
    return Seat(id=number, name=name, persona=persona)


def remove(name: str, by: Member) -> Command:
    def act(room: RoomState) -> Sequence[Happening]:
        seat = find(room, name)
        if len(room.seats) == 1:
            raise Refused(f"{seat.name} is the last one here. `/room stop` ends the room.")
        return (Left(seat=seat.id, name=seat.name, by=by, unserved=unserved(room, seat.id)),)

    return alive(act)


def find(room: RoomState, name: str) -> Seat:
    """The seat of this name, in any case."""
    wanted = name.strip().lstrip("@").casefold()
    for seat in room.seats.values():
        if seat.name.casefold() == wanted:
            return seat
    if wanted == room.moderator.name.casefold():
        raise Refused(f"{room.moderator.name} has no seat: `/orchestrator now` asks for a summary.")
    here = ", ".join(seat.name for seat in room.seats.values())
    raise Refused(f"Nobody here has that name. Seated are: {here}.")


def force(name: str, by: Member) -> Command:
    """This agent speaks next, also one that only listens."""

    def act(room: RoomState) -> Sequence[Happening]:
        if room.phase is Phase.PAUSED:
            raise Refused(PAUSED)
        return (Resumed(by=by, reason="next", seat=find(room, name).id),)

    return alive(act)


def mute(name: str, muted: bool, by: Member) -> Command:
    """Whether an agent only listens: it then answers no one but a person who addresses it."""

    def act(room: RoomState) -> Sequence[Happening]:
        seat = find(room, name)
        if (seat.id in room.muted) == muted:
            return ()
        changed = Configured(seat=seat, muted=muted, by=by)
        return (changed,) if muted else (changed, *_again(room, by))

    return alive(act)


def _again(room: RoomState, by: Member) -> Sequence[Happening]:
    """A room that paused by itself, since no agent was left, goes on once there is one."""
    stuck = room.paused is not None and room.paused.by is None
    return (Resumed(by=by, reason="asked"),) if stuck else ()


def configure_seat(name: str, by: Member, **changes: Any) -> Command:
    """An agent that is otherwise from now on; `changes` are fields of `Seat`, of which None means the persona's own.

    With another `persona` it takes that one's name too, and keeps its place.
    """

    def act(room: RoomState) -> Sequence[Happening]:
        seat = find(room, name)
        changed = seat.model_validate(seat.model_dump() | changes)
        if changed.persona.name != seat.persona.name:
            taken = [other.name for other in (*room.seats.values(), room.moderator) if other.id != seat.id]
            named = new_seat(seat.id, changed.persona, taken).name
            changed = changed.model_copy(update={"name": named})
        return _changed(seat, changed, by)

    return alive(act)


def configure_moderator(by: Member, **changes: Any) -> Command:
    """An orchestrator that is otherwise from now on; `changes` are fields of its `Seat`."""

    def act(room: RoomState) -> Sequence[Happening]:
        changed = room.moderator.model_validate(room.moderator.model_dump() | changes)
        return _changed(room.moderator, changed, by)

    return alive(act)


def _changed(old: Seat, new: Seat, by: Member) -> Sequence[Happening]:
    was = old.name if new.name != old.name else ""
    return () if new == old else (Configured(seat=new, was=was, by=by),)


def expand(card: Persona, words: Sequence[str], usage: Usage) -> Command:
    """Seats of this persona are found by these words too, unless they were given others meanwhile."""

    def act(room: RoomState) -> Sequence[Happening]:
        wanting = [seat for seat in room.seats.values() if seat.persona == card]
        known = card.model_copy(update={"expansion": tuple(words)})
        seats = [seat.model_copy(update={"persona": known}) for seat in wanting]
        costs = (usage, *(Usage() for _ in seats[1:]))
        return [Configured(seat=seat, usage=cost) for seat, cost in zip(seats, costs, strict=False)]

    return alive(act)
