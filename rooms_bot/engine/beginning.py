"""How rooms begin: who sits in one, and the events that all begin with. Pure."""

from collections.abc import Collection, Sequence

from rooms_bot.domain.events import Event, Happening, Joined, Opened
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.engine import seating
from rooms_bot.ports import RoomRecord


def seated(personas: Sequence[Persona], moderator: Persona, people: Collection[str]) -> tuple[list[Seat], Seat]:
    """The agents' seats and the moderator's, none with a name that looks like another's or one of `people`'s."""
    chair = seating.new_seat(MODERATOR, moderator, (), people)
    seats: list[Seat] = []
    for number, persona in enumerate(personas, MODERATOR + 1):
        seats.append(seating.new_seat(number, persona, [chair.name, *(seat.name for seat in seats)], people))
    return seats, chair


def beginning(record: RoomRecord) -> list[Event]:
    """The room is opened, and its agents join it."""
    opened = Opened(place=record.place, config=record.config, moderator=record.moderator, by=record.opened_by)
    first: list[Happening] = [opened, *(Joined(seat=seat) for seat in record.seats)]
    return [Event(index=index, at=record.opened_at, what=what) for index, what in enumerate(first)]
