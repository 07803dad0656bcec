"""Scores the expertise ranking on a folder of labelled conversations: `python -m bench.routing FOLDER [set …]`.

The folder holds `score.py` and its data. `Shipped` is what the room does: a ranking of the newest message, and staying
with who spoke last where that tells little; `Ranked` is the ranking alone.
"""

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.turns.decisions import Ranking
from rooms_bot.turns.dynamic import STAY
from rooms_bot.turns.expertise import rank


class Ranked:
    """The scores of the newest message."""

    def __init__(self, cards: Mapping[str, Mapping[str, Any]]) -> None:
        self._personas = {label: _persona(card) for label, card in cards.items()}

    def decide(self, room: Sequence[str], messages: Sequence[Mapping[str, str]]) -> dict[str, float]:
        ranking = self._rank(room, messages)
        return {label: ranking.scores[seat] for seat, label in enumerate(room, 1)}

    def _rank(self, room: Sequence[str], messages: Sequence[Mapping[str, str]]) -> Ranking:
        return rank(messages[-1]["text"], [self._seat(number, label) for number, label in enumerate(room, 1)])

    def _seat(self, number: int, label: str) -> Seat:
        persona = self._personas[label]
        return Seat(id=number, name=persona.name, persona=persona)


class Shipped(Ranked):
    """After a person's words: relevance above the weakest, and the last speaker as far as the words leave it open."""

    def decide(self, room: Sequence[str], messages: Sequence[Mapping[str, str]]) -> dict[str, float]:
        ranking = self._rank(room, messages)
        last = next((one["speaker"] for one in reversed(messages) if one["speaker"] != "user"), None)
        weakest = min(ranking.scores.values())
        open_ = (1 - ranking.confidence) * STAY
        return {label: ranking.scores[seat] - weakest + open_ * (label == last) for seat, label in enumerate(room, 1)}


def _persona(card: Mapping[str, Any]) -> Persona:
    return Persona(
        name=card["name"],
        role=card["role"],
        expertise=tuple(card["keywords"]),
        expansion=tuple(dict.fromkeys(card.get("expansion", "").split()))[:100],
    )


def main(folder: str, sets: list[str]) -> None:
    spec = importlib.util.spec_from_file_location("score", Path(folder) / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder} has no score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    sys.modules["routing"] = sys.modules[__name__]
    for factory in ("Ranked", "Shipped"):
        print(factory)
        score.main(f"routing:{factory}", sets)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
