"""The bot of a soak run, in a process of its own: its clock runs fast, and it tells every second how it stands.

`python -m bench.soak.watched SPEED`, with the bot's usual settings. discord.py's own pauses, time limits of model calls
and the network keep to real time.
"""

import asyncio
import gc
import json
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

from bench.soak.samples import Sample
from bench.watched import resident
from rooms_bot import logs
from rooms_bot.app import furnished, serve, stopped_by_signals
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.settings import read

ONLINE, ENDED_WELL = "online", "ended"
OBJECTS = "SOAK_OBJECTS"
"""A variable of the environment: with it, objects are counted by their types now and then, which takes a while."""
COUNTED = 30
"""Samples from one count to the next."""
EVERY = 1.0
"""Seconds between two samples."""
TICK = 0.02
"""Seconds that each look at the event loop's lag sleeps."""


class FastClock:
    """The machine's time since now, so many times as fast."""

    def __init__(self, speed: float) -> None:
        self._speed, self._wall, self._started = speed, time.time(), time.monotonic()

    def now(self) -> float:
        return self._wall + (time.monotonic() - self._started) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


class Gauge:
    """Looks at the process from inside."""

    def __init__(self, bot: RoomsBot) -> None:
        self._bot, self._lags = bot, list[float]()
        self._count, self._objects = 0, Counter[str]()

    async def watch_loop(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK)
            self._lags.append(time.monotonic() - began - TICK)

    async def tell(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            lags, self._lags = self._lags, []
            print(json.dumps(asdict(self._sample(lags))), flush=True)

    def _sample(self, lags: list[float]) -> Sample:
        rooms = self._bot.house.rooms()
        return Sample(
            resident=resident(),
            cpu=time.process_time(),
            tasks=len(asyncio.all_tasks()),
            files=len(list(Path("/proc/self/fd").iterdir())) if os.path.isdir("/proc/self/fd") else 0,
            rooms=len(rooms),
            live=sum(not room.over for room in rooms),
            inbox=max((len(room._inbox) for room in rooms), default=0),
            kept=dict(self._kept()),
            lags=[round(lag, 4) for lag in lags],
        )

    def _kept(self) -> Iterator[tuple[str, int]]:
        """All that the parts of the program keep for longer than a moment: whose and what it is, and how much."""
        bot, desk, house = self._bot, self._bot.desk, self._bot.house
        parts: list[object] = [getattr(desk, field.name) for field in fields(desk) if field.name != "client"]
        parts += [house, house.quotas, house.quotas.accounts, house.people, house.servers, house._rows, house._memory]
        parts += [*bot.cogs.values(), *(getattr(cog, "edits", None) for cog in bot.cogs.values())]
        for part in parts:
            for name, value in vars(part).items() if hasattr(part, "__dict__") else ():
                if isinstance(value, dict | set | list | deque):
                    yield f"{type(part).__name__}.{name}", len(value)
        self._count += 1
        if os.environ.get(OBJECTS) and self._count % COUNTED == 0:
            gc.collect()
            self._objects = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
        yield from ((name, count) for name, count in self._objects.most_common(200))


async def main(speed: float) -> None:
    settings = read()
    logs.set_up(settings.rooms_log_level, settings.rooms_log_format, settings.environment())
    stop = stopped_by_signals()
    async with furnished(settings, FastClock(speed)) as bot, asyncio.TaskGroup() as tasks:
        gauge = Gauge(bot)
        running = [tasks.create_task(gauge.watch_loop()), tasks.create_task(gauge.tell())]
        await serve(bot, settings.token(), stop, lambda _: print(ONLINE, flush=True))
        for task in running:
            task.cancel()
    print(ENDED_WELL, flush=True)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
