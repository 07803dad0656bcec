"""Counts what this process connects to, at the level of the interpreter: nothing in Python gets by it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_lists: list[list[str]] = []


def _audit(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        for connections in _lists:
            connections.append(str(args[1]))


sys.addaudithook(_audit)


@contextmanager
def connections() -> Iterator[list[str]]:
    """The addresses connected to while it is open, as they are connected to."""
    made: list[str] = []
    _lists.append(made)
    try:
        yield made
    finally:
        _lists.remove(made)
