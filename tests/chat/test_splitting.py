"""How a long text becomes messages."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.chat.splitting import LIMIT, Split, split, whole
from rooms_bot.turns.prose import code

REOPENED = re.compile(r"```[\w+\-.#]*\n|>>> |> |-# ")


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def is_the_text(pieces: list[str], text: str) -> bool:
    """Whether the pieces make up the text but for white space and the marks that a seam adds.

    Every way of reading a mark as the text's own or as added is followed.
    """
    places = {0}
    want = bare(text)
    for number, piece in enumerate(pieces):
        mark = REOPENED.match(piece)
        heads = [piece, piece[mark.end() :]] if mark and number else [piece]
        forms = {bare(form) for head in heads for form in (head, head.removesuffix("\n```"))}
        places = {place + len(form) for place in places for form in forms if want.startswith(form, place)}
    return len(want) in places


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_lawful(whole: Split, text: str, limit: int, most: int) -> bool:
    assert len(whole.parts) <= most
    for part in whole.parts:
        assert part.strip()
        assert units(part) <= limit
        blocks = code(part)
        assert not blocks or blocks[-1].closed, part
    assert not whole.rest or len(whole.parts) == most
    pieces = [*whole.parts, whole.rest] if whole.rest else whole.parts
    return is_the_text(pieces, text)


WORDS = st.text(alphabet="abcdefg 。é🦊\u0301\u200d👩🏽🇩🇪<@123>", min_size=1, max_size=60)
PIECES = st.one_of(
    WORDS,
    st.text(max_size=20),
    st.sampled_from(
        [
            "\n",
            "\n\n",
            " ",
            "```",
            "\n```\n",
            "```python\n",
            "\n```js\nlet x = 1;\n  return x\n```\n",
            "`code here`",
            "`",
            "``",
            "> quoted words ",
            "\n> and more of it ",
            "\n>>> all ",
            "\n-# small print ",
            "\n- item one two ",
            "\n1. item ",
            "A sentence. Another one! ",
            "\\`",
            "x" * 90,
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, limit=st.integers(64, 200), most=st.integers(1, 6))
def test_parts_are_short_whole_in_themselves_and_together_the_text(text: str, limit: int, most: int) -> None:
    assert is_lawful(split(text, limit, most), text, limit, most)


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="`~\n >a", max_size=400), limit=st.integers(64, 90))
def test_even_texts_of_marks_alone_are_split_lawfully(text: str, limit: int) -> None:
    assert is_lawful(split(text, limit, 50), text, limit, 50)


def test_a_short_text_is_one_part_and_nothing_is_none() -> None:
    assert split("Hello.") == Split(["Hello."])
    assert split("x" * LIMIT) == Split(["x" * LIMIT])
    assert split("") == split(" \n ") == Split([])


def test_a_paragraph_is_a_better_place_than_a_line_a_sentence_or_a_word() -> None:
    assert split(f"{'a ' * 25}\n\n{'b. ' * 10}\nand {'c ' * 30}", 100).parts[0] == ("a " * 25).strip()
    assert split(f"{'a. ' * 20}\n{'b. ' * 30}", 100).parts[0] == ("a. " * 20).strip()
    assert split(f"{'a ' * 20}end. {'b ' * 60}", 80).parts[0] == "a " * 20 + "end."
    assert split("word " * 40, 64).parts[0] == ("word " * 12).strip()
    assert split("x" * 100, 64).parts == ["x" * 60, "x" * 40]


def test_sentences_of_scripts_without_spaces_are_seen() -> None:
    assert split("天气很好。" * 30, 64).parts[0] == "天气很好。" * 12


def test_a_fence_is_closed_and_reopened_with_its_language() -> None:
    lines = "\n".join(f"print({number})" for number in range(12))
    parts = split(f"Look:\n```python\n{lines}\n```\nThat is it.", 80).parts
    assert parts[0].startswith("Look:\n```python\nprint(0)\n")
    assert parts[0].endswith(")\n```")
    assert parts[1].startswith("```python\nprint(")
    assert parts[-1].endswith("That is it.")
    assert "".join(re.findall(r"print\(\d+\)\n", "\n".join(parts))).count("print") == 12


def test_indentation_survives_a_seam_within_code() -> None:
    source = "\n".join(f"    line_{number} = {number}" for number in range(12))
    parts = split(f"```python\n{source}\n```", 80).parts
    assert all(part.startswith("```python\n    line_") for part in parts)


def test_a_fence_that_fits_into_the_next_part_is_not_cut() -> None:
    fence = "```sql\nSELECT 1;\nSELECT 2;\n```"
    assert split(f"{'word ' * 14}\n\n{fence}", 90).parts[1] == fence


def test_no_part_is_an_empty_fence() -> None:
    for length in range(40, 110):
        for part in split(f"{'a' * length}\n```py\n{'b ' * 30}\n```\nend", 100).parts:
            assert not re.search(r"```(?:py)?\s*```", part)


def test_an_open_fence_is_closed_at_the_end() -> None:
    assert split("So:\n```py\nx = 1") == Split(["So:\n```py\nx = 1\n```"])
    assert split("three ``` in a line") == Split(["three ``` in a line"])


def test_a_quote_stays_a_quote() -> None:
    assert all(part.startswith("> word") for part in split("> " + "word " * 60, 100).parts)
    assert all(part.startswith(">>> word") for part in split(">>> " + "word word\n" * 30, 100).parts)
    assert not split("> short\n" + "word " * 30, 100).parts[1].startswith(">")


def test_inline_code_is_not_cut_where_another_place_is_near() -> None:
    parts = split("word " * 10 + "`one two three` " + "word " * 10, 64).parts
    assert all(part.count("`") % 2 == 0 for part in parts)


@pytest.mark.parametrize("sign", ["e\u0301", "👩\u200d🚀", "👍🏽", "🇩🇪", "<@123456789012345678>", "ก็"])
def test_what_is_one_sign_is_not_cut(sign: str) -> None:
    for part in split(sign * 100, 64, 100).parts:
        assert part.replace(sign, "") == ""


def test_a_sign_of_a_thousand_marks_is_cut_all_the_same() -> None:
    whole = split("z" + "\u0301" * 500, 64, 50)
    assert is_lawful(whole, "z" + "\u0301" * 500, 64, 50)


def test_signs_beyond_the_basic_plane_count_twice() -> None:
    assert all(units(part) <= LIMIT for part in split("🦊" * 3000).parts)
    assert len(split("🦊" * 1000).parts) == 1
    assert len(split("🦊" * 1001).parts) == 2


def test_what_is_beyond_the_most_parts_is_the_rest_and_can_be_read_alone() -> None:
    whole = split("```py\n" + "x = 1\n" * 2000 + "```")
    assert len(whole.parts) == 5
    assert whole.rest.startswith("```py\nx = 1\n")
    assert whole.rest.endswith("x = 1\n```")


def test_limits_without_room_for_marks_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        split("text", 10)
    with pytest.raises(ValueError, match="cannot carry"):
        split("text", most=0)


@pytest.mark.parametrize(
    "bit", ["`", "``` ", "```\n", "\n", "> ", "<", "` `` ", "a", "\n\t", ">>> ", "\\`", "1.", "\u0301", "👩\u200d"]
)
def test_hostile_texts_are_split_in_linear_time(bit: str) -> None:
    text = bit * (100_000 // len(bit))
    assert len(split(text).parts) <= 5


# What grows


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_what_is_whole_of_a_draft_is_its_beginning_and_its_fences_are_closed(text: str) -> None:
    shown = whole(text)
    assert text.startswith(shown) or text.startswith(shown.removesuffix("\n```"))
    blocks = code(shown)
    assert not blocks or blocks[-1].closed
    assert len(whole(text + "\n")) >= len(shown)


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("It rises. Then", "It rises."),
        ("It rises.", "It rises."),
        ("It is 3.", ""),
        ("See e.", ""),
        ("Why? Becau", "Why?"),
        ("天气很好。我", "天气很好。"),
        ("- flour\n- wat", "- flour"),
        ("> As she said.\n> And th", "> As she said."),
        ("So:\n```py\nx = 1. \ny", "So:\n```py\nx = 1.\n```"),
        ("So:\n```py\n", "So:"),
        ("Take `a. b` and", ""),
        ("", ""),
    ],
)
def test_a_draft_is_shown_up_to_its_last_whole_sentence_or_line(draft: str, shown: str) -> None:
    assert whole(draft) == shown


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.sampled_from(["- item one", "  - item below", "1. first", "> quoted", "* and so on"]), min_size=9)
)
def test_rows_of_lists_and_quotes_stay_rows(rows: list[str]) -> None:
    parts = split("\n".join(rows), 64, 500).parts
    kept = [row for part in parts for row in part.split("\n")]
    assert [row.strip() for row in kept] == [row.strip() for row in rows]
    first = {sum(part.count("\n") + 1 for part in parts[:at]) for at in range(len(parts))}
    assert all(row == rows[at] for at, row in enumerate(kept) if at not in first), (
        "Discord strips a message's ends only"
    )


@settings(max_examples=60, deadline=None)
@given(text=st.lists(PIECES, max_size=30).map("".join), times=st.integers(1, 60))
def test_what_discord_takes_is_at_most_five_messages_and_a_file(text: str, times: int) -> None:
    assert is_lawful(split(text * times), text * times, LIMIT, 5)
