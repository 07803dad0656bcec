"""A row of the table in `docs/reliability.md`: what goes wrong, and what a member of the server sees of it."""

import pytest

SECTIONS = (
    "Discord's gateway",
    "Discord's API",
    "Places and permissions",
    "Commands, buttons and forms",
    "Models",
    "The database",
    "The process",
)
"""Where things go wrong, in the order of the page."""


def fault(where: str, what: str, seen: str) -> pytest.MarkDecorator:
    """Marks the test that provokes this; of a parametrised one each case can have a row of its own.

    All three are plain text in one literal each, since `tools.faults` reads them out of the source; `where` is one of
    `SECTIONS`.
    """
    assert where in SECTIONS, where
    return pytest.mark.fault(what=what, seen=seen)
