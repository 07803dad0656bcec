"""What holds in every mode, whatever agents and people do."""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import (
    Configured,
    Event,
    Failed,
    Happening,
    Heard,
    Joined,
    Opened,
    Passed,
    Planned,
    Resumed,
    Said,
    Summarised,
    Why,
)
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Mode, Place, RoomConfig, Seat
from rooms_bot.domain.state import fold
from rooms_bot.turns.argumentative import sides
from rooms_bot.turns.decisions import Close, Pause, Ranking, Speak, Wait
from rooms_bot.turns.expertise import rank
from rooms_bot.turns.order import POLICIES, decide

NOW = datetime(2026, 11, 21, tzinfo=UTC)
THEO = Member(id=1, name="Theo")


def seat(number: int, stance: str = "") -> Seat:
    return Seat(id=number, name=f"A{number}", persona=Persona(name=f"A{number}", stance=stance))


class Play:
    """A room played by its rules alone."""

    def __init__(self, seats: int, **config: Any) -> None:
        rules = RoomConfig.model_validate({"topic": "forms"} | config)
        first: list[Happening] = [
            Opened(place=Place(guild=1, channel=1, parent=1), config=rules, moderator=seat(MODERATOR), by=THEO),
            *(Joined(seat=seat(number)) for number in range(1, seats + 1)),
        ]
        self.events = [Event(index=index, at=NOW, what=what) for index, what in enumerate(first)]
        self.room = fold(self.events)

    def happen(self, what: Happening) -> None:
        self.events.append(Event(index=self.room.next_index, at=NOW, what=what))
        self.room.apply(self.events[-1])

    def step(self, outcome: str, target: int) -> bool:
        """Carry out the next decision, the turn coming out as `outcome`; False once the room is over or stuck."""
        newest = self.room.lines[-1].text if self.room.lines else self.room.config.topic
        decision = decide(self.room, rank(newest, list(self.room.seats.values())))
        match decision:
            case Speak(seat=number, why=why):
                turn = self.room.next_turn
                self.happen(Planned(turn=turn, seat=number, why=why))
                self.happen(self._outcome(outcome, turn, number, target))
            case Wait(waiting=waiting):
                self.happen(waiting)
                self.happen(Heard(source=self.room.next_index, member=THEO, text="go on"))
            case Pause():
                self.happen(Resumed())
            case Close():
                return False
        return True

    def _outcome(self, outcome: str, turn: int, number: int, target: int) -> Happening:
        if outcome == "pass":
            return Passed(turn=turn, seat=number)
        if outcome == "fail":
            return Failed(turn=turn, seat=number, reason="failed")
        named = (target,) if target in self.room.seats and target != number else ()
        kind = Summarised if number == MODERATOR else Said
        return kind(turn=turn, seat=number, text="well", addressed=named, asks=1 if outcome == "ask" else None)

    def plans(self) -> list[Planned]:
        return [event.what for event in self.events if isinstance(event.what, Planned)]


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
    assert decide(play.room, Ranking({1: 0.1, 2: 0.0, 3: 0.05}, 0.05)) == Speak(2)
    assert decide(play.room, Ranking({1: 2.0, 2: 0.0, 3: 0.05}, 0.7)) == Speak(1)


def test_a_room_is_rebuilt_only_from_its_beginning() -> None:
    play = Play(2)
    with pytest.raises(ValueError, match="begins with being opened"):
        fold(play.events[1:])
    with pytest.raises(ValueError, match="does not follow"):
        play.room.apply(play.events[0])
