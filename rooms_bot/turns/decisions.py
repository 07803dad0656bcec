"""The question every way of taking turns answers, and its possible answers."""

from dataclasses import dataclass
from typing import Literal, Protocol

from rooms_bot.domain.events import Choice, Waiting, Why
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking


@dataclass(frozen=True, slots=True)
class Speak:
    """This seat has the next turn."""

    seat: int
    why: Why = Why.MODE
    by: str = ""
    answers: int | None = None
    choice: Choice | None = None
    """Where the mode weighed the seats against each other."""


@dataclass(frozen=True, slots=True)
class Greet:
    """This seat, which is new, introduces itself, which is no turn."""

    seat: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody speaks; `waiting` says whom for. Its `until` is set by who carries it out."""

    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody can speak until people do something about it; `reason` is a sentence, in English."""

    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """The room is over."""

    reason: Literal["turns"] = "turns"


Decision = Speak | Greet | Wait | Pause | Close


class TurnPolicy(Protocol):
    """A way of taking turns: who speaks when nobody is addressed. Pure; `room.candidates` is never empty here."""

    def decide(self, room: RoomState, ranking: Ranking) -> Decision: ...
