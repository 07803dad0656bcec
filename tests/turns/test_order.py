"""What holds in every mode, whatever agents and people do."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import (
    Configured,
    Heard,
    Planned,
    Said,
    Why,
)
from rooms_bot.domain.fold import apply, fold
from rooms_bot.domain.rooms import MODERATOR, Mode
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.argumentative import sides
from rooms_bot.turns.order import POLICIES
from tests.turns.play import THEO, Play, chosen, seat

moves = st.lists(
    st.tuples(
        st.sampled_from(["say", "say", "say", "pass", "fail", "ask"]),
        st.integers(0, 6),
        st.sampled_from(["", "", "", "hear", "address", "mute"]),
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(
    seats=st.integers(1, 5),
    mode=st.sampled_from(list(Mode)),
    turns=st.integers(1, 30),
    every=st.integers(0, 4),
    human=st.integers(0, 4),
    script=moves,
)
def test_no_turn_too_many_no_monologue_no_endless_chain(
    seats: int, mode: Mode, turns: int, every: int, human: int, script: list[tuple[str, int, str]]
) -> None:
    play = Play(seats, mode=mode, turns=turns, orchestrator_every=every, human_every=human)
    for outcome, target, person in script:
        _person(play, person, target)
        before = play.room.last_turn, play.room.passed.copy(), [one.id for one in play.room.active]
        planned = len(play.plans())
        if not play.step(outcome, target):
            break
        for plan in play.plans()[planned:]:
            _check(plan, *before)
    assert play.room.turns_taken <= turns
    assert longest_chain(play.plans()) <= play.room.config.max_chain_depth
    assert fold(play.events) == play.room


def _person(play: Play, person: str, target: int) -> None:
    source = play.room.next_index
    if person == "hear":
        play.happen(Heard(source=source, member=THEO, text="and forms?"))
    elif person == "address" and target in play.room.seats:
        play.happen(Heard(source=source, member=THEO, text="you?", addressed=(target,)))
    elif person == "mute" and target in play.room.seats:
        play.happen(Configured(seat=play.room.seats[target], muted=target not in play.room.muted))


def _check(plan: Planned, last: int | None, passed: set[int], active: list[int]) -> None:
    if plan.why is not Why.MODE:
        return
    assert plan.seat in active
    assert plan.seat not in passed
    others = [number for number in active if number not in passed and number != last]
    assert plan.seat != last or not others


def longest_chain(plans: list[Planned]) -> int:
    """Hand-overs in a row, of the orchestrator's turns those that it redirected left out."""
    agents = [plan for plan in plans if plan.seat != MODERATOR]
    runs = [len(list(run)) for handed, run in groupby(agents, key=lambda plan: plan.why is Why.HANDED) if handed]
    return max(runs, default=0)


@pytest.mark.parametrize("mode", list(Mode))
def test_in_every_mode_all_have_their_say_on_an_open_floor(mode: Mode) -> None:
    play = Play(4, mode=mode, turns=40, orchestrator_every=0)
    while play.step("say", 0):
        pass
    spoke = [plan.seat for plan in play.plans()]
    assert {spoke.count(number) for number in range(1, 5)} <= set(range(5, 16))


@pytest.mark.parametrize("mode", list(Mode))
def test_there_is_a_policy_for_each_mode(mode: Mode) -> None:
    assert mode in POLICIES


def test_sides_are_taken_in_turn_and_stances_kept() -> None:
    taken = sides([seat(1), seat(2, "against"), seat(3), seat(4, "neither")])
    assert taken == {1: "for", 2: "against", 3: "for", 4: "neither"}


def test_where_all_have_one_stance_they_take_sides_all_the_same() -> None:
    assert set(sides([seat(1, "for"), seat(2, "For")]).values()) == {"for", "against"}


def test_weak_evidence_stays_with_the_last_expert_after_a_persons_words() -> None:
    play = Play(3, mode="dynamic", orchestrator_every=0)
    play.happen(Planned(turn=0, seat=2, why=Why.MODE))
    play.happen(Said(turn=0, seat=2, text="well"))
    play.happen(Heard(source=500, member=THEO, text="go on"))
    assert chosen(play, Ranking({1: 0.1, 2: 0.0, 3: 0.05}, 0.05)) == 2
    assert chosen(play, Ranking({1: 2.0, 2: 0.0, 3: 0.05}, 0.7)) == 1


def test_a_room_is_rebuilt_only_from_its_beginning() -> None:
    play = Play(2)
    with pytest.raises(ValueError, match="begins with being opened"):
        fold(play.events[1:])
    with pytest.raises(ValueError, match="does not follow"):
        apply(play.room, play.events[0])
