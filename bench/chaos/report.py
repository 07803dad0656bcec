"""What a chaos run finds, and when the bot was killed."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LOST = ("missing", "doubled", "strays", "altered", "paid twice", "unheard", "unanswered", "numbers", "gaps")
"""Kinds of findings about what was said and heard."""
BROKEN = ("stalled", "faults")
"""Those about the process."""
SHOWN = 12
"""Findings of a kind that are printed."""


@dataclass(slots=True)
class Deaths:
    """Each kill: when, in seconds since the epoch, and at which moment."""

    times: list[float] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)

    def add(self, at: float, moment: str) -> None:
        self.times.append(at)
        self.moments.append(moment)

    def near(self, at: float) -> str:
        """Which kill came next after this."""
        number = bisect_left(self.times, at)
        if number == len(self.times):
            return "after the last kill"
        return f"{self.times[number] - at:.3f} s before kill {number + 1} ({self.moments[number]})"


@dataclass(slots=True)
class Findings:
    """What is wrong, a line each, by kind; and how much was looked at."""

    wrong: dict[str, list[str]] = field(default_factory=dict)
    turns: int = 0
    posts: int = 0
    heard: int = 0

    def add(self, kind: str, line: str) -> None:
        self.wrong.setdefault(kind, []).append(line)


@dataclass(slots=True)
class Report:
    """What happened in one run."""

    findings: Findings = field(default_factory=Findings)
    deaths: Deaths = field(default_factory=Deaths)
    states: Counter[str] = field(default_factory=Counter)
    """How each room stood at each kill."""
    members: int = 0
    """Messages that members wrote."""
    requests: int = 0
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        found, kills = self.findings, len(self.deaths.times)
        yield f"{kills} kills, {found.turns} turns, {self.seconds:.0f} s"
        yield f"{found.posts} messages of agents, {found.heard} of {self.members} of members heard"
        yield f"{self.requests} requests to the model"
        yield f"killed at: {_counts(Counter(self.deaths.moments))}"
        yield f"rooms were: {_counts(self.states)}"
        yield ", ".join(f"{len(found.wrong.get(kind, ()))} {kind}" for kind in (*LOST, *BROKEN))
        for kind, wrong in found.wrong.items():
            yield from (f"  {kind}: {line}" for line in wrong[:SHOWN])
            if len(wrong) > SHOWN:
                yield f"  {kind}: and {len(wrong) - SHOWN} more"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())
