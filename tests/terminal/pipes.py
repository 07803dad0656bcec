"""`rooms-bot chat` in a pipe, as a script runs it."""

import asyncio
import sys
from pathlib import Path

from tests.cli.program import PATIENCE, Outcome, environment

PLAIN = {"ROOMS_MODEL": "offline", "ROOMS_PLUGINS_DIR": "."}


async def chat(folder: Path, *flags: str, said: str | None = None, **given: str) -> Outcome:
    """How it ends by itself; `said` is what comes in, None leaves the input to `--no-input`."""
    silent = ("--no-input",) if said is None else ()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rooms_bot", "chat", *silent, *flags),
        cwd=folder,
        env=environment(**PLAIN | given),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate((said or "").encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Outcome(process.returncode or 0, out.decode(), err.decode())


def speakers(out: str) -> list[str]:
    """Who said something, in order."""
    lines = [line for line in out.splitlines() if not line.startswith(("· ", "  "))]
    return [line.partition(":")[0] for line in lines]
