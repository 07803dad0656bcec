"""The one who disagrees most usefully speaks: the side that did not speak last answers."""

from collections.abc import Collection, Mapping

from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.i18n import N_
from rooms_bot.turns.decisions import Decision, Speak
from rooms_bot.turns.eagerness import inclined

SIDES = (N_("for"), N_("against"))


def sides(seats: Collection[Seat]) -> Mapping[int, str]:
    """Which side each seat takes: its own or its persona's stance, else for and against in turn, the smaller one first.

    Where all stances would make one single side there is nothing to argue about, so all take sides in turn.
    """
    taken = {seat.id: seat.side.strip().casefold() for seat in seats}
    if len(seats) > 1 and len(set(taken.values())) == 1:
        taken = dict.fromkeys(taken, "")
    for number, stance in taken.items():
        if not stance:
            held = list(taken.values())
            taken[number] = min(SIDES, key=held.count)
    return taken


class Argumentative:
    """Another side than the last speaker's answers; within it the one who has waited longest."""

    def decide(self, room: RoomState, ranking: Ranking) -> Decision:  # noqa: ARG002 - sides decide
        side = sides(room.seats.values())
        last = side.get(room.last_said) if room.last_said is not None else None
        able = inclined(room, room.candidates)
        answering = [seat for seat in able if side[seat.id] != last] or able
        return Speak(max(answering, key=lambda seat: (room.waited(seat.id), -seat.id)).id)
