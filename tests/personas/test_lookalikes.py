"""Names that people cannot tell apart are one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.domain.lookalikes import looks_like, readable
from rooms_bot.engine.naming import distinct
from rooms_bot.store.persona_names import taken


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ada", "Ada"),
        ("Аda", "Ada"),  # a Cyrillic А
        ("Adа", "ADA"),  # a Cyrillic а
        ("Ａｄａ", "Ada"),
        ("A\u200bd\u2060a", "Ada"),
        ("A d-a.", "Ada"),
        ("𝒜da", "Ada"),
        ("A\ufe0fda", "Ada"),
        ("Ád̈a", "Ada"),
        ("Roоms", "Rooms"),  # a Cyrillic о
        ("R00ms", "Rooms"),
        ("lris", "Iris"),
        ("Kern", "Kem"),
        ("ВАДИМ", "вадим"),
        ("Ꭺda", "ada"),
        ("🅰🅳🅐", "ada"),
        ("\u200b", "\u200b"),
    ],
)
def test_these_look_alike(name: str, other: str) -> None:
    assert looks_like(name, ["Zoe", other])
    assert looks_like(other, [name])


@pytest.mark.parametrize(
    ("name", "other"),
    [("Ada", "Bea"), ("Ada", "Ada (agent)"), ("Ada 2", "Ada"), ("कि", "का"), ("か", "が"), ("🙂", "🙃"), ("艾", "爱")],
)
def test_these_do_not(name: str, other: str) -> None:
    assert not looks_like(name, [other])


@given(st.text(min_size=1, max_size=20), st.sampled_from(["upper", "lower", "title"]))
def test_every_name_looks_like_itself(name: str, case: str) -> None:
    assert looks_like(name, [name])
    readable(name)
    assert looks_like(name.casefold(), [getattr(name, case)().casefold(), name])


@pytest.mark.parametrize("name", ["Clyde", "Сlyde", "ｄiscord", "D i s c o r d", "Everyone", "ѕystem", "human", "ALL"])
def test_names_that_mean_something_else_are_taken_in_any_letters(name: str) -> None:
    assert taken(name)


@pytest.mark.parametrize("name", ["Ali", "Theresa", "Every one", "Alla"])
def test_names_that_only_resemble_them_are_not(name: str) -> None:
    assert not taken(name)


def test_an_agent_is_told_apart_from_people_and_from_agents() -> None:
    assert distinct("Ada", ["Bea"], ["Sam"]) == "Ada"
    assert distinct("Ada", ["Аda"], []) == "Ada 2"
    assert distinct("Ada", [], ["аda"]) == "Ada (agent)"
    assert distinct("Ada", ["Ada (agent)"], ["Ada"]) == "Ada (agent) 2"
    assert distinct("Ada", [], ["Ada", "Ada (agent)"]) == "Ada (agent) 2"
    assert distinct("Ada (agent)", [], ["Ada (agent)"]) == "Ada (agent) 2"
    assert len(distinct("x" * 80, [], ["x" * 80])) == 80
