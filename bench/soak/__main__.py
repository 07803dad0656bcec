"""`python -m bench.soak`: 200 rooms for 30 minutes of the bot's time, which runs ten times as fast.

Before that come some minutes until as many rooms are forgotten as are opened. Exit code 1 where something grew that may
not, or an error was logged.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import description
from bench.soak.model import model
from bench.soak.samples import Sample, broken, growth, table
from bench.soak.town import Town
from bench.soak.watched import ENDED_WELL, OBJECTS, ONLINE
from rooms_bot.engine.inbox import MOST
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import Output, environment, pointed_at

ROOT = Path(__file__).resolve().parents[2]
LIFE = 12.0
"""Minutes of the bot's time that a room goes on before it is ended, about."""
ENDED = 10.0
"""Real seconds in which SIGTERM must have ended the bot."""


def main() -> int:
    options = _options()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # the model's clients leave in the midst
    print(description(), flush=True)
    return asyncio.run(soak(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="Many rooms for a long time.")
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=30, help="of the bot's time, in which it is measured")
    parser.add_argument("--before", type=float, default=27, help="minutes of the bot's time before that")
    parser.add_argument("--speed", type=float, default=10, help="how many times as fast the bot's time runs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--objects", action="store_true", help="count objects by type now and then, to find a leak")
    parser.add_argument("--log", type=Path, help="a file for the bot's log")
    return parser.parse_args()


async def soak(options: argparse.Namespace) -> int:
    speed, chance = options.speed, random.Random(options.seed)
    with TemporaryDirectory(prefix="rooms-soak-") as folder:
        async with Sandbox(limits=_limits(speed)) as sandbox, model(chance) as server:
            given = {
                "ROOMS_MODEL": "openai/test",
                "ROOMS_DAILY_TOKENS_PER_GUILD": "0",
                "OPENAI_API_BASE": server.base_url,
                "OPENAI_API_KEY": "sk-of-nobody",
            }
            given |= {OBJECTS: "1"} if options.objects else {}
            async with _bot(Path(folder), speed, **pointed_at(sandbox, **given)) as (process, out, err):
                await out.has(ONLINE)
                town = Town(sandbox, options.rooms, LIFE * 60 / speed, random.Random(options.seed + 1))
                async with asyncio.TaskGroup() as tasks:
                    living = tasks.create_task(town.live())
                    with suppress(TimeoutError):  # it lives for all that time
                        async with asyncio.timeout((options.before + options.minutes) * 60 / speed):
                            await process.wait()
                    living.cancel()
                lines = [line for line in out.lines if line.startswith("{")]
            limited = sandbox.world.tally.limited
    if options.log:
        options.log.write_text("\n".join(err.lines))
    if process.returncode or out.lines[-1] != ENDED_WELL:
        print(*err.lines[-40:], f"FAILED: the bot ended with {process.returncode}.", sep="\n")
        return 1
    samples = [Sample(**json.loads(line)) for line in lines][-int(options.minutes * 60 / speed) :]
    return tell(samples, town.done, limited, err.lines)


def _limits(speed: float) -> Limits:
    """Discord's, in the bot's time."""
    usual = Limits()
    return Limits(
        messages=(usual.messages[0], usual.messages[1] / speed),
        edits=(usual.edits[0], usual.edits[1] / speed),
        webhook=(usual.webhook[0], usual.webhook[1] / speed),
        webhook_edits=(usual.webhook_edits[0], usual.webhook_edits[1] / speed),
        reactions=(usual.reactions[0], usual.reactions[1] / speed),
        other=(usual.other[0], usual.other[1] / speed),
        hidden_window=usual.hidden_window / speed,
        hidden_wait=usual.hidden_wait / speed,
        per_second=int(usual.per_second * speed),
    )


@asynccontextmanager
async def _bot(folder: Path, speed: float, **given: str) -> AsyncIterator[tuple[Process, Output, Output]]:
    """The bot and what it writes, to either stream; it is ended as SIGTERM ends it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.soak.watched", str(speed)),
        cwd=folder,
        env=environment(**given, PYTHONPATH=str(ROOT)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**20,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = Output(process.stdout), Output(process.stderr)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(out.follow())
        tasks.create_task(err.follow())
        try:
            yield process, out, err
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(ENDED):
                await process.wait()
        finally:
            if process.returncode is None:
                process.kill()


def tell(samples: list[Sample], done: Counter[str], limited: Counter[str], log: list[str]) -> int:
    """Print what was measured; 1 where a bound was broken."""
    errors = [line for line in log if "Traceback" in line or "ERROR" in line]
    print(f"{'':<32}" + "".join(f"{f'quarter {number}':>10}" for number in range(1, 5)))
    print(*table(samples), sep="\n")
    print(f"people: {', '.join(f'{name} {count}' for name, count in done.most_common())}")
    print(f"429s: {dict(limited) or 0}; errors logged: {len(errors)}")
    wrong = [*broken(samples, MOST), *([f"errors logged: {len(errors)}"] if errors else [])]
    print(*(f"grown: {line}" for line in growth(samples)), *(f"logged: {line}" for line in errors[:10]), sep="\n")
    print(f"FAILED: {'; '.join(wrong)}." if wrong else "All is well: every bound held.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
