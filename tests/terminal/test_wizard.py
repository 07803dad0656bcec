"""Whoever is asked may answer in short, and learns in one plain sentence what an answer may be."""

import pytest

from rooms_bot.store.personas import read_library
from rooms_bot.terminal.flags import Wishes
from rooms_bot.terminal.plan import shelf
from rooms_bot.terminal.wizard import meant, wizard

SHIPPED = read_library().personas
ENTER = ""
MUTE = Wishes(
    name="Theo", background="A baker.", topic="Bread", mode="dynamic", turns="9", agents="Ada,Kenji", every="0"
)


async def answered(wishes: Wishes, *answers: str) -> tuple[Wishes, list[str]]:
    """What whoever answers so wishes in the end, and what they were told in between."""
    left, told = list(answers), list[str]()

    async def ask(question: str, words: object) -> str:
        del question, words
        return left.pop(0)

    wished = await wizard(wishes, shelf(SHIPPED, ()), ask, told.append)
    assert not left
    return wished, told


async def test_a_beginning_that_only_one_word_has_is_taken_for_it() -> None:
    wished, told = await answered(
        Wishes(name="Theo", background="A baker.", topic="Bread", turns="9", every="0"),
        "dyn",
        "ad, @KEN",
        "k",
        "",
        "Be brief, Kenji.",
    )
    assert (wished.mode, wished.agents) == ("dynamic", "Ada, Kenji")
    assert wished.instructions == ("Kenji=Be brief, Kenji.",)
    assert not told


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [("dyn", "dynamic"), ("DYNAMIC", "dynamic"), ("d", "d"), ("loud", "loud"), ("", ""), ("du, dy", "dull, dynamic")],
)
def test_what_could_be_several_or_none_stays_as_it_was_typed(typed: str, meaning: str) -> None:
    assert meant(typed, ["dynamic", "dull"]) == meaning


async def test_who_is_not_in_the_room_is_told_so_and_not_that_there_is_no_such_persona() -> None:
    _, told = await answered(MUTE, "Bob", "Noor", ENTER)
    assert told == [
        "Nobody here is called “Bob”. Here are: Ada, Kenji.",
        "Nobody here is called “Noor”. Here are: Ada, Kenji.",
    ]


async def test_a_wrong_answer_is_told_in_a_plain_sentence_and_asked_for_again() -> None:
    wished, told = await answered(MUTE, "Ada", "hot", "0.4", ENTER)
    assert told == ["The temperature is a number from 0 to 2, not “hot”."]
    assert wished.temperature == ("Ada=0.4",)
    _, told = await answered(Wishes(name="Theo", background="A baker."), "", "Bread", "no", "", "0", "", *[ENTER] * 3)
    assert told == [
        "Please say what the room is about.",
        "The mode is round_robin, argumentative or dynamic, not “no”.",
        "The turns are a whole number from 1 to 500, not “0”.",
    ]
