"""What a benchmark finds: a figure a round, shown as their median and spread beside what is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from statistics import median

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in all its rounds; NaN where this machine cannot tell it. `wanted` is a goal, not yet a promise."""

    what: str
    unit: str
    rounds: Sequence[float]
    wanted: str = ""

    @property
    def middle(self) -> float:
        return median(self.rounds)

    def __str__(self) -> str:
        if any(map(isnan, self.rounds)):
            return f"{self.what:<62} {'not to be told on this machine':>24}"
        spread = f"{_short(min(self.rounds))}–{_short(max(self.rounds))}"
        return f"{self.what:<62} {_short(self.middle):>8} {self.unit:<5} {spread:>13}   {self.wanted}".rstrip()


def ratios(what: str, over: Sequence[float], under: Sequence[float], wanted: str = "") -> Row:
    """Round by round: what noise both of a round met falls out."""
    return Row(what, "×", [a / b for a, b in zip(over, under, strict=True)], wanted)


def show(title: str, rows: Sequence[Row]) -> None:
    heading = f"{title:<62} {'median':>8} {'':<5} {'spread':>13}   wanted later"
    print("", heading, "-" * len(heading), *rows, sep="\n", flush=True)


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
