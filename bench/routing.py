"""Scores who speaks next on a folder of labelled conversations: `python -m bench.routing FOLDER [set …]`.

The folder holds `score.py` and its data. `Shipped` is what the room does, by the room's own code; `Ranked` is its
ranking of the newest message alone; `BM25` and `Keywords` are what they are measured against.
"""

import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import log
from pathlib import Path
from time import process_time_ns
from types import ModuleType
from typing import Any

from rooms_bot.domain.events import Opened
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Mode, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line, Ranking
from rooms_bot.turns.dynamic import weigh
from rooms_bot.turns.expertise import rank

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SOMEBODY = Member(id=1, name="Theo")
OPENED = Opened(
    place=Place(guild=1, channel=1, parent=1),
    config=RoomConfig(topic="none", mode=Mode.DYNAMIC),
    moderator=Seat(id=MODERATOR, name="Moderator", persona=Persona(name="Moderator")),
    by=SOMEBODY,
)

Card = Mapping[str, Any]
Messages = Sequence[Mapping[str, str]]


class Ranked:
    """The scores of the newest message."""

    def __init__(self, cards: Mapping[str, Card]) -> None:
        self._personas = {label: persona_of(card) for label, card in cards.items()}

    def decide(self, room: Sequence[str], messages: Messages) -> dict[str, float]:
        ranking = self.rank(room, messages)
        return {label: ranking.scores[seat] for seat, label in enumerate(room, 1)}

    def rank(self, room: Sequence[str], messages: Messages) -> Ranking:
        return rank(messages[-1]["text"], self.seats(room))

    def seats(self, room: Sequence[str]) -> list[Seat]:
        personas = [self._personas[label] for label in room]
        return [Seat(id=number, name=one.name, persona=one) for number, one in enumerate(personas, 1)]


class Shipped(Ranked):
    """What speaks for each seat once a room of the mode `dynamic` has heard all of this."""

    def decide(self, room: Sequence[str], messages: Messages) -> dict[str, float]:
        heard = room_of(self.seats(room), room, messages)
        choice = weigh(heard, self.rank(room, messages), heard.candidates)
        return {room[one.seat - 1]: one.total for one in choice.candidates}


def room_of(seats: Sequence[Seat], labels: Sequence[str], messages: Messages) -> RoomState:
    """A room in which this was said, by people and by the seats of these labels, and last by a person."""
    room = RoomState(OPENED, OPENED.config, OPENED.moderator, WHEN, seats={seat.id: seat for seat in seats})
    for one in messages:
        if one["speaker"] != "user":
            room.last_said = labels.index(one["speaker"]) + 1
            room.turn_of[room.last_said] = room.turns_taken = room.turns_taken + 1
    room.transcript.add(Line(WHEN, SOMEBODY.name, messages[-1]["text"], member=SOMEBODY.id))
    return room


def persona_of(card: Card) -> Persona:
    return Persona(
        name=card["name"],
        role=card["role"],
        description=card["description"],
        expertise=tuple(card["keywords"]),
        expansion=tuple(dict.fromkeys(card.get("expansion", "").split()))[:100],
    )


class Keywords:
    """How often keywords of a card occur in the last six messages, in whatever word."""

    def __init__(self, cards: Mapping[str, Card]) -> None:
        self._keywords = {label: [word.casefold() for word in card["keywords"]] for label, card in cards.items()}

    def decide(self, room: Sequence[str], messages: Messages) -> dict[str, float]:
        text = " ".join(one["text"] for one in messages[-6:]).casefold()
        return {label: sum(text.count(word) for word in self._keywords[label]) for label in room}


class BM25:
    """The whole words of the newest message, in all that is written on a card (Robertson and others, 1994)."""

    def __init__(self, cards: Mapping[str, Card]) -> None:
        self._cards = {label: Counter(_words(_written(card))) for label, card in cards.items()}

    def decide(self, room: Sequence[str], messages: Messages) -> dict[str, float]:
        cards = {label: self._cards[label] for label in room}
        mean = sum(card.total() for card in cards.values()) / len(cards)
        norms = {label: 1.2 * (0.25 + 0.75 * card.total() / mean) for label, card in cards.items()}
        scores = dict.fromkeys(room, 0.0)
        for word in set(_words(messages[-1]["text"])):
            told = [label for label in room if word in cards[label]]
            rare = log(1 + (len(room) - len(told) + 0.5) / (len(told) + 0.5))
            for label in told:
                often = cards[label][word]
                scores[label] += rare * often * 2.2 / (often + norms[label])
        return scores


def _written(card: Card) -> str:
    return " ".join([card["role"], card["description"], *card["keywords"], card.get("expansion", "")])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def scorer(folder: Path) -> ModuleType:
    """The folder's `score.py`. SystemExit where it has none."""
    path = folder / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise SystemExit(f"{folder} has no score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score


def clock(folder: Path) -> str:
    """What one ranking costs among the first 12 experts of `sgd8`, over its newest messages."""
    cards = json.loads((folder / "data" / "cards" / "sgd8.json").read_text("utf-8"))
    seats = Ranked(cards).seats(list(cards)[:12])
    lines = (folder / "data" / "sgd8.jsonl").read_text("utf-8").splitlines()
    times = []
    for text in [json.loads(line)["messages"][-1]["text"] for line in lines]:
        start = process_time_ns()
        rank(text, seats)
        times.append((process_time_ns() - start) / 1e6)
    times.sort()
    return f"{times[len(times) // 2]:.3f} ms, p99 {times[len(times) * 99 // 100]:.3f} ms"


def main(folder: Path, sets: list[str]) -> None:
    score = scorer(folder)
    sys.modules["routing"] = sys.modules[__name__]
    for factory in ("Keywords", "BM25", "Ranked", "Shipped"):
        print(factory)
        score.main(f"routing:{factory}", sets)
    print(f"CPU of a ranking of 12 experts: median {clock(folder)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
