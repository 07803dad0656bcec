"""What is older than the operator wants is gone within the hour, whether its room is over or goes on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from rooms_bot.domain.events import Event, Expired, Usage
from rooms_bot.domain.rooms import Memory, Place
from rooms_bot.engine.house import House
from rooms_bot.engine.retention import EVERY, Retention
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.ports import Agent
from rooms_bot.store.failures import StoreFailed
from rooms_bot.store.ram import RamStore
from tests.engine.conftest import CHANNEL, THEO, Stage, all_events, nothing
from tests.engine.conftest import Memory as Remembering
from tests.engine.fakes import Cast, Page, TurnedClock, saying

HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """With a store that goes by the clock, too."""
    clock, cast, memory = TurnedClock(), Cast({}), Remembering()
    store, pages = RamStore(clock.now), dict[int, Page]()

    def outlet(place: Place, number: int) -> Page:
        del number
        return pages.setdefault(place.channel, Page(clock.now))

    async with House(store, memory, outlet, cast, clock) as house:
        made = Stage(house, store, memory, clock, cast)
        made.pages = pages
        yield made


@asynccontextmanager
async def keeping(stage: Stage, days: int = 1) -> AsyncIterator[Retention]:
    """After the first look."""
    async with Retention(stage.house, stage.store, stage.clock, days) as retention:
        await stage.clock.until_asleep(EVERY)
        yield retention


async def later(stage: Stage, seconds: float) -> None:
    """So much later, after the look that was due."""
    stage.clock.advance(seconds)
    await stage.clock.until_asleep(EVERY)


async def opened(stage: Stage, agent: Agent, memory: Memory, **more: Any) -> tuple[Room, Page]:
    """A room in which an agent answers whenever somebody asks."""
    return await stage.open({"Ada": agent}, memory=memory, agents_answer="people", **more)


async def left(room: Room) -> str:
    """All that is kept of it, once everything that came before is done."""
    await room.do(nothing)
    return "\n".join(event.model_dump_json() for event in await all_events(room))


async def expired(room: Room) -> list[Event]:
    await room.do(nothing)
    return [event for event in await all_events(room) if isinstance(event.what, Expired)]


@pytest.mark.parametrize("memory", Memory)
async def test_of_a_room_that_goes_on_what_is_old_goes_and_what_is_newer_stays(stage: Stage, memory: Memory) -> None:
    room, page = await opened(stage, saying("a quincunx", "a crumb"), memory)
    stage.hear("my okapi")
    await page.next(1)
    async with keeping(stage):
        await later(stage, 23 * HOUR)
        stage.hear("still here")
        await page.next(1)
        assert "quincunx" in await left(room)
        await later(stage, 2 * HOUR)
        kept = await left(room)
    assert not [gone for gone in ("quincunx", "okapi") if gone in kept]
    assert [line.text for line in room.state.lines] == ["", "", "still here", "a crumb"]
    assert "still here" in kept


async def test_it_happens_once_and_only_where_there_is_something(stage: Stage) -> None:
    room, page = await opened(stage, saying("a"), Memory.DURABLE)
    stage.hear("hello")
    await page.next(1)
    async with keeping(stage):
        await later(stage, EVERY)
        assert await expired(room) == []
        await later(stage, 22 * HOUR)
        stage.hear("hello again")
        await page.next(1)
        for _ in range(3):
            await later(stage, 2 * HOUR)
        assert len(await expired(room)) == 1


async def test_a_room_that_is_over_goes_whole_so_long_after_its_end(stage: Stage) -> None:
    room, page = await opened(stage, saying("a quincunx"), Memory.DURABLE, turns=1)
    stage.hear("hello")
    await page.told("closed")
    async with keeping(stage):
        await stage.clock.until_asleep(15 * 60)
        stage.clock.advance(15 * 60)
        await later(stage, 23 * HOUR)
        assert (await stage.house.find(room.id)).over
        await later(stage, 2 * HOUR)
    with pytest.raises(Refused, match="no longer kept"):
        await stage.house.find(room.id)


async def test_zero_days_keep_everything(stage: Stage) -> None:
    room, page = await opened(stage, saying("a quincunx"), Memory.DURABLE)
    stage.hear("hello")
    await page.next(1)
    async with keeping(stage, days=0):
        await later(stage, 23 * HOUR)
        stage.hear("more")
        await page.next(1)
        await later(stage, 20 * HOUR)
        assert "quincunx" in await left(room)


class Thinking:
    """An agent that thinks aloud and says no more than PASS."""

    async def stream(self, request: object) -> AsyncIterator[str | Usage]:
        del request
        yield "<think>a quincunx</think>PASS"


async def test_what_was_thought_and_not_said_goes_too(stage: Stage) -> None:
    room, page = await opened(stage, Thinking(), Memory.DURABLE)  # type: ignore[arg-type] # it is never closed
    stage.hear("hello")
    await page.told("waiting")
    assert "quincunx" in await left(room)
    async with keeping(stage):
        await later(stage, 23 * HOUR)
        stage.hear("more")
        await page.told("waiting", 2)
        await later(stage, 2 * HOUR)
        kept = await left(room)
    assert kept.count("quincunx") == 1


async def test_a_database_that_fails_is_asked_again_an_hour_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room, page = await opened(stage, saying("a quincunx"), Memory.DURABLE, turns=1)
    stage.hear("hello")
    await page.told("closed")

    async def fail(before: object) -> int:
        raise StoreFailed(f"no space since {before}")

    with monkeypatch.context() as broken:
        broken.setattr(stage.store, "expire", fail)
        async with keeping(stage):
            await later(stage, 30 * HOUR)
            broken.undo()
            await later(stage, EVERY)
    assert "could not be removed" in caplog.text
    assert [event async for event in stage.store.events(room.id)] == []


async def test_what_is_edited_after_it_was_forgotten_is_forgotten_again(stage: Stage) -> None:
    room, page = await opened(stage, saying("a"), Memory.DURABLE)
    stage.hear("my okapi", source=400)
    await page.next(1)
    async with keeping(stage):
        await later(stage, 23 * HOUR)
        stage.hear("still here")
        await page.next(1)
        await later(stage, 2 * HOUR)
        stage.house.edited(CHANNEL, 400, "my quincunx")
        assert "quincunx" in await left(room)
        await later(stage, EVERY)
        assert "quincunx" not in await left(room)
    assert THEO.id in room.state.members
