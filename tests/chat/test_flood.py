"""A member's messages within a short time, and other programs' in a row."""

from rooms_bot.chat.flood import MESSAGES, MOST, SECONDS, Flood
from rooms_bot.chat.others import Chains

HERE, SAM, KIM = 1, 2, 3


def test_so_many_come_at_once_and_then_as_many_as_time_gives_back() -> None:
    flood = Flood()
    assert sum(flood.admits(HERE, SAM, 100.0) for _ in range(50)) == MESSAGES
    assert not flood.admits(HERE, SAM, 100.0 + 0.9 * SECONDS / MESSAGES)
    assert flood.admits(HERE, SAM, 100.0 + 1.0 * SECONDS / MESSAGES)
    assert not flood.admits(HERE, SAM, 100.0 + 1.0 * SECONDS / MESSAGES)
    assert sum(flood.admits(HERE, SAM, 1000.0) for _ in range(50)) == MESSAGES


def test_each_member_of_each_room_has_a_bucket_of_their_own() -> None:
    flood = Flood()
    for _ in range(20):
        flood.admits(HERE, SAM, 100.0)
    assert flood.admits(HERE, KIM, 100.0)
    assert flood.admits(HERE + 1, SAM, 100.0)


def test_a_flood_is_told_once_and_the_next_one_again() -> None:
    flood = Flood()
    for _ in range(20):
        flood.admits(HERE, SAM, 100.0)
    assert [flood.first(HERE, SAM) for _ in range(3)] == [True, False, False]
    for _ in range(20):
        flood.admits(HERE, SAM, 200.0)
    assert flood.first(HERE, SAM)


def test_time_that_goes_back_gives_nothing() -> None:
    flood = Flood()
    for _ in range(20):
        flood.admits(HERE, SAM, 100.0)
    assert not flood.admits(HERE, SAM, 50.0)
    assert not flood.admits(HERE, SAM, 100.5)


def test_there_are_never_many_buckets() -> None:
    flood = Flood()
    for member in range(3 * MOST):
        flood.admits(HERE, member, 100.0 * member)
    assert len(flood._buckets) <= MOST


def test_a_chain_ends_with_a_persons_word() -> None:
    chains = Chains()
    assert [chains.another(HERE) for _ in range(3)] == [1, 2, 3]
    assert chains.another(HERE + 1) == 1
    chains.person(HERE)
    assert chains.another(HERE) == 1


def test_how_long_it_takes_until_one_more_is_heard() -> None:
    flood = Flood()
    assert flood.wait(HERE, SAM, 100.0) == 0
    for _ in range(20):
        flood.admits(HERE, SAM, 100.0)
    assert flood.wait(HERE, SAM, 100.0) == SECONDS / MESSAGES
    assert flood.wait(HERE, SAM, 99.0) == 1 + SECONDS / MESSAGES
    assert flood.admits(HERE, SAM, 100.0 + flood.wait(HERE, SAM, 100.0))
