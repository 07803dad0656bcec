"""What agents and members say in a chaos run: every text is another one, and the seed decides which."""

import random
from dataclasses import dataclass

from bench.words import SENTENCES

SHORT, LONG, SLOW, PASS = "short", "long", "slow", "pass"
KINDS = {SHORT: 55, LONG: 15, SLOW: 20, PASS: 10}
"""How often an answer is one short message, several long ones, one that grows for seconds, and none."""
HANDED, ASKED = 0.08, 0.04
"""The share of answers that hand over to another agent, and that ask a member."""
LATENCY = 0.05, 0.8
"""Seconds until a model's first word."""
PIECE = 0.4
"""Seconds between two pieces of a slow answer."""
ADDRESSED, REPLIES = 0.4, 0.15
"""The share of members' messages that are to an agent by its name, and by a reply to what it said."""
WORDS = sorted({word.lower() for sentence in SENTENCES for word in sentence.split(" ") if word.isalpha()})


@dataclass(frozen=True, slots=True)
class Line:
    """An answer: its pieces, each after a wait in seconds."""

    pieces: tuple[tuple[float, str], ...]

    @property
    def text(self) -> str:
        return "".join(piece for _, piece in self.pieces)


class Script:
    """Gives each request its own answer, and each member their own words."""

    def __init__(self, seed: int, agents: tuple[str, ...], members: tuple[str, ...]) -> None:
        self._seed, self._agents, self._members = seed, agents, members

    def answer(self, serial: int) -> Line:
        chance = random.Random(f"{self._seed} answer {serial}")
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        wait = chance.uniform(*LATENCY)
        if kind == PASS:
            return Line(((wait, "PASS"),))
        end = self._end(chance)
        if kind == LONG:
            return Line(((wait, f"Answer {serial}: {_prose(chance, chance.randint(300, 1000))}{end}"),))
        if kind == SHORT:
            return Line(((wait, f"Answer {serial}: {_prose(chance, chance.randint(5, 60))}{end}"),))
        pieces = [f"{_prose(chance, chance.randint(20, 70))} " for _ in range(chance.randint(3, 7))]
        first, *rest = (f"Answer {serial}: {pieces[0]}", *pieces[1:], end.strip() or "So much for that.")
        return Line(((wait, first), *((PIECE, piece) for piece in rest)))

    def _end(self, chance: random.Random) -> str:
        """Whom the answer hands the turn, or whom it asks."""
        if (drawn := chance.random()) < HANDED:
            return f" @{chance.choice(self._agents)}, what do you think?"
        return f" @{chance.choice(self._members)}, what do you think?" if drawn < HANDED + ASKED else ""

    def question(self, serial: int) -> str:
        chance = random.Random(f"{self._seed} question {serial}")
        words = f"question {serial}: {_prose(chance, chance.randint(4, 20))}"
        return f"{chance.choice(self._agents)}, {words}" if chance.random() < ADDRESSED else words

    def replies(self, serial: int) -> bool:
        return random.Random(f"{self._seed} reply {serial}").random() < REPLIES


def _prose(chance: random.Random, count: int) -> str:
    """Sentences of so many words in all."""
    words = [chance.choice(WORDS) for _ in range(count)]
    sentences = [words[at : at + 12] for at in range(0, count, 12)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
