"""Everyone speaks in seating order."""

from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.decisions import Decision, Speak
from rooms_bot.turns.eagerness import inclined


class RoundRobin:
    """Next is the seat after the last one the mode chose; forced turns do not move it."""

    def decide(self, room: RoomState, ranking: Ranking) -> Decision:  # noqa: ARG002 - the order alone decides
        place = room.last_in_order or 0
        in_order = sorted(inclined(room, room.candidates), key=lambda seat: (seat.id <= place, seat.id))
        return Speak(in_order[0].id)
