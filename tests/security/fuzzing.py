"""How often the fuzzing tests try: a few times, always the same ones, in `make test`; very often in `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("ROOMS_FUZZ", "0"))
"""So many times as many examples as usual, and new ones each time; 0 is as usual."""


def examples(usual: int) -> settings:
    """A test of this many examples, or of many times as many."""
    return settings(
        max_examples=usual * max(1, TIMES),
        derandomize=not TIMES,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
