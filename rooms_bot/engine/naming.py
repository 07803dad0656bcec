"""What seats are called: like no other agent, and like no person whom one could take them for. Pure."""

from collections.abc import Collection, Sequence
from itertools import chain, count

from rooms_bot.domain.events import Configured
from rooms_bot.domain.lookalikes import looks_like
from rooms_bot.domain.rooms import Member
from rooms_bot.domain.state import RoomState

AGENT = " (agent)"
"""What tells an agent from a person of the same name."""


def distinct(name: str, agents: Collection[str], people: Collection[str]) -> str:
    """A name that looks like no other: `Ada (agent)` where a person is called Ada, `Ada 2` where an agent is."""
    bare = name.removesuffix(AGENT)
    first = f"{bare[: 80 - len(AGENT)]}{AGENT}" if looks_like(name, people) else name
    tries = chain((first,), (f"{first[:76]} {number}" for number in count(2)))
    return next(one for one in tries if not looks_like(one, (*agents, *people)))


def told_apart(room: RoomState, member: Member) -> Sequence[Configured]:
    """Agents that look like this member, who was not known when they were seated, are called otherwise from now on."""
    people = [member.name, *(other.name for other in room.members.values() if other.id != member.id)]
    names = {seat.id: seat.name for seat in (*room.seats.values(), room.moderator)}
    changes = []
    for number, was in names.items():
        if looks_like(was, [member.name]):
            others = [name for other, name in names.items() if other != number]
            names[number] = distinct(was, others, people)
            changes.append(Configured(seat=room.seat(number).model_copy(update={"name": names[number]}), was=was))
    return changes
