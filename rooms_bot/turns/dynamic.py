"""The most relevant expert speaks; weak evidence stays with the last one after a person, else the floor is open.

Each seat's worth is a sum: how much more the newest words concern it than the one they concern least, in units of the
lead that is trusted half; and, as far as those words leave it open, what is fair. Clear expertise is thus never outdone
by fairness, and where nobody is an expert the floor goes round. `tests/turns/test_dynamics.py` simulates it.
"""

from collections.abc import Sequence

from rooms_bot.domain.events import Candidate, Choice
from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.addressing import Named, cited
from rooms_bot.turns.decisions import Decision, Speak
from rooms_bot.turns.eagerness import inclined

STAY = 0.35
"""After a person's words: how much the last expert is favoured where the words tell little."""
LINGER = 0.5
"""On an open floor: how much having waited counts."""
FAIR = 1.5
"""On an open floor: the multiple of an equal share of the last turns from which on a seat's own counts against it."""
PAIR = 0.15
"""On an open floor: what counts against the one who spoke before the last, so that no two keep it to themselves."""
CITED = 0.2
"""For a seat that is spoken of. Whom the words are to has been asked before any mode is."""


class Dynamic:
    """Relevance above the weakest, plus what is fair, the latter only as far as the words leave it open."""

    def decide(self, room: RoomState, ranking: Ranking) -> Decision:
        choice = weigh(room, ranking, able(room))
        return Speak(choice.candidates[0].seat, choice=choice)


def able(room: RoomState) -> list[Seat]:
    """Whom it chooses from."""
    return room.candidates if room.last_turn is None else inclined(room, room.candidates)


def weigh(room: RoomState, ranking: Ranking, seats: Sequence[Seat]) -> Choice:
    """All of these seats with what speaks for them, best first; of equals who waited longer, then who came first."""
    scores = {seat.id: ranking.scores.get(seat.id, 0.0) for seat in seats}
    weakest, named = min(scores.values()), _named(room)
    person = room.last_turn is None
    confidence = ranking.confidence if person else trust(sorted(scores.values(), reverse=True))
    candidates = [
        _candidate(room, seat, scores[seat.id] - weakest, 1 - confidence, CITED * (seat.id in named)) for seat in seats
    ]
    candidates.sort(key=lambda one: (-one.total, -room.waited(one.seat), one.seat))
    return Choice(by=ranking.by, confidence=round(confidence, 3), candidates=tuple(candidates), usage=ranking.usage)


def _candidate(room: RoomState, seat: Seat, relevance: float, open_: float, cited: float) -> Candidate:
    """`open_` is how far the words leave it open who is the expert, 0 to 1."""
    fair = _thread(room, seat) if room.last_turn is None else _turnabout(room, seat)
    parts = {name: round(part * open_, 3) for name, part in fair.items()}
    total = relevance + sum(parts.values()) + cited
    return Candidate(seat=seat.id, relevance=round(relevance, 3), cited=cited, total=round(total, 3), **parts)


def _thread(room: RoomState, seat: Seat) -> dict[str, float]:
    """What is fair after a person's words."""
    return {"thread": STAY * (seat.id == room.last_said)}


def _turnabout(room: RoomState, seat: Seat) -> dict[str, float]:
    """What is fair on an open floor."""
    patience = min(1.0, room.waited(seat.id) / (2 * len(room.seats)))
    paired = room.floor[-2:-1] == [seat.id] and len(room.seats) > 2
    return {"waited": LINGER * patience, "share": -_excess(room, seat), "pair": -PAIR * paired}


def _excess(room: RoomState, seat: Seat) -> float:
    """By how much its part of the last turns is larger than is fair."""
    last = room.floor[-2 * len(room.seats) :]
    return max(0.0, last.count(seat.id) / max(1, len(last)) - FAIR / len(room.seats))


def trust(scores: Sequence[float]) -> float:
    """How far the first of these, in descending order, can be trusted: see `Ranking.confidence`."""
    lead = scores[0] - (scores[1] if len(scores) > 1 else 0.0)
    return lead / (lead + 1)


def _named(room: RoomState) -> set[int]:
    """Who is spoken of in the newest words."""
    text = room.lines[-1].text if room.lines else ""
    return cited(text, [Named(seat.id, seat.name) for seat in room.seats.values()]) if text else set()
