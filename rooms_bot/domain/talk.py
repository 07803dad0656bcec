"""The parts of a room's state: what was said, who is asked, what it cost so far, and whether it goes on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rooms_bot.domain.events import Usage, Why

STRIKES = 3
"""An agent that fails this often in a row is benched."""


class Phase(StrEnum):
    LIVE = "live"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said: by a seat, or by a member (`member`); `text` is empty once it was deleted."""

    at: datetime
    name: str
    text: str
    seat: int | None = None
    member: int | None = None
    events: tuple[int, ...] = ()
    """Indexes of the events that carry this text."""
    sources: tuple[int, ...] = ()
    """Ids of the channel's messages that show it."""
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody wants to hear this seat next."""

    seat: int
    why: Why
    by: str
    answers: int | None = None


@dataclass(slots=True)
class Spent:
    """Tokens and dollars so far; `unpriced` once a call's price was unknown."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    unpriced: bool = False

    def add(self, usage: Usage) -> None:
        self.prompt_tokens += usage.prompt_tokens
        self.completion_tokens += usage.completion_tokens
        self.cost += usage.cost or 0.0
        self.unpriced |= usage.cost is None and bool(usage.prompt_tokens or usage.completion_tokens)
