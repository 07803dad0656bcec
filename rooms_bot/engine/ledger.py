"""How much of a budget is used and held: plain arithmetic, by which nothing held goes beyond a limit."""

from collections.abc import Iterator
from typing import Literal

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.rooms import Limits

WARNING = 0.8
"""The share of a limit from which people are told."""
SLACK = 1e-9
"""Dollars by which sums may be off: they are sums of fractions."""

Unit = Literal["tokens", "dollars"]
Use = tuple[Unit, float, float]
"""Of a unit, how much is used, and its limit."""


class Account:
    """One budget in one period. What is held is for calls under way, and counts as used until it is settled."""

    def __init__(self, tokens: int = 0, dollars: float = 0.0) -> None:
        self.tokens, self.dollars = tokens, dollars
        self.held_tokens, self.held_dollars = 0, 0.0
        self.unpriced = False
        self.refused: Limits | None = None
        """The limits for which a call was refused."""
        self._told: set[tuple[Unit, float]] = set()

    def lacks(self, cost: Cost, limits: Limits) -> Unit | Literal["price"] | None:
        """What there is too little of for such a call, if anything; no money is enough for an unknown price."""
        if limits.dollars and cost.dollars is None:
            return "price"
        if limits.tokens and self.tokens + self.held_tokens + cost.tokens > limits.tokens:
            return "tokens"
        dollars = self.dollars + self.held_dollars + (cost.dollars or 0.0)
        return "dollars" if limits.dollars and dollars > limits.dollars + SLACK else None

    def is_used_up(self, limits: Limits) -> bool:
        """Whether not even the smallest call fits, or one was refused already."""
        return self.refused == limits or self.lacks(Cost(1, 2 * SLACK), limits) is not None

    def hold(self, cost: Cost) -> None:
        self.held_tokens += cost.tokens
        self.held_dollars += cost.dollars or 0.0

    def settle(self, held: Cost, cost: Cost) -> None:
        """What was `held` took `cost`."""
        self.held_tokens -= held.tokens
        self.held_dollars = max(0.0, self.held_dollars - (held.dollars or 0.0))
        self.tokens += cost.tokens
        self.dollars += cost.dollars or 0.0
        self.unpriced |= cost.dollars is None

    def most(self, limits: Limits) -> Use:
        """Of which unit the larger share is used."""
        return max(self._uses(limits), key=lambda use: use[1] / use[2], default=("tokens", self.tokens, 0))

    def _uses(self, limits: Limits) -> list[Use]:
        uses: list[Use] = [("tokens", self.tokens, limits.tokens), ("dollars", self.dollars, limits.dollars)]
        return [use for use in uses if use[2]]

    def nears(self, limits: Limits) -> Iterator[Use]:
        """Of which units most is used: each limit once."""
        for unit, used, limit in self._uses(limits):
            if used >= WARNING * limit and (unit, limit) not in self._told:
                self._told.add((unit, limit))
                yield unit, used, limit
