"""What counts as a PASS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms_bot.turns.passing import is_pass

DRESS = st.text(alphabet=" \t\n\r\u200b\u3000\"'`*_~>#-([{<)]}«»“”„‘’「」『』【】.!?…,;:。！？．，、|", max_size=30)


@pytest.mark.parametrize(
    "text",
    [
        "PASS",
        "pass",
        "Pass",
        " PASS \n",
        "PASS.",
        "Pass!",
        "PASS…",
        "pass。",
        "ＰＡＳＳ！",
        "**PASS**",
        "__pass__",
        "***PASS***.",
        "`PASS`",
        "> PASS",
        "~~PASS~~",
        "||pass||",
        "```\nPASS\n```",
        "```text\nPASS\n```",
        "~~~\nPASS\n~~~",
        "```PASS```",
        "```PASS\n```",
        "(pass)",
        "[PASS]",
        "<PASS>",
        "{PASS}",
        "“PASS”",
        "„Pass“",
        "«PASS»",
        "「PASS」",
        "【PASS】",
        "'pass.'",
        "# PASS",
        "- PASS",
        r"\*PASS\*",
        "\ufeffPASS\u200b",
    ],
)
def test_the_word_alone_is_a_pass_however_it_is_dressed(text: str) -> None:
    assert is_pass(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "...",
        "PASS - nothing to add",
        "PASS, because Ada has said it all.",
        "We must not PASS on security",
        "I pass",
        "PASS PASS",
        "PASS\nBut one thing:",
        "passing",
        "bypass",
        "P A S S",
        "paß",
        "passé",
        "PASS 2",
        "@pass",
        "PASS 🙂",
        "```python\npass\nprint()\n```",
        "P**AS**S",
        "пасс",
    ],
)
def test_what_merely_contains_the_word_or_nothing_is_not_a_pass(text: str) -> None:
    assert not is_pass(text)


@given(before=DRESS, word=st.sampled_from(["PASS", "pass", "Pass", "pAsS"]), after=DRESS)
def test_any_dress_around_the_word_leaves_it_a_pass(before: str, word: str, after: str) -> None:
    assert is_pass(before + word + after)


@given(st.text(), st.from_regex(r"[^\W_]{1,20}", fullmatch=True))
def test_any_other_word_beside_it_makes_it_an_answer(text: str, word: str) -> None:
    assert not is_pass(f"PASS {word} {text}")
    assert not is_pass(f"{text} {word} PASS")


def test_a_long_answer_is_judged_in_linear_time() -> None:
    assert is_pass("*" * 500_000 + "PASS" + "`" * 500_000)
    assert not is_pass("```" + "\n" * 500_000 + "PASS and more")
