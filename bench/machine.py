"""The machine a benchmark ran on, in a few lines, with a yardstick for its speed."""

import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median

PACKAGES = ("discord.py", "aiohttp", "pydantic", "SQLAlchemy", "litellm")
COUNT = 1_000_000


def description() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    yield f"{os.cpu_count()} cores ({processor()}), {platform.system()} {platform.release()}{load}"
    yield f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield f"It adds up the numbers to a million in {median(_count() for _ in range(7)):.0f} ms of CPU."


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _count() -> float:
    started = time.process_time()
    total = 0
    for number in range(COUNT):
        total += number
    return (time.process_time() - started) * 1000
