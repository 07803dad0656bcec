"""A room that is talked to while something goes wrong: whoever writes in it is heard once, and gets two answers."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from discord.backoff import ExponentialBackoff

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.domain.talk import Phase
from rooms_bot.sandbox.gateway import Gateway
from rooms_bot.sandbox.server import Sandbox
from tests.faults.afterwards import STANDS, well
from tests.wire.channel import Channel, bot_in
from tests.wire.test_long_room import QuickClock

ROOM = {"topic": STANDS, "agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}
TOLD = "The room waits for a word of yours"


@pytest.fixture
def dialled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits up to 2, 4 … 1,024 s, as chance has it, before it dials again: here it is ten milliseconds."""
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 0.01)


def lose(gateway: Gateway) -> None:
    """The connection is cut, and Discord has forgotten what it would have told again."""
    gateway.forget()
    gateway.drop_all()


@dataclass(frozen=True, slots=True)
class Talk:
    """A bot, somebody's view of its channel, and the gateway between them."""

    bot: RoomsBot
    lounge: Channel
    gateway: Gateway

    def heard(self) -> list[str]:
        """What members said, as the room has it."""
        state = self.bot.house.room(int(self.lounge.id)).state
        return [line.text for line in state.lines if line.member is not None]

    async def until_heard(self, *words: str) -> None:
        """Wait until the room has heard these words, and has answered all it heard."""
        state = self.bot.house.room(int(self.lounge.id)).state

        def rests() -> bool:
            return state.phase is Phase.LIVE and state.waiting is not None

        await self.lounge.until(lambda: set(words) <= set(self.heard()) and rests())

    async def endures(self, fault: Callable[[], Any], seen: str | None = "resumed") -> None:
        """Something is said before the fault, in it and after it; `seen` is the event by which it is over."""
        over = self.bot.wait_for(seen, timeout=10) if seen else None
        self.lounge.say("Before.")
        fault()
        self.lounge.say("Meanwhile.")
        if over is not None:
            await over
        await self.goes_on("Before.", "Meanwhile.")

    async def goes_on(self, *before: str) -> None:
        """All that was said is heard once; so is another word, and it is answered."""
        await self.until_heard(*before)
        posts = len(self.lounge.posts())
        self.lounge.say("Afterwards.")
        await self.until_heard("Afterwards.")
        assert len(self.lounge.posts()) > posts
        assert self.heard() == [*before, "Afterwards."]
        await well(self.lounge, self.bot)


@asynccontextmanager
async def talk(sandbox: Sandbox, folder: Path, model: str = "offline", **more: Any) -> AsyncIterator[Talk]:
    """A room whose two agents have spoken and wait. The bot's clock goes twenty times as fast."""
    async with bot_in(sandbox, folder, clock=QuickClock(20), rooms_model=model) as bot:
        one = Talk(bot, Channel(sandbox), sandbox.gateway)
        await one.lounge.do("room start", **ROOM | {"human_every": 2} | more)
        await one.until_heard()
        yield one
