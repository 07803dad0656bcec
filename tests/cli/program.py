"""`rooms-bot` in a process of its own, as an operator starts it, with nothing of this machine's environment."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rooms_bot.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds to wait for what has no promise of its own; a busy machine takes long to import everything."""
KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")


def environment(**given: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **given}


def pointed_at(sandbox: Sandbox, **given: str) -> dict[str, str]:
    """What an operator sets to run the bot in this sandbox."""
    chosen = {
        "DISCORD_TOKEN": sandbox.token,
        "ROOMS_DISCORD_API": sandbox.api_url,
        "ROOMS_DISCORD_CDN": sandbox.cdn_url,
        "ROOMS_MODEL": "offline",
    }
    return chosen | given


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Output:
    """The lines of one stream, read as they come."""

    stream: asyncio.StreamReader
    lines: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    ended: bool = False

    async def follow(self) -> None:
        async for line in self.stream:
            await self._tell(line.decode().rstrip("\n"))
        self.ended = True
        await self._tell(None)

    async def _tell(self, line: str | None) -> None:
        async with self.news:
            self.lines += [] if line is None else [line]
            self.news.notify_all()

    async def has(self, words: str) -> str:
        """The first line with these words, waiting for it."""
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: self.ended or self._find(words) is not None)
        found = self._find(words)
        assert found is not None, f"{words!r} is not in {self.lines}"
        return found

    async def has_all(self, words: str, count: int) -> None:
        """Wait for so many lines with these words."""
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: self.ended or sum(words in line for line in self.lines) >= count)

    def _find(self, words: str) -> str | None:
        return next((line for line in self.lines if words in line), None)


class Program:
    """A running program; `out` and `err` are what it has written."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self.out, self.err = Output(process.stdout), Output(process.stderr)

    async def follow(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.out.follow())
            tasks.create_task(self.err.follow())

    async def ends(self, within: float = PATIENCE) -> int:
        async with asyncio.timeout(within):
            return await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def stopped_by(self, number: signal.Signals) -> int:
        """The exit code after this signal, which must come within the ten seconds that are promised."""
        self.send(number)
        return await self.ends(within=10)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


@asynccontextmanager
async def started(folder: Path, *arguments: str, **given: str) -> AsyncIterator[Program]:
    """`python -m rooms_bot` with these arguments, in this folder; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rooms_bot", *arguments),
        cwd=folder,
        env=environment(**given),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    program = Program(process)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(program.follow())
        try:
            yield program
        finally:
            program.kill()
            await process.wait()


async def outcome(folder: Path, *arguments: str, **given: str) -> Outcome:
    """How the program ends by itself."""
    async with started(folder, *arguments, **given) as program:
        code = await program.ends()
    return Outcome(code, "\n".join(program.out.lines), "\n".join(program.err.lines))
