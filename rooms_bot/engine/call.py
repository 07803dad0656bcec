"""One call of a model for a turn: what is reserved for it beforehand, and what it took in the end."""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from rooms_bot.domain.costs import COUNTED, Cost
from rooms_bot.domain.events import Usage
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import tokens
from rooms_bot.engine.purse import Reservation
from rooms_bot.errors import AgentUnreachable
from rooms_bot.ports import Agent, Request

ANSWER = 1000
"""Tokens that an answer has at most, as a rule, where the request does not say."""
LEAST, SHARE = 200, 5
"""Tokens of an answer that is worth having, and the part of the usual length below which it is not either."""
LONGEST = 24_000
"""Characters after which a model that does not end is not read any further."""
EACH = 4
"""Tokens that a message takes besides its text."""

Price = Callable[[str, int, int], Cost | None]
"""What a call of this model takes that reads and writes so many tokens; None where it costs nobody anything."""


class Call:
    """`with call:` around the call itself; `close` it in any case. It is then settled, and `usage` is what it took."""

    def __init__(self, agent: Agent, request: Request, reserved: Reservation, price: Price, read: int) -> None:
        self.agent, self.request = agent, request
        self._reserved, self._price, self._read = reserved, price, read
        self.text, self.usage = "", Usage()
        """What came so far, and what the provider counted."""
        self.counted = True
        """Whether `usage` is the provider's own count."""
        self._begun = self._closed = False

    @property
    def is_full(self) -> bool:
        """Whether no more is read: it is longer than anybody wants, or than what was reserved in a budget."""
        most = self.request.max_tokens if self._reserved.is_limited else None
        return len(self.text) > LONGEST or (most is not None and bool(self.text) and tokens(self.text) >= most)

    def __enter__(self) -> Self:
        self._begun = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(error)

    def close(self, error: BaseException | None = None) -> None:
        """What is broken off was paid for, too: what was sent, and what came until then. Who never answered is not."""
        if self._closed or self._reserved.free:
            return
        self._closed = True
        if not self._begun or (isinstance(error, AgentUnreachable) and not self.text):
            self._reserved.settle(Cost())
            return
        self.counted = Cost.of(self.usage) is not None
        if not self.counted:
            written = tokens(self.text) if self.text else 0
            self.usage = Usage(prompt_tokens=self._read, completion_tokens=written)
        if self.usage.cost is None:
            self.usage = self.usage.model_copy(update={"cost": self._dollars()})
        self._reserved.settle(Cost.of(self.usage) or Cost())

    def _dollars(self) -> float | None:
        cost = self._price(self.request.model, self.usage.prompt_tokens, self.usage.completion_tokens)
        return cost.dollars if cost else 0.0


def reads(request: Request, room: RoomState) -> int:
    """About how many tokens the request is, as its provider counts them."""
    scale = room.scales.get(request.seat.id, COUNTED)
    return math.ceil(request.estimate * scale) + EACH * len(request.messages)


def writes(request: Request, fits: Callable[[int], bool]) -> int:
    """How many tokens its answer has at most: as ever, or, where only less of it `fits`, as many as do.

    Where not even a useful answer does, the shortest useful one.
    """
    usual = ANSWER if request.max_tokens is None else request.max_tokens
    if fits(usual):
        return usual
    least = min(usual, max(LEAST, usual // SHARE))
    return max(least, least - 1 + bisect_left(range(least, usual), True, key=lambda written: not fits(written)))


def bounded(request: Request, reserved: Reservation, written: int) -> Request:
    """The request as it is sent: where a limit holds, its answer ends at what was reserved for it."""
    return replace(request, max_tokens=written) if reserved.is_limited else request
