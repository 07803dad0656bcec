"""The people of a soak run: they open rooms and end them, talk, flood, press, export; and the gateway fails them."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable

from bench.words import SENTENCES
from rooms_bot.sandbox.refusals import Refusal
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, Wire, labels

AGENTS = ("Ada", "Kenji", "Noor", "Yusuf")
MODES = ("round_robin", "dynamic", "argumentative")
TURNS, PACE = 6, 120
"""Of each room; the pace in the bot's own seconds."""
OPENED_AT_ONCE = 8
NAMES = ("You", "Sam", "Robin", "Kim")
FLOOD = 30
"""Messages of a member in one moment."""
WAITED = 20.0
"""Seconds that an answer of the bot's is waited for."""


class Town:
    """People in `count` channels of a sandbox; `life` is for how many seconds a room is left to itself."""

    def __init__(self, sandbox: Sandbox, count: int, life: float, chance: random.Random) -> None:
        self._sandbox, self._life, self._chance = sandbox, life, chance
        self._people, world = sandbox.people, sandbox.world
        self._users = [self._people.named(name) for name in NAMES]
        self._doors = asyncio.Semaphore(OPENED_AT_ONCE)
        for number in range(count):
            world.add_channel(world.guild, f"room-{number}")
        self._rooms = [Channel(sandbox, channel=f"room-{number}") for number in range(count)]
        self.done: Counter[str] = Counter()
        """What people did, and what was not answered."""

    async def live(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for number, room in enumerate(self._rooms):
                tasks.create_task(self._keep(number, room))
            for every, act in (
                (0.5, self._say),
                (4.0, self._edit),
                (8.0, self._delete),
                (2.0, self._react),
                (2.0, self._press),
                (4.0, self._export),
                (4.0, self._look),
                (15.0, self._flood),
            ):
                tasks.create_task(self._now_and_then(every, act))
            tasks.create_task(self._lose_connections())

    async def _keep(self, number: int, room: Channel) -> None:
        """One room after the other in this channel."""
        await asyncio.sleep(self._life * self._chance.random())
        for count in itertools.count(number):
            async with self._doors:
                await self._ask(
                    room,
                    "room start",
                    topic=f"Topic {count}",
                    agents=", ".join(self._chance.sample(AGENTS, 3)),
                    mode=MODES[count % len(MODES)],
                    turns=TURNS,
                    pace=PACE,
                    memory=("ephemeral", "durable")[count % 2],
                )
            await asyncio.sleep(self._life * self._chance.uniform(0.7, 1.3))
            async with self._doors:
                await self._ask(room, "room stop")

    async def _now_and_then(self, every: float, act: Callable[[Channel], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / every))
            try:
                await act(self._chance.choice(self._rooms))
            except Refusal:  # what Discord refuses: somebody deleted it before
                self.done["refused"] += 1

    async def _ask(self, room: Channel, path: str, **options: object) -> None:
        reply = await self._people.command(room.user, room.id, path, options)  # type: ignore[arg-type] # plain values
        settled = await reply.settled(WAITED)
        self.done[path if settled.kind != "failed" else f"{path} not answered"] += 1

    # What members do

    async def _say(self, room: Channel) -> None:
        words = self._chance.choice(SENTENCES)
        asked = f"{self._chance.choice(AGENTS)}, {words}" if self._chance.random() < 0.3 else words
        self._people.say(self._chance.choice(self._users), room.id, asked)
        self.done["said"] += 1

    async def _flood(self, room: Channel) -> None:
        user = self._chance.choice(self._users)
        for number in range(FLOOD):
            self._people.say(user, room.id, f"again {number}")
        self.done["floods"] += 1

    def _own(self, room: Channel) -> Wire | None:
        """Something that a member said."""
        said = [one for one in self._people.history(room.user, room.id, 30) if not one["author"].get("bot")]
        return self._chance.choice(said) if said else None

    async def _edit(self, room: Channel) -> None:
        if message := self._own(room):
            self._people.edit(message["author"]["id"], message["id"], self._chance.choice(SENTENCES))
            self.done["edited"] += 1

    async def _delete(self, room: Channel) -> None:
        if message := self._own(room):
            self._people.delete(message["author"]["id"], message["id"])
            self.done["deleted"] += 1

    async def _react(self, room: Channel) -> None:
        said = [one for one in self._people.history(room.user, room.id, 30) if one.get("webhook_id")]
        if said:
            user, message = self._chance.choice(self._users), self._chance.choice(said)
            self._people.react(user, message["id"], self._chance.choice(("👍", "👎")))
            self.done["reacted"] += 1

    async def _press(self, room: Channel) -> None:
        """A button of the newest panel or notice: pause, go on, next, and others."""
        with_buttons = [one for one in self._people.history(room.user, room.id, 60) if labels(one)]
        if with_buttons:
            label = self._chance.choice(labels(with_buttons[-1]))
            custom = _custom(with_buttons[-1], label)
            reply = await self._people.press(room.user, with_buttons[-1]["id"], custom)
            settled = await reply.settled(WAITED)
            self.done["pressed" if settled.kind != "failed" else "press not answered"] += 1

    async def _export(self, room: Channel) -> None:
        await self._ask(room, "room export", format=self._chance.choice(("markdown", "csv", "json")))

    async def _look(self, room: Channel) -> None:
        await self._ask(room, "room status")

    # What the gateway does

    async def _lose_connections(self) -> None:
        gateway = self._sandbox.gateway
        losses: dict[str, Callable[[], None]] = {
            "reconnects": gateway.ask_reconnect,
            "cuts": gateway.drop_all,
            "closes": lambda: gateway.close_all(4000),
            "new sessions": gateway.invalidate,
        }
        for name in itertools.cycle(losses):
            await asyncio.sleep(self._chance.uniform(10, 20))
            losses[name]()
            self.done[name] += 1


def _custom(message: Wire, label: str) -> str:
    """The id of a button with this label."""
    found = [part for part in _parts(message["components"]) if part.get("label") == label]
    return str(found[0]["custom_id"])


def _parts(components: list[Wire]) -> list[Wire]:
    return [one for part in components for one in (part, *_parts(part.get("components", [])))]
