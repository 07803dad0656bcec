"""Each behaviour that is listed as being here has the test that is named for it."""

import re

from tests.docs.pages import ROOT, page

PAGE = page("docs/decisions/007-what-rooms-of-this-kind-do.md")


def test_every_behaviour_has_its_test_or_a_reason() -> None:
    there = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        there |= set(re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 50
    assert named <= there


def test_no_row_is_empty() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| behaviour")]
    assert all("test_" in row or len(row.split("|")[2].split()) >= 4 for row in rows)
