"""However much is to be asked at once, as after a restart: Discord's global limit is kept to, and nothing stops."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rooms_bot.chat.faces import Faces
from rooms_bot.chat.outlet import TYPING
from rooms_bot.chat.pace import MOST, SECOND, Pace
from rooms_bot.chat.panels import Panels
from rooms_bot.chat.traffic import Undone, answered
from rooms_bot.sandbox.faults import limited
from rooms_bot.sandbox.limits import Limits, RateLimiter
from rooms_bot.sandbox.rest.api import Exchange
from rooms_bot.sandbox.server import Sandbox
from tests.engine.fakes import TurnedClock
from tests.wire.channel import Channel, bot_in
from tests.wire.writing import ADA, POST, Writing, writing

TOO_MANY = 429
PATIENCE = 15
TICK = 0.005
CHANNEL = ("GET", "/channels/{channel_id}")
TYPES = ("POST", "/channels/{channel_id}/typing")
PANEL = ("PATCH", "/channels/{channel_id}/messages/{message_id}")
REFUSED = ("", "")


@contextmanager
def counted(sandbox: Sandbox) -> Iterator[Counter[tuple[str, str]]]:
    """How often each route is asked, and under `REFUSED` how often that is too much."""
    seen, before = Counter[tuple[str, str]](), sandbox.observe

    def observe(exchange: Exchange) -> None:
        seen[exchange.method, exchange.template] += 1
        seen[REFUSED] += exchange.status == TOO_MANY

    sandbox.observe = observe
    yield seen
    sandbox.observe = before


async def crowd(page: Writing) -> Pace:
    """Half of what a second allows is used, on the clock that the test turns."""
    page.bot.traffic.pace = pace = Pace(page.clock)
    for _ in range(MOST // 2 + 1):
        await pace.take()
    return pace


@contextmanager
def warned(name: str) -> Iterator[asyncio.Event]:
    """Is set once a warning is logged there."""
    told = asyncio.Event()

    def seen(record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            told.set()
        return True

    logging.getLogger(name).addFilter(seen)
    yield told
    logging.getLogger(name).removeFilter(seen)


async def look(page: Writing) -> int:
    return int((await page.bot.http.get_channel(page.place.channel))["id"])


async def test_whatever_is_asked_at_once_none_of_it_is_too_much(tmp_path: Path) -> None:
    clock = TurnedClock()

    async def tick() -> None:
        while True:
            await asyncio.sleep(0)
            clock.advance(TICK)

    limits = replace(Limits.wide(), per_second=50)
    async with Sandbox(clock=clock, limits=limits) as sandbox, asyncio.TaskGroup() as tasks:
        ticking = tasks.create_task(tick())
        channel = int(Channel(sandbox).id)
        async with bot_in(sandbox, tmp_path, clock=clock) as bot, asyncio.timeout(PATIENCE):
            with counted(sandbox) as seen:
                async with asyncio.TaskGroup() as asking:
                    for _ in range(3 * MOST):
                        asking.create_task(bot.http.get_channel(channel))
        ticking.cancel()
    assert (seen[CHANNEL], seen[REFUSED]) == (3 * MOST, 0)


async def test_a_request_that_is_cancelled_at_the_global_limit_stops_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """discord.py would let nothing through until that very request had slept the limit out."""
    async with writing(sandbox, tmp_path) as page, asyncio.timeout(PATIENCE):
        page.bot.traffic.pace = Pace(page.clock)
        wide, sandbox.api._limiter = sandbox.api._limiter, RateLimiter(sandbox.world.clock, Limits(per_second=0))
        async with asyncio.TaskGroup() as tasks:
            with warned("discord.http") as told:
                asking = tasks.create_task(look(page))
                await told.wait()
            asking.cancel()
        sandbox.api._limiter = wide
        page.clock.advance(1)
        assert await look(page) == page.place.channel


async def test_while_others_need_discord_more_nobody_is_shown_typing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        await crowd(page)
        with counted(sandbox) as seen:
            async with page.speech(streaming=False) as speech:
                await page.clock.until_asleep(TYPING)
                await speech.finish("It rises.")
        assert (seen[TYPES], seen[POST]) == (0, 1)


async def test_while_others_need_discord_more_panels_wait(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        room, faces = page.room(), Faces(page.bot, page.bot.furniture.store, sandbox.cdn_url)
        pace = await crowd(page)
        panels = Panels(page.bot, faces, page.budget, lambda seat: seat.name, pace.crowded)
        view = await panels.of(room, 1)
        sent = await page.bot.get_partial_messageable(page.place.channel).send(view=view)
        room.panel = sent.id
        with counted(sandbox) as seen:
            assert not await panels.refresh(room, 1)
            assert seen[PANEL] == 0
            page.clock.advance(3 * SECOND)
            assert await panels.refresh(room, 1)
            assert seen[PANEL] == 1


async def test_what_is_left_out_is_not_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        await crowd(page)
        with counted(sandbox) as seen, pytest.raises(Undone):
            await answered(look(page), idle=True)
        assert not seen
        assert await answered(look(page)) == page.place.channel


async def test_at_the_global_limit_nobody_asks_anything_before_it_is_over(sandbox: Sandbox, tmp_path: Path) -> None:
    async with writing(sandbox, tmp_path) as page:
        page.bot.traffic.pace = pace = Pace(page.clock)
        sandbox.faults.plan(limited(*CHANNEL, 30, "global"))
        with pytest.raises(Undone):
            await answered(look(page))
        assert pace.crowded()
        with counted(sandbox) as seen:
            async with asyncio.TaskGroup() as tasks:
                looking = tasks.create_task(look(page))
                await page.clock.until_asleep(30)
                assert not seen
                page.clock.advance(30)
        assert looking.result() == page.place.channel


async def test_posts_keep_to_a_limit_of_their_own_and_answers_to_none(sandbox: Sandbox, tmp_path: Path) -> None:
    """Discord counts what bears no token by the address, and what answers a command not at all."""
    async with writing(sandbox, tmp_path) as page, asyncio.TaskGroup() as tasks:
        page.bot.traffic.unnamed = pace = Pace(page.clock)
        pace.hold(30)
        posting = tasks.create_task(page.outlet.post(ADA, "It rises."))
        await page.clock.until_asleep(30)
        assert await look(page) == page.place.channel
        assert await page.lounge.do("agent invite", persona="Kenji")
        assert not posting.done()
        page.clock.advance(30)
        await posting
        assert page.standing()[-1] == "It rises."
