"""One call of a model for a turn: what is reserved for it beforehand, and what it took in the end."""

import math
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Usage
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import tokens
from rooms_bot.engine.purse import Reservation
from rooms_bot.errors import AgentUnreachable
from rooms_bot.ports import Agent, Request

ANSWER = 1000
"""Tokens that an answer has at most, as a rule, where the request does not say."""
COUNTED = 1.25
"""How many tokens a provider counts for one of ours, as long as it has not said."""
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


def writes(request: Request) -> int:
    """About how many its answer has at most."""
    return ANSWER if request.max_tokens is None else request.max_tokens
