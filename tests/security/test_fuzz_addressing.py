"""Who a text is to, whatever the text and whatever the names: never a fault, never much work, never a quoted name."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms_bot.chat.escaping import outgoing, plain, webhook_name
from rooms_bot.turns.addressing import Named, addressed, calls, cited
from tests.security.counting import calls_of
from tests.security.fuzzing import examples

NAMES = st.text(min_size=1, max_size=20) | st.sampled_from(
    [
        "Ada",
        "Ada Lovelace",
        "Al",
        "Al Green",
        "Al Green (The Lawyer)",
        "all",
        "@x",
        "a.b",
        "艾达",
        "Zoë",
        "🦊",
        "``",
        "> x",
    ]
)
BITS = st.one_of(
    st.sampled_from(
        ["@", "<@1>", "<@!2>", "@all", "@Al Green", "@Ada", "Ada, ", ", Ada", "Ada?", "and ", "hey ", "a@b.c"]
    ),
    st.sampled_from(["`", "``", "```", "\n```\n", "> ", ">>> ", "\n", " ", "\\", "https://", "www.", "(", "*", "["]),
    st.text(max_size=8),
)
TEXTS = st.lists(BITS, max_size=30).map("".join)
PLAIN = st.text(alphabet="abcxyz ,.!?\n", max_size=40)


@examples(200)
@example(text="@" * 50, names=["@", "@@", "\u200b"], vocative=True)
@example(text="@İ, İ", names=["İ", "i̇"], vocative=True)
@given(text=TEXTS, names=st.lists(NAMES, max_size=6), vocative=st.booleans())
def test_any_text_and_any_names_are_read(text: str, names: list[str], vocative: bool) -> None:
    people = [Named(number, name) for number, name in enumerate(names)]
    found = addressed(text, people, vocative=vocative, speaker=0)
    assert len(set(found)) == len(found)
    assert set(found) <= {*range(1, len(names))}
    assert cited(text, people) <= {*range(len(names))}
    for call in calls(text, people, vocative=vocative):
        assert 0 <= call.start <= call.name <= call.end <= len(text)


@examples(100)
@given(before=PLAIN, after=PLAIN)
def test_the_longest_name_that_stands_there_is_meant(before: str, after: str) -> None:
    people = [Named(number, name) for number, name in enumerate(("Al", "Al Green", "Al Green (The Lawyer)"))]
    for number, name in enumerate(("Al", "Al Green", "Al Green (The Lawyer)")):
        assert addressed(f"{before} @{name}; {after}", people, vocative=False) == (number,)


@examples(100)
@given(text=TEXTS)
def test_in_code_quotes_and_mail_nobody_is_addressed(text: str) -> None:
    people, words = [Named(7, "Zebulon")], re.sub(r"[`\\@<]", "", text).replace("Zebulon", "").strip()
    line = re.sub(r"\s+", " ", words)
    for within in (f"`@Zebulon {line}`", f"```\n@Zebulon, {words}\n```", f"> @Zebulon, {line}", f"x@Zebulon {line}"):
        assert addressed(within, people, vocative=True) == ()


@pytest.mark.parametrize(
    "bit", ["@", "@Al ", "`", "` ``", "> ", "\n", "Al, ", "Al and ", "<@1", "\\", "e\u0301", "艾", "(", "1."]
)
def test_twice_the_text_is_at_most_about_twice_the_work(bit: str) -> None:
    people = [Named(number, name) for number, name in enumerate(("Al", "Al Green", "Al Green (The Lawyer)", "艾达"))]
    short, long = (bit * (size // len(bit)) for size in (10_000, 20_000))
    works = [calls_of(lambda text=text: addressed(text, people, vocative=True)) for text in (short, long)]  # type: ignore[misc] # bound at once
    assert works[1] < 2.2 * works[0] + 1000


@examples(150)
@given(name=st.text(max_size=120))
def test_no_name_breaks_out_of_a_notice_or_a_webhook(name: str) -> None:
    shown, posted = plain(name), webhook_name(name)
    assert "\n" not in shown
    assert outgoing(shown, {}).replace("\u200b", "") == shown.replace("\u200b", "")
    assert 1 <= len(posted) <= 80
    assert not re.search("clyde|discord|[@#:`\n]", posted, re.I)
