"""The budget of a channel keeps below Discord's hidden limit."""

from rooms_bot.chat.budget import Budget
from tests.engine.fakes import TurnedClock


async def test_so_many_posts_fit_into_any_minute() -> None:
    clock = TurnedClock()
    budget = Budget(3, clock)
    for _ in range(3):
        assert budget.delay(7) == 0
        await budget.take(7)
        clock.advance(10)
    assert budget.delay(7) == 30
    assert budget.delay(8) == 0
    clock.advance(30)
    assert budget.delay(7) == 0


async def test_no_bound_of_its_own_is_no_bound() -> None:
    budget = Budget(0, TurnedClock())
    for _ in range(1000):
        await budget.take(7)
    assert budget.delay(7) == 0
