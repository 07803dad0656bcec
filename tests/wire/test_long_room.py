"""A long room at full speed: a LiteLLM model over HTTP, Discord's description and its hidden limit."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import OpenAIServer
from tests.wire.channel import Channel, bot_in
from tests.wire.openapi import Ledger


class QuickClock:
    """Time that goes so many times as fast, for both Discord and the bot."""

    def __init__(self, factor: float) -> None:
        self._factor, self._start, self._origin = factor, time.monotonic(), time.time()

    def now(self) -> float:
        return self._origin + (time.monotonic() - self._start) * self._factor

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._factor)


@pytest.mark.slow
async def test_fifty_turns_at_pace_0_break_no_rule_of_discord(
    tmp_path: Path, ledger: Ledger | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses: Counter[int] = Counter()

    def observe(exchange: Exchange) -> None:
        statuses[exchange.status] += 1
        if ledger is not None:
            ledger(exchange)

    clock = QuickClock(20)
    # The webhook's own window is told in headers, which discord.py sleeps out in real time: a shorter one of the same
    # kind keeps the test quick. The hidden limit is Discord's. Three quick seconds are too short to answer a command.
    limits = Limits(webhook=(5, 0.5), answer=60)
    answer = "I see it **differently**, and here is why."
    async with OpenAIServer(answer) as model, Sandbox(clock=clock, limits=limits) as sandbox:
        sandbox.observe = observe
        monkeypatch.setenv("OPENAI_API_BASE", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
        more = {"rooms_model": "openai/test", "rooms_posts_per_minute": 25}
        async with bot_in(sandbox, tmp_path, clock=clock, **more):
            lounge = Channel(sandbox)
            await lounge.do(
                "room start", topic="Bread", agents="Ada,Kenji,Noor,Tomasz", mode="round_robin", turns=50, pace=0
            )
            await lounge.until_told("This room is over", patience=90)
            assert len(lounge.posts()) == 60
    assert statuses[429] == 0
    assert not [status for status in statuses if status >= 400]
    assert len(model.requests) >= 60
