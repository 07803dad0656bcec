"""The parts of a room's state: what was said, who is asked, what it cost so far, and whether it goes on."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from rooms_bot.domain.events import Usage, Why

SOMEONE = "someone"
"""What a member is called who wished to be forgotten."""

STRIKES = 3
"""An agent that fails this often in a row is benched."""

BURST = timedelta(seconds=1.5)
"""Messages that people send within so long are answered by one turn that has seen them all."""

READING = timedelta(seconds=10)
"""How long a turn waits for the text of an attached file."""

LONGEST = 2000
"""Tokens of one line with its files, of which agents are shown no more."""


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
    answers: int | None = None
    """The message that an agent answered with it."""
    files: tuple[tuple[str, str], ...] = ()
    """Texts that came with it, each with its name."""
    file_events: tuple[int, ...] = ()
    """Indexes of the events that carry these, in the same order."""
    announced: int = 0
    """How many such texts there are to be."""
    greeting: bool = False
    tokens: int = 0
    """About how many agents are shown of it."""

    def __post_init__(self) -> None:
        texts = (self.name, self.text, *(part for file in self.files for part in file))
        object.__setattr__(self, "tokens", min(sum(map(tokens, texts)), LONGEST))


def tokens(text: str) -> int:
    """About how many tokens that is: its bytes by four."""
    return (len(text) if text.isascii() else len(text.encode())) // 4 + 1


@dataclass(frozen=True, slots=True)
class Digest:
    """The first `lines` of the room in short, which agents read in their place."""

    lines: int
    text: str
    event: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """How relevant each seat is to the newest message (0 and more), and how far that can be trusted (0 to 1)."""

    scores: Mapping[int, float] = field(default_factory=dict)
    confidence: float = 0.0
    by: Literal["words", "vectors", "model"] = "words"
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody wants to hear this seat next."""

    seat: int
    why: Why
    by: str
    answers: int | None = None
    also: "tuple[Ask, ...]" = ()
    """Who asked it too since then; one turn answers all of them."""

    def without(self, gone: Callable[["Ask"], bool]) -> "Ask | None":
        """What is left of it once these are `gone`."""
        left = [one for one in (replace(self, also=()), *self.also) if not gone(one)]
        return replace(left[0], also=tuple(left[1:])) if left else None

    def nameless(self, names: Container[str]) -> "Ask":
        """The same, those of these names being nobody in particular."""
        also = tuple(one.nameless(names) for one in self.also)
        return replace(self, by=SOMEONE if self.by in names else self.by, also=also)


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
