"""Whoever asks why an agent has the turn is told, in words, by whom or by what it came to it."""

from datetime import UTC, datetime

import pytest

from rooms_bot.domain.events import Candidate, Choice, Event, Happening, Joined, Left, Opened, Passed, Planned, Why
from rooms_bot.domain.fold import fold
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Mode, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export.reasons import reasons

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CHOICE = Choice(
    by="words",
    confidence=0.62,
    candidates=(
        Candidate(seat=2, relevance=0.8, thread=0.3, total=1.1),
        Candidate(seat=1, relevance=0, waited=0.1, share=-0.25, total=-0.15),
        Candidate(seat=3, relevance=0, total=0),
    ),
)


def room(*more: Happening, mode: Mode = Mode.DYNAMIC) -> RoomState:
    host = Seat(id=0, name="Host", persona=Persona(name="Host"))
    rules = RoomConfig(topic="tea", mode=mode)
    first: list[Happening] = [
        Opened(place=Place(guild=1, channel=1, parent=1), config=rules, moderator=host, by=Member(id=1, name="Al")),
        *(
            Joined(seat=Seat(id=number, name=name, persona=Persona(name=name)))
            for number, name in enumerate(("Ada", "Bob", "Cy*"), 1)
        ),
    ]
    return fold(Event(index=index, at=NOW, what=what) for index, what in enumerate((*first, *more)))


def given(why: Why = Why.MODE, by: str = "", seat: int = 1, choice: Choice | None = None) -> Planned:
    return Planned(turn=0, seat=seat, why=why, by=by, choice=choice)


def test_before_the_first_turn_there_is_nothing_to_explain() -> None:
    assert reasons(room()) == "No agent has had a turn yet."


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.ASKED, "Sam asked it"),
        (Why.FORCED, "Sam gave it the turn"),
        (Why.HANDED, "Sam handed over to it"),
        (Why.REDIRECTED, "Sam turned to it"),
    ],
)
def test_whoever_wanted_the_turn_is_named(why: Why, words: str) -> None:
    assert reasons(room(given(why, "Sam"))) == f"Ada has the turn: {words}."


def test_modes_that_weigh_nothing_say_their_rule() -> None:
    assert "next in order" in reasons(room(given(), mode=Mode.ROUND_ROBIN))
    assert "side" in reasons(room(given(), mode=Mode.ARGUMENTATIVE))


def test_a_choice_shows_each_candidates_sum_and_what_of_it_counted_the_chosen_one_first() -> None:
    assert reasons(room(given(seat=2, choice=CHOICE))).splitlines() == [
        "Bob has the turn: of all it had the most for it, going by the words of the newest message (62% sure) "
        "and what is fair.",
        "1. Bob 1.10: fits the words +0.80, spoke last +0.30",
        "2. Ada -0.15: has waited +0.10, has had much of the floor -0.25",
        "3. Cy* 0.00: nothing in particular",
    ]


def test_what_judged_is_named() -> None:
    assert "a model" in reasons(room(given(choice=CHOICE.model_copy(update={"by": "model"}))))
    assert "means" in reasons(room(given(choice=CHOICE.model_copy(update={"by": "vectors"}))))


def test_a_turn_that_is_over_is_told_as_past_also_of_one_who_left() -> None:
    passed = Passed(turn=0, seat=1)
    assert reasons(room(given(Why.ASKED, "Sam"), passed)).startswith("Ada had the last turn")
    gone = reasons(room(given(Why.ASKED, "Sam"), passed, Left(seat=1, name="Ada")))
    assert gone == "An agent that left had the last turn: Sam asked it."


def test_names_are_made_safe_by_whoever_shows_them() -> None:
    shouted = reasons(room(given(seat=2, choice=CHOICE)), str.upper)
    assert "3. CY*" in shouted
