"""The question every way of taking turns answers, and its possible answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rooms_bot.domain.events import Waiting, Why
from rooms_bot.domain.state import RoomState


@dataclass(frozen=True, slots=True)
class Speak:
    """This seat has the next turn."""

    seat: int
    why: Why = Why.MODE
    by: str = ""
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody speaks; `waiting` says whom for. Its `until` is set by who carries it out."""

    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody can speak until people do something about it; `reason` is a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """The room is over."""

    reason: Literal["turns"] = "turns"


Decision = Speak | Wait | Pause | Close


@dataclass(frozen=True, slots=True)
class Ranking:
    """How relevant each seat is to the newest message (0 and more), and how far that can be trusted (0 to 1)."""

    scores: Mapping[int, float] = field(default_factory=dict)
    confidence: float = 0.0


class TurnPolicy(Protocol):
    """A way of taking turns: who speaks when nobody is addressed. Pure; `room.candidates` is never empty here."""

    def decide(self, room: RoomState, ranking: Ranking) -> Decision: ...
