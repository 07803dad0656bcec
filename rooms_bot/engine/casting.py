"""Who takes part: the personas a host named, or those who fit the topic best."""

from collections.abc import Iterable, Sequence

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MAX_SEATS, Seat
from rooms_bot.errors import Refused
from rooms_bot.turns.expertise import rank

FEW = 3
"""How many are seated where nobody is named."""


def named(personas: Iterable[Persona], text: str, most: int = MAX_SEATS) -> list[Persona]:
    """The personas of a list of names with commas, each once. Raises `Refused` for a name that there is not."""
    known = {persona.name.casefold(): persona for persona in personas}
    parts = [part.strip().lstrip("@") for part in text.split(",") if part.strip()]
    wanted = list(dict.fromkeys(part.casefold() for part in parts))
    unknown = [part for part in parts if part.casefold() not in known]
    if unknown or not wanted:
        there = ", ".join(persona.name for persona in known.values())
        called = (unknown or [text])[0][:80]
        raise Refused("There is no persona called “{name}”. There are: {names}.", name=called, names=there[:1800])
    if len(wanted) > most:
        raise Refused("That is {count} agents, of which a room has {most} at most.", count=len(wanted), most=most)
    return [known[name] for name in wanted]


def fitting(personas: Sequence[Persona], topic: str) -> list[Persona]:
    """The few whose expertise fits the topic best, in order of fitness; of equals the first."""
    seats = [Seat(id=number, name=persona.name, persona=persona) for number, persona in enumerate(personas, 1)]
    scores = rank(topic, seats).scores
    best = sorted(seats, key=lambda seat: (-scores.get(seat.id, 0.0), seat.id))
    return [seat.persona for seat in best[:FEW]]
