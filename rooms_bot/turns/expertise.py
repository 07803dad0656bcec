"""Who knows most about what was just said: the cards of the room's personas, searched with BM25, without a model.

A card is a persona's role, description, expertise and expansion: never its prompt, which is about manners. What all
cards of the room share tells nothing. `bench.routing` measures it; the constants are from there, and flat around these
values.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.features import KINDS, features, words

ROLE, DESCRIPTION, EXPERTISE, EXPANSION = 1.0, 0.5, 2.0, 1.0
"""What a word counts for by the field it stands in."""
SATURATION, LENGTH = 1.2, 0.5
"""BM25's k1 and b."""
HALF = 6.0
"""The lead that is trusted half (confidence 0.5)."""
LONG = 12
"""Words after which a text is weighed by their share, or a long speech would seem certain of everything."""
READ = 4000
"""Characters that are read of a text."""

Card = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def rank(text: str, seats: Sequence[Seat]) -> Ranking:
    """How much each seat's card has to do with this text.

    A score is in units of the lead that is trusted half: `confidence` is d / (d + 1) for the distance d of the best
    two, so scores of different rooms can be set against the same constants.
    """
    if not seats:
        return Ranking()
    cards = [_read(_card(seat.persona)) for seat in seats]
    scores = [0.0] * len(cards)
    mean = sum(card.size for card in cards) / len(cards) or 1.0
    norms = [SATURATION * (1 - LENGTH + LENGTH * card.size / mean) for card in cards]
    heard = text[:READ]
    for feature in features(heard):
        told = [(place, card.counts[feature]) for place, card in enumerate(cards) if feature in card.counts]
        weight = KINDS[feature[0]] * log(1 + (len(cards) - len(told) + 0.5) / (len(told) + 0.5))
        for place, often in told:
            scores[place] += weight * often * (SATURATION + 1) / (often + norms[place])
    unit = HALF * max(1.0, len(words(heard)) / LONG)
    return _ranking({seat.id: score / unit for seat, score in zip(seats, scores, strict=True)})


def _ranking(scores: dict[int, float]) -> Ranking:
    best, second = sorted((*scores.values(), 0.0, 0.0), reverse=True)[:2]
    return Ranking(scores, (best - second) / (best - second + 1))


@dataclass(frozen=True, slots=True)
class _Counted:
    """A card as it is searched: its features and what they count for, and all of them together."""

    counts: dict[str, float]
    size: float


def _card(persona: Persona) -> Card:
    return persona.role, persona.description, persona.expertise, persona.expansion


@lru_cache(maxsize=1024)
def _read(card: Card) -> _Counted:
    role, description, expertise, expansion = card
    counts: defaultdict[str, float] = defaultdict(float)
    fields = [(role, ROLE), (description, DESCRIPTION)]
    fields += [(phrase, EXPERTISE) for phrase in expertise] + [(phrase, EXPANSION) for phrase in expansion]
    for phrase, weight in fields:
        for feature in _telling(phrase):
            counts[feature] += weight
    size = sum(KINDS[feature[0]] * often for feature, often in counts.items())
    return _Counted(dict(counts), size)


def _telling(phrase: str) -> list[str]:
    """Idle words count in phrases of nothing else, as in “how are you” and “who is it”."""
    found = features(phrase)
    return [feature for feature in found if feature[0] != "i"] or found
