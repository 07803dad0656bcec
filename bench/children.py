"""Other processes, whose work must not be counted with the benchmark's own."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.watched import WORD

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0

Stream = TypeVar("Stream")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used: CPU in seconds since its launch, resident memory in MB (10^6 bytes)."""

    cpu: float
    resident: float


class Child:
    """A watched process. Times are from its launch."""

    def __init__(self, process: Process, launched: float) -> None:
        self._process, self._launched = process, launched

    async def until(self, word: str) -> tuple[str, float]:
        """Its next line with this word in it, and the seconds from the launch until it came."""
        async with asyncio.timeout(PATIENCE):
            while word not in (line := await self._line()):
                pass
        return line, time.monotonic() - self._launched

    async def usage(self) -> Usage:
        _pipe(self._process.stdin).write(b"\n")
        line, _ = await self.until(WORD)
        _, cpu, resident = line.split()
        return Usage(float(cpu), float(resident))

    async def kill(self) -> None:
        """As SIGKILL does: it has no time for anything."""
        self._process.kill()
        await self._process.wait()

    async def _line(self) -> str:
        line = await _pipe(self._process.stdout).readline()
        if not line:
            raise RuntimeError(f"a process of the benchmark ended by itself (exit code {await self._process.wait()})")
        return line.decode()


@asynccontextmanager
async def child(*arguments: str, folder: Path, **environment: str) -> AsyncIterator[Child]:
    """`python -m ARGUMENTS` in `folder` with nothing of this machine's settings; ended as SIGTERM ends it."""
    launched = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.watched", *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=None if os.environ.get("BENCH_LOGS") else DEVNULL,
        cwd=folder,
        env=_bare(os.environ) | environment,
    )
    try:
        yield Child(process, launched)
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()


def _bare(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the operator's settings, and with this checkout to import from."""
    kept = {name: value for name, value in environment.items() if not name.startswith(("ROOMS_", "DISCORD_"))}
    path = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(path)}


def _pipe(stream: Stream | None) -> Stream:
    if stream is None:
        raise RuntimeError("the process was started without pipes")
    return stream
