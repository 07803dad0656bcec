"""What may be posted of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.agents.cleaning import clean, ran_out, thought_of

LABELS = ("Ada: ", "Ada, in reply to Theo: ", "**Mara:** ", "[Theo]: ", "[Ada] ", "user:", "Ada", ":", "*", "(", ")")
MARKS = ("<think>", "</think>", "<start_of_turn>", "<th", "ink>", "</s>", "```")
PROSE = ("\n", "I think so. ", "no end", " ", ".", "。", '"', "“", "”", "4.", "- ")
PIECES = st.sampled_from((*LABELS, *MARKS, *PROSE))
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


def said(text: str, cut: bool = False) -> str:
    return clean(text, "Ada", ["Mara", "Theo", "Elena (The Lawyer)"], cut)


@given(TEXTS, st.booleans())
def test_anything_can_be_cleaned_and_only_once(text: str, cut: bool) -> None:
    once = said(text, cut)
    assert said(once, cut) == once


@given(TEXTS)
def test_nothing_is_added(text: str) -> None:
    assert len(said(text)) <= len(text)


@pytest.mark.parametrize(
    "prefix",
    [
        "Ada: ",
        "**Ada:** ",
        "[Ada]: ",
        "[Ada] ",
        "Ada says: ",
        "> Ada: ",
        "ada:",
        "Ada (engineer): ",
        "Ada, in reply to Theo: ",
    ],
)
def test_ones_own_name_is_no_part_of_what_one_says(prefix: str) -> None:
    assert said(f"{prefix}Yes, but slowly.") == "Yes, but slowly."


@pytest.mark.parametrize(
    "label", ["Mara:", "**Theo**:", "[Mara]:", "[Mara]", "User:", "Elena (The Lawyer):", "Theo (member):"]
)
def test_what_goes_on_in_anothers_name_is_cut_there(label: str) -> None:
    assert said(f"I agree with Mara: it is late.\n{label} So do I.\nAda: Fine.") == "I agree with Mara: it is late."


def test_a_line_that_speaks_to_another_is_ones_own() -> None:
    text = "I agree.\nMara, to be honest: it is late."
    assert said(text) == text


def test_of_a_dialogue_ones_own_part_is_kept() -> None:
    assert said("Mara: Who pays?\nAda: The city.\nTheo: Hm.") == "The city."


def test_an_answer_that_begins_with_anothers_name_is_an_answer_to_them() -> None:
    assert said("Mara: that is not how it works.") == "that is not how it works."


@pytest.mark.parametrize(
    "text",
    [
        "<think>Hm.\nMara: what?</think>Yes.",
        "So I was told.</think>\nYes.",
        "<thinking>a</thinking> Yes.",
        "Yes.<think>and",
    ],
)
def test_thoughts_are_not_said(text: str) -> None:
    assert said(text) == "Yes."


@pytest.mark.parametrize(
    ("text", "thought"),
    [
        ("<think>Hm.\nMara: what?</think>Yes.", "Hm.\nMara: what?"),
        ("So I was told.</think>\nYes.", "So I was told."),
        ("<thinking>a</thinking> Yes. <think>b", "a\n\nb"),
        ("<think> </think>Yes.", ""),
        ("Yes.", ""),
    ],
)
def test_thoughts_can_be_kept_apart_from_what_is_said(text: str, thought: str) -> None:
    assert thought_of(text) == thought


@given(TEXTS)
def test_nothing_that_is_said_is_a_thought(text: str) -> None:
    assert thought_of(said(text)) == ""


@pytest.mark.parametrize("text", ['"Yes, but slowly."', "“Yes, but slowly.”", "Ada: „Yes, but slowly.“"])
def test_what_one_says_oneself_is_no_quotation(text: str) -> None:
    assert said(text) == "Yes, but slowly."


def test_quotations_within_an_answer_stay() -> None:
    text = '"Slowly" is not "never"'
    assert said(text) == text


def test_a_sentence_is_said_at_most_twice() -> None:
    assert said("It is the cost. " * 5 + "And the time.") == "It is the cost. It is the cost. And the time."


def test_code_may_repeat_itself() -> None:
    code = "```\nprint('it is the same')\nprint('it is the same')\nprint('it is the same')\n```"
    assert said(code) == code


def test_short_interjections_may_be_repeated() -> None:
    assert said("No. No. No. Never.") == "No. No. No. Never."


def test_an_answer_that_ran_out_ends_with_its_last_whole_sentence() -> None:
    assert said("It works. It is cheap! And then we", cut=True) == "It works. It is cheap!"
    assert said("It costs 3.5 million and", cut=True) == "It costs 3.5 million and"
    assert said("It works. And then we") == "It works. And then we"


def test_an_answer_that_ran_out_ends_with_no_empty_item_of_a_list() -> None:
    assert said("Two things. 1. It works. 2. It is cheap. 3.", cut=True) == "Two things. 1. It works. 2. It is cheap."
    assert said("Two things:\n- It works.\n-", cut=True) == "Two things:\n- It works."
    assert said("Two things: 1. It works, but 2.", cut=True) == "Two things: 1. It works, but 2."


def test_it_ran_out_when_the_limit_is_reached() -> None:
    assert ran_out(90, 90)
    assert not ran_out(89, 90)
    assert not ran_out(900, None)


def test_names_and_colons_within_sentences_are_left_alone() -> None:
    text = "Two things, Mara: cost and time. As Theo said: later."
    assert said(text) == text


def test_a_long_answer_is_cleaned_quickly() -> None:
    assert said("*" * 50_000) == "*" * 50_000
    assert said("<think>" * 5_000) == ""
    assert len(said("word. " * 10_000)) > 50_000


@pytest.mark.parametrize(
    "text",
    [
        "Where we stand:\n- **Bob**: for it.\n- **Carol**: against.\nOpen: the cost.",
        "It reads:\n```yaml\nservices:\nuser: root\n```\nThat is all.",
        "Three parts:\n* User: sends a request\n* System: answers it",
    ],
)
def test_lists_and_code_that_name_people_are_no_speech_of_theirs(text: str) -> None:
    assert clean(text, "Ada", ("Bob", "Carol")) == text
