"""Posts keep below Discord's limits, also the hidden one, and go round what Discord refuses."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rooms_bot.domain.events import Event, Paused, Resumed
from rooms_bot.domain.rooms import Place
from rooms_bot.sandbox.absences import fail, restore
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.wire.channel import Channel, bot_in
from tests.wire.openapi import Ledger
from tests.wire.rest import Rest
from tests.wire.writing import ADA, EDIT, POST, writing

MESSAGES = "/channels/{channel_id}/messages"
COUNTED = (POST, EDIT, ("POST", MESSAGES), ("PATCH", f"{MESSAGES}/{{message_id}}"))
"""What counts against the hidden limit of a channel."""
TALK = '''
import asyncio

TURNS = iter(range(1_000_000))


async def speak(request):
    """Slowly at first; later mostly at once, and now and then more than fits into a message."""
    turn = next(TURNS)
    for sentence in range(60 if turn % 40 == 17 else 4):
        yield f"In turn {turn} this is sentence {sentence} of what I have to say. "
        for _ in range(1000 if turn < 12 else 0):
            await asyncio.sleep(0)
'''
TICK = 0.002
"""Seconds that pass with each round of the event loop: time goes by work done, however fast the machine is."""


class Posts:
    """When something was posted or edited, in the sandbox's time, and how everything was answered."""

    def __init__(self, now: Callable[[], float], before: Callable[[Exchange], None] | None) -> None:
        self._now, self._before = now, before
        self.times: list[float] = []
        self.answers: Counter[int] = Counter()
        self.edits = 0

    def __call__(self, exchange: Exchange) -> None:
        self.answers[exchange.status] += 1
        if (exchange.method, exchange.template) in COUNTED:
            self.times.append(self._now())
            self.edits += exchange.method == "PATCH" and (exchange.method, exchange.template) == EDIT
        if self._before is not None:
            self._before(exchange)

    def per_minute(self, skipped: int) -> float:
        late = self.times[skipped:]
        return len(late) / (late[-1] - late[0]) * 60


@pytest.mark.slow
async def test_two_hundred_turns_at_the_hidden_limit_cause_no_429_and_leave_little_of_the_budget(
    tmp_path: Path, ledger: Ledger | None
) -> None:
    clock = TurnedClock()

    async def tick() -> None:
        while True:
            await asyncio.sleep(0)
            clock.advance(TICK)

    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "talk.py").write_text(TALK)
    limits = Limits(answer=600)  # what a command waits for is not all work of this loop
    async with Sandbox(clock=clock, limits=limits) as sandbox:
        sandbox.observe = posts = Posts(clock.now, ledger)
        more = {
            "rooms_model": "python/talk.py:speak",
            "rooms_plugins_dir": tmp_path / "plugins",
            "rooms_posts_per_minute": 25,
        }
        async with asyncio.TaskGroup() as tasks, bot_in(sandbox, tmp_path, clock=clock, **more):
            ticking = tasks.create_task(tick())
            lounge = Channel(sandbox)
            rules = {"mode": "round_robin", "orchestrator_every": 0, "turns": 200, "pace": 0}
            await lounge.do("room start", topic="Bread", agents="Ada,Kenji,Noor,Tomasz", **rules)
            await lounge.until_told("This room is over", patience=120)
            assert len(lounge.posts()) >= 200
            ticking.cancel()
    assert posts.answers[429] == 0
    assert posts.edits > 10
    assert posts.per_minute(skipped=posts.edits + 40) >= 0.9 * 25


async def test_a_429_holds_the_channel_back_and_lowers_its_bound(tmp_path: Path) -> None:
    theirs, refused = TurnedClock(), list[Exchange]()

    def observe(exchange: Exchange) -> None:
        """Discord's window is over as soon as the bot has been told that it is full."""
        if exchange.status == 429:
            refused.append(exchange)
            theirs.advance(0.3)

    limits = replace(Limits.wide(), hidden=3, hidden_window=0.3, hidden_wait=0.3)
    async with Sandbox(clock=theirs, limits=limits) as sandbox, writing(sandbox, tmp_path, most=20) as page:
        sandbox.observe = observe
        for number in range(3):
            await page.outlet.post(ADA, f"Number {number}.")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(page.outlet.post(ADA, "Number 3."))
            await page.clock.until_asleep(1)
            assert page.outlet.delay(urgent=True) == pytest.approx(1)
            page.clock.advance(1)
        assert (len(refused), len(page.standing())) == (1, 4)
        page.clock.advance(60)
        for _ in range(14):
            assert page.outlet.delay(urgent=True) == 0
            await page.budget.take(page.place.parent, urgent=True)
        assert page.outlet.delay(urgent=True) > 0


async def test_notices_are_counted_with_posts_and_need_no_place_of_their_own(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path, most=6) as page:
        for number in range(4):
            await page.outlet.post(ADA, f"Number {number}.")
        for what in (Paused(), Resumed()):
            await page.outlet.show(Event(index=9, at=datetime.now(UTC), what=what), page.room())
        assert page.outlet.delay(urgent=True) == 60
        assert page.budget.crowded(page.place.parent)
        assert len(page.lounge.messages()) == 6


async def test_a_thread_shares_the_budget_of_its_channel_and_what_is_refused_there(
    sandbox: Sandbox, rest: Rest, tmp_path: Path
) -> None:
    thread = await rest.post(f"/channels/{Channel(sandbox).id}/threads", {"name": "aside", "type": 11})

    def there(place: Place) -> Place:
        return place.model_copy(update={"channel": int(thread["id"])})

    async with writing(sandbox, tmp_path, most=20, place=there) as page, asyncio.TaskGroup() as tasks:
        sandbox.faults.plan(Fault("POST", MESSAGES, 429, headers={"Retry-After": "3"}))
        paused = Event(index=9, at=datetime.now(UTC), what=Paused())
        showing = tasks.create_task(page.outlet.show(paused, page.room()))
        await page.clock.until_asleep(3)
        assert page.budget.delay(page.place.parent, urgent=True) == 3
        page.clock.advance(3)
        await showing
        assert [message for message in page.lounge.messages() if "paused" in message["content"].lower()]


async def test_while_the_server_is_away_the_room_waits(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        assert page.outlet.delay() == 0
        gone = page.bot.wait_for("guild_unavailable", timeout=10)
        fail(sandbox.world, sandbox.world.guild)
        await gone
        assert page.outlet.delay(urgent=True) > 0
        back = page.bot.wait_for("guild_available", timeout=10)
        restore(sandbox.world, sandbox.world.guild)
        await back
        assert page.outlet.delay() == 0
