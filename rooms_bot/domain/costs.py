"""What calls of models take, and how long a budget runs: tokens, US dollars, hours, days and months in UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from rooms_bot.domain.events import Budget, Usage
from rooms_bot.domain.rooms import Limits

COUNTED = 1.25
"""How many tokens a provider counts for one of ours, as long as it has not said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens, read and written together, and US dollars; None where no price is known."""

    tokens: int = 0
    dollars: float | None = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        unknown = self.dollars is None or other.dollars is None
        return Cost(self.tokens + other.tokens, None if unknown else (self.dollars or 0.0) + (other.dollars or 0.0))

    @classmethod
    def of(cls, usage: Usage) -> Self | None:
        """What a provider counted; None where it counted nothing."""
        tokens = usage.prompt_tokens + usage.completion_tokens
        return cls(tokens, usage.cost) if tokens or usage.cost else None


@dataclass(frozen=True, slots=True)
class Share:
    """How a budget stands. `limits` are in force, 0 is none; `until` is when it begins anew, None is never."""

    budget: Budget
    tokens: int
    dollars: float
    limits: Limits
    until: datetime | None = None
    unpriced: bool = False
    """Whether calls without a known price came on top of the dollars."""


def until(budget: Budget, at: datetime) -> datetime | None:
    """When the period in which `at` lies is over; None for a room's budget, which has no period."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    match budget:
        case Budget.ROOM:
            return None
        case Budget.MEMBER:
            return hour + timedelta(hours=1)
        case Budget.DAY:
            return hour.replace(hour=0) + timedelta(days=1)
        case Budget.MONTH:
            return (hour.replace(day=1, hour=0) + timedelta(days=32)).replace(day=1)


def smaller(one: Limits, other: Limits) -> Limits:
    """The stricter of both, in each unit."""
    return Limits(tokens=_least(one.tokens, other.tokens), dollars=_least(one.dollars, other.dollars))


def _least(one: float, other: float) -> float:
    return min(one, other) if one and other else one or other
