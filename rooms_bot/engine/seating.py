"""What people may ask of the seats of a room: who sits there, as what, and who has the next turn. Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, Literal

from rooms_bot.domain.events import Configured, Happening, Joined, Left, Resumed, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MAX_SEATS, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.engine.commands import PAUSED, Command, alive, unserved
from rooms_bot.engine.naming import distinct
from rooms_bot.errors import Refused


def invite(persona: Persona, by: Member, people: Collection[str] = (), **given: Any) -> Command:
    """A new seat at the end of the order; `given` are fields of `Seat`, `people` names that it must not have."""

    def act(room: RoomState) -> Sequence[Happening]:
        if len(room.seats) >= MAX_SEATS:
            raise Refused("All {count} seats are taken. `/agent remove` makes room for another.", count=MAX_SEATS)
        taken = [seat.name for seat in (*room.seats.values(), room.moderator)]
        seat = new_seat(room.next_seat, persona, taken, _people(room, by, people))
        joined = Joined(seat=seat.model_validate(seat.model_dump() | given), by=by)
        return (joined, *_again(room, by))

    return alive(act)


def new_seat(number: int, persona: Persona, taken: Sequence[str], people: Collection[str] = ()) -> Seat:
    """A seat whose name is nobody else's; `taken` are names of agents."""
    return Seat(id=number, name=distinct(persona.name, taken, people), persona=persona)


def _people(room: RoomState, by: Member, people: Collection[str]) -> Sequence[str]:
    return [by.name, *(member.name for member in room.members.values()), *people]


def remove(name: str, by: Member) -> Command:
    def act(room: RoomState) -> Sequence[Happening]:
        seat = find(room, name)
        if len(room.seats) == 1:
            raise Refused("{name} is the last one here. `/room stop` ends the room.", name=seat.name)
        return (Left(seat=seat.id, name=seat.name, by=by, unserved=unserved(room, seat.id)),)

    return alive(act)


def find(room: RoomState, name: str) -> Seat:
    """The seat of this name, in any case."""
    wanted = name.strip().lstrip("@").casefold()
    for seat in room.seats.values():
        if seat.name.casefold() == wanted:
            return seat
    if wanted == room.moderator.name.casefold():
        raise Refused("{name} has no seat: `/orchestrator now` asks for a summary.", name=room.moderator.name)
    here = ", ".join(seat.name for seat in room.seats.values())
    raise Refused("Nobody here has that name. Seated are: {names}.", names=here)


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


class Access(StrEnum):
    """What an agent has of a room. Whatever it is, who is addressed by a person answers them."""

    ALL = "all"
    READ = "read"
    WRITE = "write"
    NONE = "none"

    @property
    def listens(self) -> bool:
        """Whether it only listens."""
        return self in (Access.READ, Access.NONE)

    @property
    def memory(self) -> Literal["room", "none"]:
        """Whether it sees what was said, or only what it answers."""
        return "room" if self in (Access.ALL, Access.READ) else "none"


def access(name: str, granted: Access, by: Member) -> Command:
    """What an agent has of the room from now on; what was said stays as it is for everyone else."""

    def act(room: RoomState) -> Sequence[Happening]:
        seat = find(room, name)
        persona = seat.persona.model_copy(update={"memory": granted.memory})
        muted = None if granted.listens == (seat.id in room.muted) else granted.listens
        if persona == seat.persona and muted is None:
            return ()
        changed = Configured(seat=seat.model_copy(update={"persona": persona}), muted=muted, by=by)
        return (changed, *_again(room, by)) if muted is False else (changed,)

    return alive(act)


def _again(room: RoomState, by: Member) -> Sequence[Happening]:
    """A room that paused by itself, since no agent was left, goes on once there is one."""
    stuck = room.paused is not None and room.paused.by is None
    return (Resumed(by=by, reason="asked"),) if stuck else ()


def configure_seat(name: str, by: Member, people: Collection[str] = (), **changes: Any) -> Command:
    """An agent that is otherwise from now on; `changes` are fields of `Seat`, of which None means the persona's own.

    With another `persona` it takes that one's name too, and keeps its place.
    """

    def act(room: RoomState) -> Sequence[Happening]:
        seat = find(room, name)
        changed = seat.model_validate(seat.model_dump() | changes)
        if changed.persona.name != seat.persona.name:
            taken = [other.name for other in (*room.seats.values(), room.moderator) if other.id != seat.id]
            named = new_seat(seat.id, changed.persona, taken, _people(room, by, people)).name
            changed = changed.model_copy(update={"name": named})
        return _changed(seat, changed, by)

    return alive(act)


def configure_moderator(by: Member, people: Collection[str] = (), **changes: Any) -> Command:
    """An orchestrator that is otherwise from now on; `changes` are fields of its `Seat`."""

    def act(room: RoomState) -> Sequence[Happening]:
        if changes.get("name", room.moderator.name) != room.moderator.name:
            agents = [seat.name for seat in room.seats.values()]
            changes["name"] = distinct(changes["name"], agents, _people(room, by, people))
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
