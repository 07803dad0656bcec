"""ROOMS_RETENTION_DAYS: what is older is gone from the database's files once the bot has looked: on the wire."""

from pathlib import Path

import pytest

from rooms_bot.clock import SystemClock
from rooms_bot.sandbox.server import Sandbox
from tests.engine.conftest import nothing
from tests.wire.channel import Channel, bot_in
from tests.wire.scripted import scripted
from tests.wire.test_privacy import rows, stored

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "memory": "durable"}
DAY = 86_400.0


class Later(SystemClock):
    """So many days from now."""

    def __init__(self, days: float) -> None:
        super().__init__()
        self._ahead = days * DAY

    def now(self) -> float:
        return super().now() + self._ahead


async def talk(lounge: Channel, library: Channel) -> None:
    """A room that is over, and one that goes on."""
    await lounge.do("room start", topic="Marzipan", agents="Ada", turns=1, **ROUND)
    await lounge.until_told("This room is over")
    await library.do("room start", topic="Bread", agents="Kenji", human_every=1, **ROUND)
    await library.until_told("waits")
    library.say("my pangolin", attachments=[("plan.md", b"a xylograph")])
    await library.until_told("waits", 2)


@pytest.mark.parametrize(
    ("later", "gone", "left"),
    [
        (3, ("quincunx", "okapi", "pangolin", "xylograph", "Marzipan"), ("Bread",)),
        (1, (), ("quincunx", "okapi", "pangolin", "xylograph", "Marzipan", "Bread")),
    ],
    ids=["too old", "not yet"],
)
async def test_what_is_too_old_at_a_start_is_in_no_file_any_more(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    later: int,
    gone: tuple[str, ...],
    left: tuple[str, ...],
) -> None:
    lounge, library = Channel(sandbox), Channel(sandbox, channel="library")
    async with scripted(monkeypatch, Ada="a quincunx", Kenji=("an okapi", "an okapi", "a salt")):
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            await talk(lounge, library)
        assert not [word for word in (*gone, *left) if word not in stored(tmp_path)]
        more = {"rooms_model": "openai/test", "rooms_retention_days": 2}
        async with bot_in(sandbox, tmp_path, clock=Later(later), **more) as bot:
            await library.until_posts(3)  # nobody came, and the room went on
            await bot.retention.look()
            room = bot.house.room(int(library.id))
            await room.do(nothing)
            texts = [line.text for line in room.state.lines]
            assert ("okapi" in "\n".join(texts)) is not bool(gone)
            assert not [word for word in gone if word in stored(tmp_path)]
            assert not [word for word in (*left, "a salt") if word not in stored(tmp_path)]
            assert rows(tmp_path)["rooms"] == (1 if gone else 2)


async def test_without_days_everything_stays(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lounge = Channel(sandbox)
    async with scripted(monkeypatch, Ada="a quincunx"):
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            await lounge.do("room start", topic="Marzipan", agents="Ada", turns=1, **ROUND)
            await lounge.until_told("This room is over")
        async with bot_in(sandbox, tmp_path, clock=Later(1000), rooms_model="openai/test") as bot:
            await bot.retention.look()
            assert "quincunx" in stored(tmp_path)
