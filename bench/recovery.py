"""From READY to all rooms being live again, after the bot was killed: 100 of them, each with something missed.

The sandbox runs in the benchmark's process and limits requests as Discord does; the bot runs in one of its own. A room
is live once its channel's history was read; that it then answers what was asked meanwhile is measured too.
"""

import asyncio
import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bots
from bench.children import PATIENCE
from bench.figures import Row, show
from rooms_bot.sandbox.limits import Limits, RateLimiter
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel

ROOMS = 100
ROUNDS = 3
PEOPLE = ("You", "Sam", "Robin", "Kim")
EARLIER = 5
"""How often each of them had spoken in each room before."""
RULES = {"agents": "Ada", "human_every": 1, "orchestrator_every": 0, "mode": "round_robin", "pace": 0, "turns": 500}
KEPT = 10.0
"""Seconds after which also of ephemeral rooms it is kept how they stand, and all have come to rest."""
SETTINGS = {"ROOMS_DAILY_TOKENS_PER_GUILD": "0"}
HISTORY = ("GET", "/channels/{channel_id}/messages")
POST = ("POST", "/webhooks/{webhook_id}/{webhook_token}")
UNCOUNTED = ("/interactions/", "/webhooks/{webhook_id}/{webhook_token}")
"""Routes for which no token of the bot's is needed: the global limit does not count them."""
REFUSED, TOO_MANY = 300, 429


@dataclass
class Seen:
    """What the bot asks, how often it is too fast, and when each channel's history was read and first posted into."""

    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    counted: list[float] = field(default_factory=list)
    """When each request came that Discord's global limit counts."""
    refused: int = 0
    read: dict[str, float] = field(default_factory=dict)
    posted: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, exchange: Exchange) -> None:
        route = exchange.method, exchange.template
        self.requests[route] += 1
        if not exchange.template.startswith(UNCOUNTED):
            self.counted.append(time.monotonic())
        self.refused += exchange.status == TOO_MANY
        if exchange.status < REFUSED and route == HISTORY and exchange.response:
            self.read.setdefault(exchange.response[0]["channel_id"], time.monotonic())
        if exchange.status < REFUSED and route == POST and "interaction_metadata" not in exchange.response:
            self.posted.setdefault(exchange.response["channel_id"], time.monotonic())
            self.news.set()

    @property
    def densest(self) -> int:
        """The most of them in any second."""
        return max(at - bisect_left(self.counted, moment - 1) + 1 for at, moment in enumerate(self.counted))

    async def until_posted(self) -> None:
        """Until an agent has spoken in each room."""
        async with asyncio.timeout(PATIENCE):
            while len(self.posted) < ROOMS:
                self.news.clear()
                await self.news.wait()


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from READY until all rooms were live, and until all had answered; and what was asked for that."""

    live: float
    answered: float
    histories: int
    requests: int
    densest: int
    refused: int


async def run() -> None:
    with TemporaryDirectory(prefix="rooms-recovery-") as folder:
        durable = await _killed_and_started(Path(folder) / "durable", "durable")
        ephemeral = await _killed_and_started(Path(folder) / "ephemeral", "ephemeral")
    show(
        f"recovery: {ROOMS} rooms after a kill, from READY",
        [*_rows("durable", durable), *_rows("ephemeral", ephemeral)],
    )


def _rows(name: str, starts: list[Start]) -> list[Row]:
    return [
        Row(f"{name} rooms: all live", "s", [one.live for one in starts], "≤ 5"),
        Row(f"{name} rooms: all have answered what was missed", "s", [one.answered for one in starts]),
        Row(f"{name} rooms: requests for histories", "", [one.histories for one in starts]),
        Row(f"{name} rooms: requests", "", [one.requests for one in starts]),
        Row(f"{name} rooms: of which Discord counts, most in a second", "", [one.densest for one in starts], "≤ 50"),
        Row(f"{name} rooms: of which were too many (429)", "", [one.refused for one in starts], "0"),
    ]


async def _killed_and_started(folder: Path, memory: str) -> list[Start]:
    """The figures of all rounds; the rooms are those of the first."""
    async with Sandbox(limits=Limits.wide()) as sandbox:
        lounges = _lounges(sandbox)
        sandbox.observe = seen = Seen()
        async with bots.rooms(sandbox, folder, **SETTINGS) as bot:
            await bot.until(bots.ONLINE)
            for lounge in lounges:
                await lounge.do("room start", topic="Bread", memory=memory, **RULES)
                for name in PEOPLE * EARLIER:
                    sandbox.people.say(sandbox.people.named(name), lounge.id, "And what of the rye?")
            await seen.until_posted()
            await asyncio.sleep(KEPT)
            await bot.kill()
        sandbox.api._limiter = RateLimiter(sandbox.world.clock, Limits())
        return [await _start(sandbox, folder, lounges) for _ in range(ROUNDS)]


def _lounges(sandbox: Sandbox) -> list[Channel]:
    """A channel for each room."""
    made: list[Channel] = []
    for number in range(ROOMS):
        channel = Channel(sandbox)
        channel.id = sandbox.world.add_channel(sandbox.world.guild, f"room-{number}")["id"]
        made.append(channel)
    return made


async def _start(sandbox: Sandbox, folder: Path, lounges: list[Channel]) -> Start:
    for lounge in lounges:
        lounge.say("@Ada and now?")
    sandbox.observe = seen = Seen()
    async with bots.rooms(sandbox, folder, **SETTINGS) as bot:
        await bot.until(bots.ONLINE)
        ready = time.monotonic()
        await seen.until_posted()
        await bot.kill()
    return Start(
        live=max(seen.read.values()) - ready,
        answered=max(seen.posted.values()) - ready,
        histories=seen.requests[HISTORY],
        requests=sum(seen.requests.values()),
        densest=seen.densest,
        refused=seen.refused,
    )


if __name__ == "__main__":
    asyncio.run(run())
