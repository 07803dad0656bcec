"""What all tests share: the shipped personas are read from their files once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rooms_bot.domain.personas import Persona
from rooms_bot.store import persona_files, personas

Read = tuple[Persona | None, list[persona_files.Finding]]


@cache
def _as_shipped(path: Path, changed_ns: int) -> Read:
    del changed_ns
    return persona_files.read(path)


def _read(path: Path) -> Read:
    """A shipped file as it was at the first look, unless it was changed since; any other is read anew."""
    if path.parent != personas.shipped_folder():
        return persona_files.read(path)
    return _as_shipped(path, path.stat().st_mtime_ns)


@pytest.fixture(scope="session", autouse=True)
def _shipped_personas_are_read_once() -> Iterator[None]:
    """Every bot that starts would take a dozen files' YAML apart, a fifth of the time its start takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(personas, "read", _read)
        yield
