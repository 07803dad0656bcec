"""How the bot stood, second by second, and what that says: nothing may grow for ever."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

QUARTERS = 4
FLAT = 1.05
"""What memory may be in the last quarter, of what it was in the second."""
MORE_TASKS, MORE_FILES = 1.1, 10
"""What tasks may be (a share), and files beside (a number): rooms come and go."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One second: resident MB, CPU seconds used so far, tasks, open files, rooms, the fullest inbox, lags in s."""

    resident: float
    cpu: float
    tasks: int
    files: int
    rooms: int
    live: int
    inbox: int
    kept: Mapping[str, int]
    """How much each part of the program keeps."""
    lags: Sequence[float]


def quarters(samples: Sequence[Sample]) -> list[Sequence[Sample]]:
    size = len(samples) // QUARTERS
    return [samples[at * size : (at + 1) * size] for at in range(QUARTERS)]


def table(samples: Sequence[Sample]) -> Iterator[str]:
    """A row for each figure, a column for each quarter."""
    parts = quarters(samples)
    rows: list[tuple[str, Callable[[Sequence[Sample]], str]]] = [
        ("resident memory, MB, median", lambda part: f"{median(one.resident for one in part):.1f}"),
        ("resident memory, MB, most", lambda part: f"{max(one.resident for one in part):.1f}"),
        ("tasks, median", lambda part: f"{median(one.tasks for one in part):.0f}"),
        ("open files, most", lambda part: f"{max(one.files for one in part)}"),
        ("rooms live, median", lambda part: f"{median(one.live for one in part):.0f}"),
        ("rooms kept, median", lambda part: f"{median(one.rooms for one in part):.0f}"),
        ("fullest inbox", lambda part: f"{max(one.inbox for one in part)}"),
        ("event loop's lag, ms, median", lambda part: f"{_lag(part, 0.5):.0f}"),
        ("event loop's lag, ms, p99", lambda part: f"{_lag(part, 0.99):.0f}"),
        ("CPU, share of a core", lambda part: f"{(part[-1].cpu - part[0].cpu) / max(1, len(part) - 1):.2f}"),
    ]
    for name, figure in rows:
        yield f"{name:<32}" + "".join(f"{figure(part):>10}" for part in parts)


def _lag(part: Sequence[Sample], share: float) -> float:
    lags = sorted(lag for one in part for lag in one.lags)
    return lags[int(len(lags) * share)] * 1000 if lags else 0.0


def growth(samples: Sequence[Sample]) -> Iterator[str]:
    """What was kept more of in the last quarter than in the second."""
    _, second, _, last = quarters(samples)
    for name in sorted(last[-1].kept):
        before = median(one.kept.get(name, 0) for one in second)
        after = median(one.kept.get(name, 0) for one in last)
        if after > before * FLAT + 2:
            yield f"{name} {before:.0f} → {after:.0f}"


def broken(samples: Sequence[Sample], most: int) -> Iterator[str]:
    """Which bounds were broken, `most` being that of an inbox."""
    _, second, _, last = quarters(samples)
    memory = median(one.resident for one in last) / median(one.resident for one in second)
    if memory > FLAT:
        yield f"memory grew to {memory:.3f} of what it was"
    if (tasks := median(one.tasks for one in last) / median(one.tasks for one in second)) > MORE_TASKS:
        yield f"tasks grew to {tasks:.2f} of what they were"
    if (files := max(one.files for one in last) - max(one.files for one in second)) > MORE_FILES:
        yield f"{files} files more are open"
    if (inbox := max(one.inbox for one in samples)) > most:
        yield f"{inbox} things waited in one inbox"
