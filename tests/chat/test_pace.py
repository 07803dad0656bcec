"""Discord's global limit is kept to in every second, however long requests are on their way."""

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from rooms_bot.chat.pace import ARRIVED, MOST, SECOND, Pace
from tests.engine.fakes import TurnedClock

LIMIT = 50
"""Discord's own, of requests in a second."""
STEP = 0.01


async def settled() -> None:
    """Until everybody has gone on as far as the time allows."""
    for _ in range(5):
        await asyncio.sleep(0)


async def full(pace: Pace) -> list[Callable[[], None]]:
    """As many as fit at once are on their way."""
    return [await pace.take() for _ in range(MOST)]


async def test_what_fits_is_let_through_at_once_and_the_next_a_second_after_an_answer() -> None:
    clock = TurnedClock()
    pace = Pace(clock)
    ended = await full(pace)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(pace.take())
        await clock.until_asleep(SECOND)
        clock.advance(SECOND)
        ended[0]()
        await clock.until_asleep(SECOND)
        assert not waiting.done()
        clock.advance(SECOND)


async def test_what_is_never_answered_holds_nobody_up_for_long() -> None:
    clock = TurnedClock()
    pace = Pace(clock)
    await full(pace)
    clock.advance(ARRIVED + SECOND)
    await full(pace)


async def test_a_late_answer_takes_no_longer_than_none() -> None:
    clock = TurnedClock()
    pace = Pace(clock)
    ended = await full(pace)
    clock.advance(ARRIVED + SECOND - STEP)
    for end in ended:
        end()
    clock.advance(STEP)
    await full(pace)


async def test_first_come_first_served_and_who_is_cancelled_holds_nobody_up() -> None:
    clock = TurnedClock()
    pace, through = Pace(clock), list[int]()

    async def go(number: int) -> None:
        await pace.take()
        through.append(number)

    await full(pace)
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(go(number)) for number in range(5)]
        await clock.until_asleep(SECOND)
        waiting[0].cancel()
        waiting[2].cancel()
        await clock.until_asleep(SECOND)
        clock.advance(ARRIVED + SECOND)
    assert through == [1, 3, 4]


async def test_nothing_is_asked_while_discord_does_not_want_to_be() -> None:
    clock = TurnedClock()
    pace = Pace(clock)
    pace.hold(30)
    pace.hold(10)
    assert pace.crowded()
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(pace.take())
        await clock.until_asleep(30)
        clock.advance(29)
        await settled()
        assert not waiting.done()
        clock.advance(1)
    assert not pace.crowded()


async def test_it_is_crowded_from_half_on_until_a_second_after() -> None:
    clock = TurnedClock()
    pace = Pace(clock)
    ended = [await pace.take() for _ in range(MOST // 2)]
    assert not pace.crowded()
    ended.append(await pace.take())
    assert pace.crowded()
    for end in ended:
        end()
    assert pace.crowded()
    clock.advance(SECOND)
    assert not pace.crowded()


@pytest.mark.parametrize(("slowest", "seed"), [(0.0, 1), (0.05, 2), (0.5, 3), (1.5, 4)])
async def test_in_no_second_do_more_arrive_than_discord_takes(slowest: float, seed: int) -> None:
    """Each arrives at some time before its answer does: a burst that is slow on its way may meet the next."""
    clock, random = TurnedClock(), Random(seed)
    pace, arrived = Pace(clock), list[float]()

    async def ask() -> None:
        ended = await pace.take()
        await clock.sleep(random.uniform(0, slowest))
        arrived.append(clock.now())
        await clock.sleep(random.uniform(0, slowest / 4))
        ended()

    async with asyncio.TaskGroup() as tasks:
        asking = [tasks.create_task(ask()) for _ in range(4 * MOST)]
        while not all(one.done() for one in asking):
            await settled()
            clock.advance(STEP)
    arrived.sort()
    first = arrived[0]
    assert all(later - earlier >= SECOND - 1e-6 for earlier, later in zip(arrived, arrived[MOST:], strict=False))
    assert MOST < LIMIT
    assert arrived[-1] - first < 4 * (SECOND + 1.25 * slowest) + 8 * STEP
