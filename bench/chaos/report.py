"""What a chaos run finds, and when the bot was killed."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KINDS = {
    "missing": "missing messages",
    "doubled": "doubled messages",
    "strays": "stray messages",
    "altered": "altered messages",
    "paid twice": "turns paid twice",
    "unheard": "messages of members unheard",
    "unanswered": "questions unanswered",
    "numbers": "turns out of order",
    "gaps": "rooms with gaps",
    "stalled": "rooms that did not go on",
    "faults": "errors logged",
}
"""Kinds of findings, in words: about what was said and heard, and about the process."""
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
        yield f"rooms at the moment of a kill: {_counts(self.states)}"
        yield from (f"{name}: {len(found.wrong.get(kind, ()))}" for kind, name in KINDS.items())
        for kind, wrong in found.wrong.items():
            yield from (f"  {KINDS[kind]}: {line}" for line in wrong[:SHOWN])
            if len(wrong) > SHOWN:
                yield f"  {KINDS[kind]}: and {len(wrong) - SHOWN} more"


def verdict(found: Mapping[str, Findings | None]) -> str:
    """The last line: how it went on each database, None being for one that was not tried."""
    skipped = [name for name, one in found.items() if one is None]
    wrong = {name: _wrong(one) for name, one in found.items() if one is not None and one.wrong}
    aside = f" Not tried: {', '.join(skipped)}." if skipped else ""
    if wrong:
        return f"FAILED: {'; '.join(f'{name}: {told}' for name, told in wrong.items())}.{aside}"
    return f"All is well.{aside}" if len(skipped) < len(found) else f"FAILED: nothing was tried.{aside}"


def _wrong(found: Findings) -> str:
    return ", ".join(f"{KINDS[kind]} {len(lines)}" for kind, lines in found.wrong.items())


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())
