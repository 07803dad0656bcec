"""The budget of a channel keeps below Discord's hidden limit."""

from collections import deque
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.chat.budget import EASED, LEAST, WINDOW, Budget
from tests.engine.fakes import TurnedClock

MOST = 25


async def taken(budget: Budget, count: int) -> None:
    for _ in range(count):
        await budget.take(7, urgent=True)


async def turns(budget: Budget, clock: TurnedClock, seconds: float) -> list[float]:
    """When turns are posted by somebody who always has more to say, in seconds from the start."""
    posts, start = list[float](), clock.now()
    while clock.now() - start < seconds:
        if (delay := budget.delay(7)) > 0:
            clock.advance(delay)
            continue
        await budget.take(7)
        posts.append(clock.now() - start)
    return posts


async def test_half_of_the_window_is_free_and_the_rest_is_spread() -> None:
    clock = TurnedClock()
    posts = await turns(Budget(MOST, clock), clock, 59)
    assert posts[12] == 0
    gaps = [later - sooner for sooner, later in pairwise(posts[12:])]
    assert min(gaps) > WINDOW / MOST
    assert max(gaps) < 6


async def test_nearly_all_of_the_budget_is_used_by_those_who_have_much_to_say() -> None:
    clock = TurnedClock()
    posts = await turns(Budget(MOST, clock), clock, 20 * WINDOW)
    assert len(posts) >= 0.95 * MOST * 20
    late = [later - sooner for sooner, later in pairwise(posts[100:])]
    assert max(late) < 3 * WINDOW / MOST


async def test_what_people_wait_for_finds_a_place_whenever_it_comes() -> None:
    clock = TurnedClock()
    budget = Budget(MOST, clock)
    for _ in range(10):
        await turns(budget, clock, 47)
        assert budget.delay(7, urgent=True) == 0
        await budget.take(7, urgent=True)


@settings(max_examples=60, deadline=None)
@given(most=st.integers(1, 40), steps=st.lists(st.tuples(st.floats(0, 40), st.booleans()), max_size=120))
async def test_no_minute_has_more_than_the_bound(most: int, steps: list[tuple[float, bool]]) -> None:
    clock = TurnedClock()
    budget, posts = Budget(most, clock), deque[float]()
    for pause, urgent in steps:
        clock.advance(pause)
        while (delay := budget.delay(7, urgent=urgent)) > 0:
            clock.advance(delay + 0.001)
        await budget.take(7, urgent=urgent)
        posts.append(clock.now())
        assert sum(post > clock.now() - WINDOW for post in posts) <= most


async def test_channels_are_counted_apart() -> None:
    budget = Budget(3, TurnedClock())
    await taken(budget, 3)
    assert budget.delay(7) == WINDOW
    assert budget.crowded(7)
    assert budget.delay(8) == 0
    assert not budget.crowded(8)


async def test_no_bound_of_its_own_is_no_bound_but_what_discord_says_holds() -> None:
    clock = TurnedClock()
    budget = Budget(0, clock)
    await taken(budget, 1000)
    assert budget.delay(7) == 0
    assert (budget.crowded(7), budget.spare(7), budget.spare(8)) == (False, False, True)
    budget.refused(7, 40, full=True)
    assert (budget.delay(7), budget.delay(7, urgent=True), budget.delay(8)) == (40, 40, 0)
    assert budget.crowded(7)
    clock.advance(40)
    assert budget.delay(7) == 0


async def test_refusals_lower_the_bound_which_rises_again_slowly() -> None:
    clock = TurnedClock()
    budget = Budget(10, clock)

    async def bound() -> int:
        """How many fit at once after a quiet minute, which it takes."""
        clock.advance(WINDOW)
        count = 0
        while not budget.delay(7, urgent=True):
            await budget.take(7, urgent=True)
            count += 1
        return count

    assert await bound() == 10
    budget.refused(7, 40, full=True)
    budget.refused(7, 40, full=True)
    assert await bound() == 7
    for _ in range(5):
        clock.advance(1)
        budget.refused(7, 1, full=True)
        clock.advance(1)
    assert await bound() == LEAST
    clock.advance(EASED + 1)
    assert await bound() == 7
    clock.advance(EASED * 100)
    assert await bound() == 10


@pytest.mark.parametrize("most", [0, 25])
async def test_one_route_that_had_too_many_waits_but_does_not_lower_the_bound(most: int) -> None:
    clock = TurnedClock()
    budget = Budget(most, clock)
    budget.refused(7, 2, full=False)
    assert budget.delay(7, urgent=True) == pytest.approx(2)
    clock.advance(2)
    await taken(budget, most)
    assert bool(budget.delay(7, urgent=True)) is bool(most)


async def test_a_limit_of_the_webhook_holds_back_agents_alone() -> None:
    clock = TurnedClock()
    budget = Budget(MOST, clock)
    budget.refused(7, 40, full=False, agents=True)
    assert (budget.wait(7, agents=True), budget.delay(7, urgent=True), budget.wait(7)) == (40, 40, 0)
    assert budget.crowded(7)
    clock.advance(40)
    assert (budget.wait(7, agents=True), budget.crowded(7)) == (0, False)
