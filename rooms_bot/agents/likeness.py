"""How near a text is in meaning to each of several cards, by their vectors: plain arithmetic, whatever model made them.

Models crowd their vectors into cones of different width, so a cosine of 0.8 may mean much or nothing. What the cards
of a room have in common is therefore taken off first (Mu and Viswanath, 2018), and what is left is told in units of
its own spread: the same constants hold for every model.
"""

from array import array
from collections.abc import Sequence
from itertools import combinations
from math import isfinite, sqrt
from operator import mul

from rooms_bot.domain.personas import Persona

Vector = Sequence[float]
"""Of length 1, in single precision: a room's cards may well have hundreds of them."""

MOST = 24
"""Texts into which each of a card's lists is put at most: a message is compared with every one."""
TOGETHER = 3
"""Words of an expansion that stand in one text: alone they mean too many things."""
BEST = 2
"""How many of a card's texts count, the nearest ones."""
SAMPLE = 8
"""Texts of two cards that are compared to learn the spread."""
USUAL, PAIRS = 0.12, 20
"""The spread that rooms mostly have, and how many pairs of texts it counts for: few pairs alone tell little of it."""
NOTHING = 1e-6
"""What single precision cannot tell from none."""


def texts(persona: Persona) -> tuple[str, ...]:
    """What a card is embedded as, each once: what lexical ranking reads, and the description."""
    told = (persona.role, persona.description, *_joined(persona.expertise, 1), *_joined(persona.expansion, TOGETHER))
    return tuple(dict.fromkeys(text for text in told if text))


def _joined(phrases: Sequence[str], least: int) -> list[str]:
    size = max(least, -(-len(phrases) // MOST))
    return [" ".join(phrases[at : at + size]) for at in range(0, len(phrases), size)]


def unit(numbers: Sequence[float]) -> Vector | None:
    """These as a vector of length 1; None where they have no direction."""
    length = sqrt(dot(numbers, numbers))
    if not length or not isfinite(length):
        return None
    return array("f", [number / length for number in numbers])


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    total: float = sum(map(mul, one, other))
    return total


class Cast:
    """The cards of a room, each as its vectors; all of one size. Costs some milliseconds to make, so it is kept."""

    def __init__(self, cards: Sequence[Sequence[Vector]]) -> None:
        self._cards = cards
        means = [[sum(column) / len(card) for column in zip(*card, strict=True)] for card in cards if card]
        self._centre = [sum(column) / len(means) for column in zip(*means, strict=True)]
        self.size = len(self._centre)
        self._square = dot(self._centre, self._centre)
        self._along = [[dot(self._centre, vector) for vector in card] for card in cards]
        self._spread = self._measured()

    def likeness(self, text: Sequence[float]) -> list[float] | None:
        """How near it is to each card, in spreads of the cards' own; None where it has nothing that they do not share.

        A card without vectors is as far as the farthest.
        """
        along = dot(self._centre, text)
        if self._left(along) < NOTHING:
            return None
        near = [self._nearest(number, text, along) for number in range(len(self._cards))]
        least = min(value for value in near if value is not None)
        return [(least if value is None else value) / self._spread for value in near]

    def _nearest(self, number: int, text: Sequence[float], along: float) -> float | None:
        card = zip(self._cards[number], self._along[number], strict=True)
        best = sorted((self._cosine(text, along, vector, part) for vector, part in card), reverse=True)[:BEST]
        return sum(best) / len(best) if best else None

    def _cosine(self, one: Sequence[float], along: float, other: Vector, part: float) -> float:
        """Of the two without the centre; each comes with its product with that."""
        left, rest = self._left(along), self._left(part)
        if min(left, rest) < NOTHING:
            return 0.0
        return (dot(one, other) - along - part + self._square) / sqrt(left * rest)

    def _left(self, along: float) -> float:
        """The square of what is left of a vector of length 1."""
        return 1 - 2 * along + self._square

    def _measured(self) -> float:
        """The spread of the cosines between different cards' texts."""
        cards = [
            list(zip(card, along, strict=True))[:SAMPLE] for card, along in zip(self._cards, self._along, strict=True)
        ]
        cosines = [
            self._cosine(one, along, other, part)
            for card, another in combinations(cards, 2)
            for (one, along), (other, part) in zip(card, another, strict=False)
        ]
        mean = sum(cosines) / max(1, len(cosines))
        own = sum((cosine - mean) ** 2 for cosine in cosines)
        return sqrt((own + USUAL**2 * PAIRS) / (len(cosines) + PAIRS))
