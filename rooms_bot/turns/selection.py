"""Whose subject it is: the ranking before the decision, by the newest words alone."""

from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.dynamic import able, trust
from rooms_bot.turns.expertise import rank

RECENT = 5
"""Lines among which words are looked for: the newest may have been deleted."""
DOUBT = 0.3
"""The confidence below which it is worth asking who judges better: above it the words are right nine times in ten."""


def newest(room: RoomState) -> str:
    """The text that decides who is the expert: the newest message, at the start the topic."""
    for line in reversed(room.lines[-RECENT:]):
        if line.text and not line.greeting:
            return line.text
    return room.config.topic


def by_words(room: RoomState) -> Ranking:
    """The lexical ranking: pure, and without a model."""
    return rank(newest(room), list(room.seats.values()))


def doubtful(room: RoomState, ranking: Ranking) -> bool:
    """Whether it leaves open who of those that may speak is the expert."""
    scores = sorted((ranking.scores.get(seat.id, 0.0) for seat in able(room)), reverse=True)
    return len(scores) > 1 and trust(scores) < DOUBT
