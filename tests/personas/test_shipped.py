"""The personas that come with the program are good company."""

import re
from collections import Counter
from itertools import combinations
from math import log
from pathlib import Path

import pytest

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import SetupError
from rooms_bot.store import personas
from rooms_bot.store.faces import digest, face_for
from rooms_bot.store.persona_names import doubts
from rooms_bot.store.personas import Library, read_library, shipped_folder

LIBRARY = read_library()
AGENTS = list(LIBRARY.personas.values())
EVERYBODY = [*AGENTS, LIBRARY.moderator]

QUESTIONS = {
    "Ada": (
        "Why does our app crash whenever the database is slow?",
        "Can a chatbot write a mathematical proof?",
        "How do I keep hackers away from my password?",
    ),
    "Tomasz": (
        "What caused the first world war?",
        "Did factory workers gain anything from the great strikes?",
        "Why did so many empires fall after a revolution?",
    ),
    "Leilani": (
        "Which trees survive a long drought?",
        "Why are the bees and insects dying on farms?",
        "How much plastic ends up in the ocean?",
    ),
    "Yusuf": (
        "Why are rents and house prices rising faster than wages?",
        "Should I pay off my loan or start saving?",
        "What would a higher tax do to small business customers?",
    ),
    "Mirela": (
        "Is it illegal to record somebody without consent?",
        "Can my landlord put that clause into the contract?",
        "Should the police have to show evidence in court first?",
    ),
    "Kenji": (
        "I have had a headache and a fever for days, what is it?",
        "How can nurses avoid burnout and get enough sleep?",
        "Is running every day bad for the heart?",
    ),
    "Noor": (
        "Which novel should we read next?",
        "How do I write a good character for a play?",
        "Why do we find that film so beautiful?",
    ),
    "Ximena": (
        "Should children get less homework at school?",
        "How do I teach my students to love reading aloud?",
        "What can parents do against bullying in class?",
    ),
    "Thandiwe": (
        "Is that poll any good with such a small sample?",
        "Does correlation ever tell us anything about causation?",
        "How far away is the nearest galaxy?",
    ),
    "Ishaan": (
        "Does God exist, and does faith need reasons?",
        "What gives life meaning and makes us happy?",
        "Is lying ever morally right?",
    ),
}


SMALL = set(
    re.findall(
        r"\w+", "a and any are be can do does for how in is it my not of on or our so that the to us we what why with"
    )
)


def stems(text: str) -> set[str]:
    """Words without their plainest endings: enough to count what two texts share."""
    words = set(re.findall(r"[a-z]{2,}", text.casefold())) - SMALL
    return {re.sub(r"(ing|ed|es|s|e|y|ly)$", "", word) for word in words}


def card(persona: Persona) -> set[str]:
    return stems(" ".join((persona.role, *persona.expertise, *persona.expansion)))


CARDS = {persona.name: card(persona) for persona in AGENTS}
HOLDERS = Counter(stem for words in CARDS.values() for stem in words)


def fitting(question: str) -> list[str]:
    """Names, the one whose card shares most with the question first; rarer words count more."""
    asked = stems(question)
    worth = {name: sum(log(1 + len(CARDS) / HOLDERS[stem]) for stem in asked & words) for name, words in CARDS.items()}
    return sorted(worth, key=lambda name: -worth[name])


def test_there_are_ten_and_a_moderator_and_nothing_to_complain_of() -> None:
    assert len(AGENTS) == 10
    assert LIBRARY.moderator.name == "Moderator"
    assert LIBRARY.problems == ()
    assert LIBRARY.warnings == ()


def test_an_installed_package_finds_its_own_personas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "rooms_bot"
    (installed / "store").mkdir(parents=True)
    monkeypatch.setattr(personas, "__file__", str(installed / "store" / "personas.py"))
    with pytest.raises(SetupError):
        shipped_folder()
    for folder in (tmp_path / "personas", installed / "shipped_personas"):
        folder.mkdir()
        (folder / "moderator.md").write_text("---\nname: Moderator\n---\nYou.")
        assert shipped_folder() == folder


@pytest.mark.parametrize("persona", AGENTS, ids=lambda persona: persona.name)
def test_each_is_a_whole_character(persona: Persona) -> None:
    assert 6 <= len(persona.expertise) <= 12
    assert 30 <= len(persona.expansion) <= 60
    assert persona.model is None
    assert persona.temperature is not None
    assert 0.4 <= persona.temperature <= 1
    assert persona.role
    assert persona.greeting
    assert "\n" not in persona.greeting
    assert persona.description.startswith("Helps ")
    assert persona.description.count(".") == 1
    assert 150 <= len(persona.prompt.split()) <= 300
    assert list(doubts(persona.name)) == []


@pytest.mark.parametrize("persona", AGENTS, ids=lambda persona: persona.name)
def test_each_knows_at_least_two_of_the_others_by_name(persona: Persona) -> None:
    others = set(LIBRARY.names()) - {persona.name}
    assert len({name for name in others if name in persona.prompt}) >= 2


@pytest.mark.parametrize("persona", EVERYBODY, ids=lambda persona: persona.name)
def test_the_first_sentence_says_who_is_speaking(persona: Persona) -> None:
    first = persona.prompt.split(".")[0]
    assert first.startswith(("You are " + persona.name, "You are the " + persona.name))
    assert len(first.split()) <= 14


@pytest.mark.parametrize("persona", EVERYBODY, ids=lambda persona: persona.name)
def test_each_has_a_face_of_its_own(persona: Persona) -> None:
    assert persona.avatar is not None
    assert digest(face_for(persona.name, persona.avatar)) != digest(face_for(persona.name))
    assert len({digest(face_for(other.name, other.avatar)) for other in EVERYBODY}) == len(EVERYBODY)


def test_an_argument_has_sides_to_take() -> None:
    stances = Counter(persona.stance for persona in AGENTS)
    assert stances["for"] == stances["against"] == 3
    assert len(stances) >= 5


def test_no_two_cards_say_much_the_same() -> None:
    for one, other in combinations(CARDS.values(), 2):
        assert len(one & other) / min(len(one), len(other)) < 0.25


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_plain_question_finds_its_expert(name: str) -> None:
    for question in QUESTIONS[name]:
        assert fitting(question)[0] == name, question


def test_a_library_looks_names_up_in_any_case() -> None:
    library: Library = LIBRARY
    assert library.get(" aDA ") is library.personas["ada"]
    assert library.get("Moderator") is None
    assert library.get("nobody") is None
