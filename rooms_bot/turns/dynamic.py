"""The most relevant expert speaks; weak evidence stays with the last one after a person, else the floor is open."""

from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.turns.decisions import Decision, Ranking, Speak

STAY = 0.4
"""After a person's words: how much the last expert is favoured where the words tell little."""
LINGER = 0.5
"""On an open floor: how much waiting counts."""


class Dynamic:
    """Relevance above the weakest, plus what is fair, the latter only as far as the words leave it open."""

    def decide(self, room: RoomState, ranking: Ranking) -> Decision:
        able = room.candidates
        weakest = min(ranking.scores.get(seat.id, 0.0) for seat in able)

        def worth(seat: Seat) -> tuple[float, int, int]:
            relevance = ranking.scores.get(seat.id, 0.0) - weakest
            total = relevance + (1 - ranking.confidence) * social(room, seat)
            return total, room.waited(seat.id), -seat.id

        return Speak(max(able, key=worth).id)


def social(room: RoomState, seat: Seat) -> float:
    """What speaks for a seat whatever the words are: having the thread of it, or having waited."""
    patience = min(1.0, room.waited(seat.id) / (2 * len(room.seats)))
    if room.last_turn is None and room.last_said is not None:
        return STAY * (seat.id == room.last_said) + 0.1 * patience
    return LINGER * patience
