"""Tells other processes whether the bot is connected to Discord: by a file that it touches for as long as it is."""

import time
from pathlib import Path

EVERY = 15.0
"""Seconds between two touches."""
SOON = 1.0
"""Seconds between two looks whether it is time for the first."""
OLD = 60.0
"""Seconds without one after which the bot is taken for cut off."""


def file_in(folder: Path) -> Path:
    """The file of the bot that keeps its data in this folder."""
    return folder / "alive"


def touch(file: Path) -> None:
    """Raises `OSError` where the folder cannot be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def end(file: Path) -> None:
    """Raises `OSError` where it is there and may not be deleted."""
    file.unlink(missing_ok=True)


def fresh(file: Path) -> bool:
    """Whether it was touched lately. A time in the future, after a clock was set back, counts for none."""
    try:
        return abs(time.time() - file.stat().st_mtime) <= OLD
    except OSError:
        return False
