"""A whole turn on Discord's wire: the bot with its offline model, beside a floor bot that only posts.

The sandboxes run in the benchmark's process, each bot in one of its own, whose CPU time is taken.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bots
from bench.children import PATIENCE, Child
from bench.figures import ROUNDS, Row, ratios, show
from bench.rooms import NAMES, TOPIC
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.watch import Watch
from tests.wire.channel import Channel

FIRST, LAST = 10, 60
"""Posts between which CPU time is taken."""
LAUNCHES = {"rooms": bots.rooms, "floor": bots.floor, "typing": bots.typing_floor}


async def run() -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        stands = {name: await _stand(stack, folder, name) for name in LAUNCHES}
        rounds = [{name: await _round(name, *stand) for name, stand in stands.items()} for _ in range(ROUNDS + 1)]
    rooms, floor, typing = ([one[name] for one in rounds[1:]] for name in LAUNCHES)
    rows = [
        Row("Rooms Bot, 4 agents", "ms", rooms),
        Row("a floor bot: discord.py and a webhook's post", "ms", floor),
        Row("the floor bot, showing before each post that it types", "ms", typing),
        ratios("Rooms Bot against the floor bot", rooms, floor, "≤ 1.5"),
        ratios("Rooms Bot against the floor bot that types", rooms, typing),
    ]
    show("wire: the bot's CPU per turn on Discord's wire", rows)


async def _stand(stack: AsyncExitStack, folder: Path, name: str) -> tuple[Channel, Child]:
    sandbox = await stack.enter_async_context(Sandbox(limits=Limits.wide()))
    bot = await stack.enter_async_context(LAUNCHES[name](sandbox, folder))
    await bot.until(bots.ONLINE)
    return Channel(sandbox), bot


async def _round(name: str, channel: Channel, bot: Child) -> float:
    """CPU milliseconds of the bot per post."""
    with channel.people.watch(channel.user) as seen:
        if name == "rooms":
            await channel.do("room start", topic=TOPIC, agents=", ".join(NAMES), turns=500, pace=0)
        else:
            channel.say(f"go {LAST + FIRST}")
        posts = _Posts(seen)
        early = await posts.until(FIRST), await bot.usage()
        late = await posts.until(LAST), await bot.usage()
        if name == "rooms":
            await channel.do("room stop")
        else:
            await posts.until(LAST + FIRST)
    return (late[1].cpu - early[1].cpu) * 1000 / (late[0] - early[0])


class _Posts:
    """Counts what is posted through webhooks."""

    def __init__(self, seen: Watch) -> None:
        self._seen, self._count = seen, 0

    async def until(self, count: int) -> int:
        async with asyncio.timeout(PATIENCE):
            while self._count < count:
                event = await self._seen.get()
                self._count += event["t"] == "MESSAGE_CREATE" and "webhook_id" in event["d"]
        return self._count


if __name__ == "__main__":
    asyncio.run(run())
