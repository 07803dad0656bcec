"""Who takes a chance to speak that nobody gave it: a seat of talkativeness 0.5 lets every second one go by."""

from collections.abc import Sequence

from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState

GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole part, are spread evenly, over every second or third turn too (Weyl, 1916)."""


def inclined(room: RoomState, seats: Sequence[Seat]) -> list[Seat]:
    """Those of the seats that take this chance; where none does, all of them."""
    return [seat for seat in seats if _draw(room.next_turn, seat.id) < seat.eagerness] or list(seats)


def _draw(turn: int, seat: int) -> float:
    """A number from 0 up to 1, always the same for this turn and seat."""
    return (turn + seat * GOLDEN) * GOLDEN % 1
