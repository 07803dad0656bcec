"""Whoever asks why an agent has the turn is told, in words, by whom or by what it came to it."""

from datetime import UTC, datetime

import pytest

from rooms_bot.domain.events import (
    Candidate,
    Choice,
    Configured,
    Event,
    Happening,
    Joined,
    Left,
    Opened,
    Passed,
    Planned,
    Said,
    Why,
)
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
        *(Joined(seat=seat(number, name)) for number, name in enumerate(("Ada", "Bob", "Cy*"), 1)),
    ]
    return fold(Event(index=index, at=NOW, what=what) for index, what in enumerate((*first, *more)))


def seat(number: int, name: str) -> Seat:
    return Seat(id=number, name=name, persona=Persona(name=name))


def given(why: Why = Why.MODE, by: str = "", seat: int = 1, choice: Choice | None = None) -> Planned:
    return Planned(turn=0, seat=seat, why=why, by=by, choice=choice)


def test_before_the_first_turn_there_is_nothing_to_explain() -> None:
    assert reasons(room()) == "No agent has had a turn yet."


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.ASKED, "Sam asked it"),
        (Why.FORCED, "Sam gave it the turn"),
        (Why.AGAIN, "Sam asked for another answer"),
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
        "Bob has the turn: it scored highest, by the words of the newest message (62 % sure) and by whose turn it was.",
        "1. Bob 1.10: fits the words +0.80, spoke last +0.30",
        "2. Ada -0.15: has waited +0.10, has had much of the floor -0.25",
        "3. Cy* 0.00: nothing in particular",
    ]


def test_where_what_judged_tells_little_it_was_about_whose_turn_it_was() -> None:
    first = reasons(room(given(seat=2, choice=CHOICE.model_copy(update={"confidence": 0.14})))).splitlines()[0]
    assert first == (
        "Bob has the turn: the words of the newest message left it open, so it was about whose turn it was."
    )


def test_of_one_candidate_there_is_nothing_to_weigh_and_the_others_are_told_with_what_kept_them() -> None:
    alone = Choice(by="words", confidence=0.4, candidates=CHOICE.candidates[:1])
    state = room(
        Joined(seat=Seat(id=4, name="Di", persona=Persona(name="Di", talkativeness=0.3))),
        Joined(seat=Seat(id=5, name="Eve", persona=Persona(name="Eve", talkativeness=0))),
        Configured(seat=seat(3, "Cy*"), muted=True),
        given(Why.ASKED, "Sam"),
        Said(turn=0, seat=1, text="Tea."),
        given(seat=2, choice=alone),
    )
    now = reasons(state).splitlines()
    assert now == [
        "Bob has the turn: nobody else could speak.",
        "No candidates: Ada (spoke last), Cy* (only listens), Di (held back: talkativeness 0.3), "
        "Eve (speaks only when asked).",
    ]


def test_who_spoke_last_is_told_also_once_the_turn_is_over() -> None:
    two = Choice(by="words", confidence=0.4, candidates=CHOICE.candidates[:1] + CHOICE.candidates[2:])
    happened = (given(Why.ASKED, "Sam"), Said(turn=0, seat=1, text="Tea."), given(seat=2, choice=two))
    assert reasons(room(*happened, Said(turn=0, seat=2, text="Milk."))).endswith("\nNo candidates: Ada (spoke last).")


def test_a_mode_that_has_changed_since_is_not_the_one_that_chose() -> None:
    old = given().model_copy(update={"mode": Mode.ROUND_ROBIN})
    assert "next in order" in reasons(room(old, mode=Mode.ARGUMENTATIVE))


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
