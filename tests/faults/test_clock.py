"""The machine's clock is set two hours on or back: nobody waits for it, and nobody is flooded."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from rooms_bot.clock import SystemClock
from rooms_bot.sandbox.limits import Limits
from rooms_bot.sandbox.server import Sandbox
from tests.faults.afterwards import STANDS, well
from tests.faults.mind import minded
from tests.faults.table import fault
from tests.models.openai_server import Hang
from tests.wire.channel import Channel, bot_in, contents

pytestmark = pytest.mark.slow

HOURS = 2 * 3600.0
SOON = 60.0
"""Seconds, for a busy machine: fifty minutes of the bot's, which is less than the clock is wrong by."""
WAIT = 600
"""Seconds of the bot's: long enough for a busy machine to look at the room before the next wait is over."""
ROUND = {"topic": STANDS, "agents": "Ada", "mode": "round_robin", "orchestrator_every": 0}


class Wrong(SystemClock):
    """The machine's time, wrong by so many seconds, and fifty times as fast."""

    def __init__(self, wrong: float = 0.0) -> None:
        super().__init__()
        self._start, self._wrong = super().now(), wrong

    def now(self) -> float:
        return self._start + self._wrong + (super().now() - self._start) * 50

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 50)


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param(
            HOURS, marks=fault("The process", "the machine's clock is set two hours on while the bot runs", "nothing")
        ),
        pytest.param(
            -HOURS,
            marks=fault("The process", "the machine's clock is set two hours back while the bot runs", "nothing"),
        ),
    ],
)
async def test_the_clock_is_set_while_the_bot_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    async with (
        Sandbox(limits=Limits()) as sandbox,
        bot_in(sandbox, tmp_path, rooms_posts_per_minute=25) as bot,
    ):
        lounge, real = Channel(sandbox), time.time
        await lounge.do("room start", **ROUND, pace=0.2, human_every=2)
        await lounge.until_posts(1)
        state = bot.house.room(int(lounge.id)).state
        before = state.changed_at
        monkeypatch.setattr(time, "time", lambda: real() + jump)
        await lounge.until_told("The room waits for a word of yours")
        lounge.say("And now?")
        await lounge.until_told("The room waits for a word of yours", 2)
        assert len(lounge.posts()) == 4
        assert sandbox.world.tally.limited == {}
        events = await well(lounge, bot)
        assert before is not None
        assert timedelta(0) < events[-1].at - before < timedelta(hours=1), "the room's own time runs on evenly"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            0.0,
            HOURS,
            marks=fault(
                "The process", "the machine's clock is set two hours on between two starts", "the room goes on at once"
            ),
        ),
        pytest.param(
            HOURS,
            0.0,
            marks=fault(
                "The process",
                "the machine's clock is set two hours back between two starts",
                "the room goes on at once",
            ),
        ),
    ],
)
async def test_a_room_goes_on_though_the_clock_was_set_between_two_starts(
    sandbox: Sandbox, tmp_path: Path, first: float, second: float
) -> None:
    lounge, settings = Channel(sandbox), minded(tmp_path, "one", "two", "three")
    async with bot_in(sandbox, tmp_path, clock=Wrong(first), **settings):
        await lounge.do("room start", **ROUND, memory="durable", pace=10, human_every=3)
        await lounge.do("room configure", human_wait=WAIT)
        await lounge.until_posts(1)
    async with bot_in(sandbox, tmp_path, clock=Wrong(second), **settings) as bot:
        await lounge.until_told("The room waits for a word of yours", patience=SOON)
        assert contents(lounge.posts()) == ["one", "two", "three"]
        await well(lounge, bot)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            0.0,
            HOURS,
            marks=fault(
                "The process",
                "the same, while a room waits for somebody",
                "the agents go on at once",
            ),
        ),
        pytest.param(
            HOURS,
            0.0,
            marks=fault(
                "The process",
                "the clock is set back between two starts while a room waits for somebody",
                "the agents go on after the time the room waits for people",
            ),
        ),
    ],
)
async def test_a_wait_ends_though_the_clock_was_set_between_two_starts(
    sandbox: Sandbox, tmp_path: Path, first: float, second: float
) -> None:
    begun = Hang(text="", then="one")
    lounge, settings = Channel(sandbox), minded(tmp_path, begun, "two", "three")
    async with bot_in(sandbox, tmp_path, clock=Wrong(first), **settings):
        await lounge.do("room start", **ROUND, memory="durable", pace=0, human_every=1)
        await lounge.do("room configure", human_wait=WAIT)
        begun.released.set()
        await lounge.until_told("The room waits for a word of yours")
    async with bot_in(sandbox, tmp_path, clock=Wrong(second), **settings) as bot:
        await lounge.until_told("The room waits for a word of yours", 2, SOON)
        assert contents(lounge.posts()) == ["one", "two"]
        await well(lounge, bot)
