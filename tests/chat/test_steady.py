"""What a connection that is lost again and again costs: pauses that grow, and no more memory than is said."""

from rooms_bot.chat.online import CALM, LONGEST, Pauses
from rooms_bot.chat.replays import KEPT, Seen
from tests.engine.fakes import TurnedClock


def test_pauses_grow_up_to_ten_minutes() -> None:
    pauses = Pauses(TurnedClock())
    taken = [pauses.take() for _ in range(12)]
    assert taken[:4] == [1, 2, 4, 8]
    assert taken[-1] == LONGEST


def test_trouble_after_an_hour_without_any_is_new() -> None:
    clock = TurnedClock()
    pauses = Pauses(clock)
    for _ in range(5):
        pauses.take()
    clock.advance(CALM + 1)
    assert [pauses.take(), pauses.take()] == [1, 2]


def test_only_so_many_ids_are_remembered() -> None:
    seen = Seen()
    for number in range(KEPT + 2):
        seen.add(number)
    seen.add(KEPT)
    assert [0 in seen, 1 in seen, 2 in seen, str(KEPT) in seen] == [False, False, True, True]
