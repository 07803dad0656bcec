"""What is shown of an answer while it grows need not be taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.agents.cleaning import clean
from rooms_bot.agents.drafts import showable
from rooms_bot.turns.passing import is_pass

OTHERS = ("Kenji", "Theo")
PARTS = (
    "Ada",
    "Kenji",
    ":",
    " said",
    "PASS",
    "**",
    ".",
    " ",
    "\n",
    "<think>",
    "hm",
    "</think>",
    "Well",
    " (nurse)",
    "```",
)


def shown(answer: str) -> list[str]:
    """What stands there after each character."""
    return [showable(answer[:end], "Ada", OTHERS) for end in range(1, len(answer) + 1)]


@pytest.mark.parametrize(
    "answer", ["PASS", "pass.", "**PASS**", "“Pass”", "```text\nPASS\n```", "<think>no</think>\nPASS", "PASS\nAda"]
)
def test_a_pass_never_flashes_up(answer: str) -> None:
    assert set(shown(answer)) == {""}


def test_a_thought_and_ones_own_name_are_never_shown() -> None:
    seen = shown("<think>Ada: what now?</think>Ada (engineer): Passing buses.")
    assert all("Passing buses.".startswith(one) for one in seen)
    assert seen[-1] == "Passing buses."


def test_what_an_agent_says_for_others_is_not_shown_even_for_a_moment() -> None:
    seen = shown("Yes.\n\nKenji said: No.")
    assert set(seen[4:]) == {"Yes."}


def test_who_only_speaks_of_others_is_shown() -> None:
    seen = shown("Kenji is right")
    assert seen[6:9] == ["Kenji i", "Kenji is", "Kenji is"]
    assert seen[-1] == "Kenji is right"


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), st.data())
def test_only_what_cleaning_leaves_is_shown(answer: str, data: st.DataObject) -> None:
    part = answer[: data.draw(st.integers(0, len(answer)))]
    seen = showable(part, "Ada", OTHERS)
    assert clean(part, "Ada", OTHERS).startswith(seen) or "<" in part
    assert not is_pass(seen)
    whole = f"{answer} and that is all"
    left = clean(whole, "Ada", OTHERS)
    seen = showable(whole, "Ada", OTHERS)
    assert left.startswith(seen)
    assert seen in ("", left) or not left.endswith("that is all"), "all of it, unless its end is cut off"
