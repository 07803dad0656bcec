"""What a soak run takes for growth."""

from dataclasses import replace

import pytest

from bench.soak.samples import Sample, broken, growth, table

STEADY = Sample(200.0, 5.0, 100, 30, 20, 10, 3, {"House._rooms": 20}, (0.001, 0.002))
BOUND = 1000


def run(**last: object) -> list[Sample]:
    """A hundred seconds, in whose last quarter something is different."""
    return [STEADY] * 75 + [replace(STEADY, **last)] * 25  # type: ignore[arg-type] # fields of it, by name


def test_what_stays_as_it_is_breaks_no_bound() -> None:
    assert list(broken(run(), BOUND)) == []
    assert list(broken(run(resident=209.0, tasks=108, files=35), BOUND)) == []
    assert list(growth(run())) == []


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ({"resident": 211.0}, "memory"),
        ({"tasks": 120}, "tasks"),
        ({"files": 60}, "files"),
        ({"inbox": BOUND + 1}, "one inbox"),
    ],
)
def test_what_grows_is_told(last: dict[str, object], told: str) -> None:
    (line,) = broken(run(**last), BOUND)
    assert told in line


def test_it_is_told_what_the_program_keeps_more_of() -> None:
    assert list(growth(run(kept={"House._rooms": 40}))) == ["House._rooms 20 → 40"]


def test_each_quarter_has_a_column() -> None:
    assert all(len(line.split()[-4:]) == 4 for line in table(run()))
