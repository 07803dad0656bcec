"""The model of a soak run: it takes its time, and now and then it fails in one of the ways that models do."""

import random
from collections.abc import Sequence

from bench.words import SENTENCES
from tests.models.openai_server import Answer, Asked, Cut, Garbage, Hang, OpenAIServer, Status, Text

LATENCY = 0.2, 1.5
"""Seconds until the first word."""
CHUNK = 120
"""Characters of a piece."""
TROUBLE = 0.08
"""The share of requests that fail."""


def model(chance: random.Random) -> OpenAIServer:
    def answer(_: Asked) -> Answer:
        if chance.random() < TROUBLE:
            return chance.choice(_failures())
        words = " ".join(chance.sample(SENTENCES, chance.randint(1, 6)))
        return Text("PASS" if chance.random() < 0.05 else words, chunk=CHUNK, delay=chance.uniform(*LATENCY))

    return OpenAIServer(answer)


def _failures() -> Sequence[Answer]:
    return (
        Status(429, "slow down", retry_after="1"),
        Status(500, "oops"),
        Cut("I had begun to say"),
        Cut(),
        Hang(text="One moment, please, while I"),
        Garbage(),
        Text(""),
    )
