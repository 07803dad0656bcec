"""Whose expertise a message is about."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.turns.expertise import rank

DATA = Path(__file__).parents[3] / "shared" / "routing" / "data"


def seats(**cards: Sequence[str]) -> list[Seat]:
    """One for each name, with these phrases as its expertise."""
    personas = [Persona(name=name, expertise=tuple(phrases)) for name, phrases in cards.items()]
    return [Seat(id=number, name=persona.name, persona=persona) for number, persona in enumerate(personas, 1)]


def best(text: str, room: Sequence[Seat]) -> str | None:
    """Who has the highest score, if anybody has it alone."""
    scores = rank(text, room).scores
    top = [seat.name for seat in room if scores[seat.id] == max(scores.values())]
    return top[0] if len(top) == 1 else None


ROOM = seats(
    Coder=["C++", "C#", "compilers", "software engineering"],
    Lawyer=["law", "contracts", "copyright"],
    Cook=["cooking", "crème brûlée", "bread"],
    Banker=["bank account", "interest rate"],
    Aida=["天气", "预报", "下雨"],
    Nour=["الطبخ", "الخبز"],
    Meera=["खाना", "रसोई"],
    Jo=["날씨", "일기예보"],
)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Is C++ still taught?", "Coder"),
        ("or c# then", "Coder"),
        ("which compiler do you use", "Coder"),
        ("Does the LAW allow it?", "Lawyer"),
        ("these laws are odd", "Lawyer"),
        ("who signs a contract like this", "Lawyer"),
        ("a creme brulee, please", "Cook"),
        ("CRE\u0300ME bru\u0302le\u0301e", "Cook"),
        ("I cooked for six", "Cook"),
        ("what is the interest on it", "Banker"),
        ("Bankkonten und Banken", "Banker"),
        ("明天会下雨吗？", "Aida"),
        ("أحب الطبخ كثيرا", "Nour"),
        ("मुझे खाना पसंद है", "Meera"),
        ("오늘 날씨가 어때요?", "Jo"),
        ("a flaw in the plan", None),
        ("the claw", None),
        ("", None),
        ("… ?!", None),
        ("what is it that you do there", None),
    ],
)
def test_the_expert_is_found_in_any_script_by_whole_words_and_their_forms(text: str, who: str | None) -> None:
    assert best(text, ROOM) == who


def test_what_all_of_them_know_tells_nothing_between_them() -> None:
    room = seats(Ada=["science", "stars"], Bob=["science", "cells"])
    assert rank("science", room).confidence == 0
    assert best("science of cells", room) == "Bob"


def test_a_whole_phrase_says_more_than_a_word_of_it() -> None:
    room = seats(Rita=["credit card"], Dan=["playing card", "card tricks"])
    assert best("my credit card", room) == "Rita"


def test_role_and_expansion_count_and_the_prompt_does_not() -> None:
    personas = [
        Persona(name="Ada", role="astronomer", prompt="You love bread and cooking."),
        Persona(name="Bob", role="baker", expansion=("sourdough", "oven")),
    ]
    room = [Seat(id=number, name=one.name, persona=one) for number, one in enumerate(personas, 1)]
    assert best("any astronomers here?", room) == "Ada"
    assert best("my sourdough failed", room) == "Bob"
    assert best("cooking", room) is None


def test_a_persona_without_a_card_has_a_score_of_nothing() -> None:
    room = seats(Ada=["stars"], Blank=[])
    assert rank("stars", room).scores[2] == 0
    assert rank("stars", seats(Blank=[])).confidence == 0


def test_nobody_is_ranked_where_nobody_sits() -> None:
    assert rank("anything", []).scores == {}


def test_confidence_grows_with_the_distance_of_the_best_two() -> None:
    weak, strong = rank("a rate of it", ROOM), rank("interest rate of my bank account", ROOM)
    assert 0 < weak.confidence < strong.confidence < 1


def test_a_long_speech_is_not_certain_because_it_is_long() -> None:
    speech = "The contract says bread, and software, and a rate, and so it goes on. " * 40
    assert rank(speech, ROOM).confidence < 0.2


@given(st.text(max_size=200), st.integers(1, len(ROOM)))
def test_every_seat_has_a_score_and_confidence_is_a_share(text: str, count: int) -> None:
    ranking = rank(text, ROOM[:count])
    assert list(ranking.scores) == [seat.id for seat in ROOM[:count]]
    assert all(score >= 0 for score in ranking.scores.values())
    assert 0 <= ranking.confidence < 1


@given(st.text(max_size=60))
def test_the_order_of_seats_does_not_matter(text: str) -> None:
    there, back = rank(text, ROOM), rank(text, ROOM[::-1])
    assert all(there.scores[seat] == pytest.approx(back.scores[seat]) for seat in there.scores)


def test_twelve_seats_are_ranked_in_well_under_a_millisecond() -> None:
    room = (ROOM * 2)[:12]
    room = [seat.model_copy(update={"id": number}) for number, seat in enumerate(room, 1)]
    text = "could you tell me what the interest rate of a bank account is when the contract ends"
    rank(text, room)
    times = []
    for _ in range(200):
        start = perf_counter()
        rank(text, room)
        times.append(perf_counter() - start)
    assert sorted(times)[100] < 0.001


# The labelled conversations


def conversations(name: str) -> tuple[list[dict[str, object]], dict[str, Persona]]:
    path = DATA / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip(f"the labelled conversations are not at {DATA}")
    cards = json.loads((DATA / "cards" / f"{name.removesuffix('_multi')}.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return rows, {label: _persona(card) for label, card in cards.items()}


def _persona(card: Mapping[str, str]) -> Persona:
    return Persona(
        name=card["name"],
        role=card["role"],
        expertise=tuple(card["keywords"]),
        expansion=tuple(dict.fromkeys(card.get("expansion", "").split()))[:100],
    )


@pytest.mark.parametrize(
    ("name", "least"), [("clinc10", 0.80), ("xsid_en", 0.80), ("xsid_de", 0.80), ("xsid_zh", 0.90)]
)
def test_the_expert_of_a_single_question_is_found(name: str, least: float) -> None:
    rows, personas = conversations(name)
    right, sure, sure_right = 0, 0, 0
    for row in rows:
        room: list[str] = row["room"]  # type: ignore[assignment]
        seated = [Seat(id=at, name=label, persona=personas[label]) for at, label in enumerate(room, 1)]
        ranking = rank(row["messages"][-1]["text"], seated)  # type: ignore[index]
        hit = room[max(ranking.scores, key=ranking.scores.__getitem__) - 1] == row["label"]
        right += hit
        sure += ranking.confidence >= 0.4
        sure_right += hit and ranking.confidence >= 0.4
    assert right / len(rows) >= least
    assert sure_right / sure >= 0.95 - 0.06 * name.startswith("xsid")
