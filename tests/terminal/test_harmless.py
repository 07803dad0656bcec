"""What models and members write does nothing to the terminal it is shown on."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from rooms_bot.terminal.harmless import harmless, one_line

PIECES: SearchStrategy[str] = st.one_of(
    st.text(), st.sampled_from(["\x1b", "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\x90q\x9c", "\r", "\u202e", "[2J"])
)


@given(st.lists(PIECES).map("".join))
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    left = harmless(text)
    assert not {char for char in left if category(char) in ("Cc", "Cs") and char != "\n"}
    assert not set(left) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert harmless(left) == left
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;another title\x07words", "words"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", ""),
        ("\x9b2Jgone", "gone"),
        ("over\rwritten\x08\x08", "over\nwritten"),
        ("a\tb", "a   b"),
        ("naïve 日本語 👩‍🔬 ünïcode\nand a line", "naïve 日本語 👩‍🔬 ünïcode\nand a line"),
    ],
)
def test_words_stay_and_sequences_go_whole(text: str, left: str) -> None:
    assert harmless(text) == left
