"""The members of a chaos run: they write now and then, also while the bot is dead."""

import asyncio
import random
import time
from collections.abc import Sequence
from typing import Any

from bench.chaos.script import Script
from rooms_bot.sandbox.people import People

NAMES = ("You", "Sam", "Robin", "Kim")
PATIENCE = 8.0
"""Seconds after which something is said in a room, on average."""
BREATH = 1.5
"""Seconds between two messages of one member in one room, at least: who is faster is not heard."""
Wire = dict[str, Any]


class Members:
    """They write into `channels` until cancelled; `said` counts their messages."""

    def __init__(self, people: People, channels: Sequence[str], script: Script, chance: random.Random) -> None:
        self._people, self._channels, self._script, self._chance = people, channels, script, chance
        self._users = [people.named(name) for name in NAMES]
        self._last: dict[tuple[str, str], float] = {}
        self.said = 0

    async def write(self) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(len(self._channels) / PATIENCE))
            self.say(self._chance.choice(self._channels))

    def say_everywhere(self) -> None:
        for channel in self._channels:
            self.say(channel)

    def say(self, channel: str) -> None:
        now, user = time.monotonic(), self._chance.choice(self._users)
        if now - self._last.get((channel, user), 0.0) < BREATH:
            return
        self._last[channel, user] = now
        self.said += 1
        reply_to = self._answered(user, channel) if self._script.replies(self.said) else None
        self._people.say(user, channel, self._script.question(self.said), reply_to=reply_to)

    def _answered(self, user: str, channel: str) -> str | None:
        """Something that an agent said lately."""
        said = [one["id"] for one in self._people.history(user, channel, 20) if one.get("webhook_id")]
        return self._chance.choice(said) if said else None
