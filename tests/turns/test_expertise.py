"""Whose expertise a message is about."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.routing import Ranked, Shipped, scorer
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Seat
from rooms_bot.turns.expertise import rank

FOLDER = Path(__file__).parents[3] / "shared" / "routing"


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
    Rei=["天ぷら", "お寿司を握ります"],
    Nour=["الطبخ", "خبز"],
    Meera=["खाना", "रसोई"],
    Jo=["날씨", "일기예보"],
    Somchai=["อาหาร", "ก๋วยเตี๋ยว"],
    Olga=["погода", "прогноз на неделю"],
    Pal=["how are you", "who is it"],
    Blank=[],
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
        ("寿司はどこですか", "Rei"),
        ("ここにあります", None),
        ("أحب الطبخ كثيرا", "Nour"),
        ("من أين هذا الخبز", "Nour"),
        ("मुझे खाना पसंद है", "Meera"),
        ("오늘 날씨가 어때요?", "Jo"),
        ("ฉันชอบอาหารไทย", "Somchai"),
        ("Какая завтра погода?", "Olga"),
        ("и на ней", None),
        ("how are you doing", "Pal"),
        ("a flaw in the plan", None),
        ("the claw", None),
        ("", None),
        ("… ?!", None),
        ("up there with all of them", None),
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


def test_idle_words_tell_something_where_a_phrase_is_nothing_else() -> None:
    room = seats(Pal=["who are you"], Ada=["who and where you are among the stars"])
    assert best("and who are you", room) == "Pal"
    assert best("and who are you", room[1:] + seats(Bob=["cells"])) is None
    assert best("you and your stars", room) == "Ada"


def test_all_of_a_card_counts_and_the_prompt_does_not() -> None:
    personas = [
        Persona(name="Ada", role="astronomer", prompt="You love bread and cooking."),
        Persona(name="Bob", role="baker", expansion=("sourdough", "oven")),
        Persona(name="Cleo", description="Helps with taxes and what to do about an oven."),
    ]
    room = [Seat(id=number, name=one.name, persona=one) for number, one in enumerate(personas, 1)]
    assert best("any astronomers here?", room) == "Ada"
    assert best("my sourdough failed", room) == "Bob"
    assert best("do I pay tax?", room) == "Cleo"
    assert best("an oven", room) == "Bob"
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


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_was_ranked_before_does_not_matter(text: str, other: str) -> None:
    before = rank(text, ROOM)
    rank(other, ROOM[2:5])
    assert rank(text, ROOM) == before


# The labelled conversations


@pytest.fixture(scope="module")
def score() -> ModuleType:
    if not FOLDER.is_dir():
        pytest.skip(f"the labelled conversations are not at {FOLDER}")
    return scorer(FOLDER)


def conversations(name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a set, and its cards."""
    path = FOLDER / "data" / f"{name}.jsonl"
    cards = FOLDER / "data" / "cards" / f"{name.removesuffix('_multi')}.json"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()], json.loads(cards.read_text("utf-8"))


def test_the_right_one_speaks_in_86_of_100_and_in_93_of_dialogues(score: ModuleType) -> None:
    sets, kinds = [], dict[str, list[float]]()
    for name in ("clinc10", "clinc10_multi", "sgd8", "xsid_de", "xsid_en", "xsid_zh"):
        rows, cards = conversations(name)
        shipped = Shipped(cards)
        hits = [score.hit(shipped.decide(row["room"], row["messages"]), row["label"], 1) for row in rows]
        sets.append(fmean(hits))
        for row, hit in zip(rows, hits, strict=True):
            kinds.setdefault(f"{name} {score.kind(row)}", []).append(hit)
    assert fmean(sets) >= 0.86
    for kind in ("first", "follow-up", "switch"):
        assert fmean(kinds[f"sgd8 {kind}"]) >= 0.93


@pytest.mark.parametrize("name", ["clinc10", "xsid_de", "xsid_en", "xsid_zh"])
def test_who_is_trusted_is_right_and_who_is_not_is_often_wrong(score: ModuleType, name: str) -> None:
    rows, cards = conversations(name)
    ranked, hits = Ranked(cards), list[tuple[float, float]]()
    for row in rows:
        hit = score.hit(ranked.decide(row["room"], row["messages"]), row["label"], 1)
        hits.append((ranked.rank(row["room"], row["messages"]).confidence, hit))
    sure = [hit for confidence, hit in hits if confidence >= 0.4]
    unsure = [hit for confidence, hit in hits if confidence < 0.1]
    assert fmean(sure) >= 0.97
    assert fmean(unsure) <= 0.5
