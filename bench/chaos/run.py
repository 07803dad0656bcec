"""One chaos run on one database: the bot is killed and started again until it has taken its turns."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.chaos.books import Books
from bench.chaos.checks import Room, examine
from bench.chaos.discord import Discord
from bench.chaos.members import NAMES, Members
from bench.chaos.model import Model
from bench.chaos.moments import Watch, drawn
from bench.chaos.report import Report
from bench.chaos.script import Script
from rooms_bot.store.sql import SqlStore
from tests.cli.program import Program, pointed_at, started
from tests.wire.channel import Channel

AGENTS = ("Ada", "Kenji", "Noor", "Yusuf")
MODES = ("round_robin", "dynamic", "argumentative")
ONLINE = "is online as"
PATIENCE = 60.0
"""Seconds that all rooms have, at the end, to show that they go on."""
LOOK = 0.5
"""Seconds between two looks whether they have."""
TOLD = 50
"""Kills after which it is told that the run goes on."""
PLUGINS = Path(__file__).with_name("plugins")
Place = Callable[[Path], AbstractAsyncContextManager[tuple[str, Books]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is to happen."""

    kills: int
    turns: int
    rooms: int
    seed: int


class Run:
    """The bot, its Discord, its model and its members."""

    def __init__(self, plan: Plan, folder: Path, database: str, books: Books) -> None:
        self._plan, self._folder, self._database, self._books = plan, folder, database, books
        self._chance, self._watch = random.Random(plan.seed), Watch()
        self.discord = Discord(self._watch.passes, random.Random(plan.seed))
        self._script = Script(plan.seed, AGENTS, NAMES)
        self.model = Model(self._script, self._watch.passes, books.has_answer)
        self._channels = {f"room-{at}": self._channel(f"room-{at}") for at in range(plan.rooms)}
        self.report = Report()
        self._stalled: list[int] = []

    def _channel(self, name: str) -> str:
        return str(self.discord.world.add_channel(self.discord.world.guild, name)["id"])

    async def go(self) -> None:
        began = time.monotonic()
        await self._open()
        members = Members(
            self.discord.people, list(self._channels.values()), self._script, random.Random(self._plan.seed)
        )
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(members.write())
            for kill in range(self._plan.kills):
                left = self._plan.turns - sum((await self._books.ended()).values())
                await self._live(left / (self._plan.kills - kill))
                await self._look()
                if kill % TOLD == TOLD - 1:
                    print(f"  {kill + 1} kills after {time.monotonic() - began:.0f} s", flush=True)
            writing.cancel()
        await self._end(members)
        self.report.members, self.report.requests = members.said, len(self.model.requests)
        await self._examine()

    @asynccontextmanager
    async def _bot(self) -> AsyncIterator[Program]:
        given = {
            "ROOMS_MODEL": "python/speaker.py:speak",
            "ROOMS_PLUGINS_DIR": str(PLUGINS),
            "CHAOS_MODEL": self.model.address,
            "ROOMS_DATABASE_URL": self._database,
            "ROOMS_DATA_DIR": str(self._folder / "data"),
            "ROOMS_POSTS_PER_MINUTE": "0",
            "ROOMS_DAILY_TOKENS_PER_GUILD": "0",
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self._folder / "cache"),
        }
        async with started(self._folder, "run", **pointed_at(self.discord, **given)) as program:
            yield program
        if any("Traceback" in line or "met a fault" in line for line in program.err.lines):
            self.report.findings.add("faults", "\n".join(program.err.lines[-40:]))

    # Processes

    async def _open(self) -> None:
        """The first process opens the rooms, and is killed while they greet."""
        async with self._bot() as program:
            await program.out.has(ONLINE)
            for number, name in enumerate(self._channels):
                await Channel(self.discord, channel=name).do(
                    "room start",
                    topic=f"Topic {number}",
                    agents=", ".join(AGENTS[: 2 + number % 3]),
                    mode=MODES[number % len(MODES)],
                    turns=500,
                    pace=0,
                    memory="durable",
                )

    async def _live(self, mean: float) -> None:
        """One process, from its start until it is killed, with so many turns on average."""
        async with self._bot() as program:
            moment = await self._watch.strike(drawn(self._chance, mean), program.kill)
            self.report.deaths.add(time.time(), moment)
            code = await program.ends()
            if code != -signal.SIGKILL:
                self.report.findings.add("faults", "\n".join([f"ended with {code}", *program.err.lines[-40:]]))

    async def _look(self) -> None:
        """How each room stands while nobody lives."""
        for step in await self._books.steps():
            messages = self.discord.world.messages[str(step.channel)].values()
            self.report.states[step.stands([one["content"] for one in messages if one.get("webhook_id")])] += 1
        for room in await self._books.gaps():
            self.report.findings.add("gaps", f"room {room}: its events are not numbered without a gap")

    async def _end(self, members: Members) -> None:
        """The last process takes the turns that are left; every room shows that it goes on; SIGTERM ends it."""
        async with self._bot() as program:
            await program.out.has(ONLINE)
            if not await _comes(self._has_taken_all, PATIENCE + self._plan.turns):
                self.report.findings.add("stalled", "the turns that were left were not taken")
            before = await self._books.ended()
            members.say_everywhere()
            await _comes(lambda: self._all_went_on(before), PATIENCE)
            self._stalled = await self._behind(before)
            if code := await program.stopped_by(signal.SIGTERM):
                self.report.findings.add("faults", f"the bot ended with {code} after SIGTERM")

    async def _has_taken_all(self) -> bool:
        return sum((await self._books.ended()).values()) >= self._plan.turns

    async def _all_went_on(self, before: Mapping[int, int]) -> bool:
        return not await self._behind(before)

    async def _behind(self, before: Mapping[int, int]) -> list[int]:
        now = await self._books.ended()
        return [room for room in (await self._books.numbers()).values() if now.get(room, 0) < before.get(room, 0) + 2]

    # What became of it

    async def _examine(self) -> None:
        people, numbers = self.discord.people, await self._books.numbers()
        names = {people.named(name): name for name in NAMES}
        async with SqlStore.open(self._database) as store:
            for channel in self._channels.values():
                number = numbers[int(channel)]
                events = [event async for event in store.events(number)]
                messages = people.history(people.named("You"), channel, 100_000)
                room = Room(number, events, messages, names, self.report.deaths)
                examine(room, self.report.findings)
                if number in self._stalled:
                    self.report.findings.add("stalled", f"room {number} ({room.near(time.time())})")
        for asked in self.model.requests:
            if asked.again:
                line = f"channel {asked.channel}: turn {asked.turn} was asked for, and the last one had its answer"
                self.report.findings.add("paid twice", line)


async def run(plan: Plan, place: Place) -> Report:
    """Kill and start again as planned, and report."""
    began = time.monotonic()
    with TemporaryDirectory(prefix="rooms-chaos-") as name:
        async with place(Path(name)) as (database, books):
            one = Run(plan, Path(name), database, books)
            async with one.discord, one.model:
                await one.go()
    one.report.seconds = time.monotonic() - began
    return one.report


async def _comes(seen: Callable[[], Awaitable[bool]], patience: float) -> bool:
    """Whether this is seen within so many seconds."""
    for _ in range(int(patience / LOOK)):
        if await seen():
            return True
        await asyncio.sleep(LOOK)
    return await seen()
