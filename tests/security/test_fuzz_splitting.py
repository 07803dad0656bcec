"""What becomes of hostile texts on their way into messages, whatever they are made of."""

import re
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms_bot.chat.escaping import outgoing
from rooms_bot.chat.splitting import LIMIT, split, units
from rooms_bot.turns.prose import code
from tests.chat.test_splitting import is_the_text
from tests.security.counting import calls_of
from tests.security.fuzzing import examples

MARKS = ("`", "``", "```", "````", "\n```\n", "```py\n", "\n", "\n\n", " ", "\\", "> ", ">>> ", "-# ", "# ", "~~~\n")
HOSTILE = (
    *("@everyone", "@here", "<@&100000000000000005>", "<@100000000000000005>", "<@!9>", "[a](https://evil.example)"),
    *("discord.gg/abc", "https://discord.com/invite/abc", "<https://discord.gg/x>", "[x]( <discord.gg/x> 'y')"),
)
BITS = st.one_of(
    st.sampled_from(MARKS),
    st.sampled_from(HOSTILE),
    st.text(max_size=12),
    st.sampled_from(["word ", "x" * 50, "A sentence. ", "🦊" * 9, "e\u0301" * 8, "\u202e", "\u200b"]),
)
TEXTS = st.lists(BITS, max_size=40).map("".join)


def fenced(text: str) -> str:
    """Marks of fences in one length: a seam closes any fence with three backticks."""
    return re.sub("`{3,}", "```", text)


@examples(150)
@example(text="````````py\n````" + "x" * 50, limit=64)
@example(text="`" + "x " * 40 + "@everyone" + " y" * 40 + "`", limit=64)
@given(text=TEXTS, limit=st.integers(64, 200))
def test_parts_are_the_text_short_and_whole_in_themselves(text: str, limit: int) -> None:
    whole = split(text, limit, 500)
    assert whole.rest == ""
    assert is_the_text([fenced(part) for part in whole.parts], fenced(text))
    for part in whole.parts:
        assert part.strip()
        assert units(part) <= limit
        blocks = code(part)
        assert not blocks or blocks[-1].closed or not blocks[-1].fence


LIVE = re.compile(r"@(?:everyone|here)|<@[!&]?\d+>|(?<![\w-])discord(?:\.com/invite|\.gg)/|\]\(")


def prose(part: str) -> str:
    """Without its code."""
    pieces, place = [], 0
    for block in code(part):
        if block.closed:
            pieces.append(part[place : block.start])
            place = block.end
    return "\n".join([*pieces, part[place:]])


LONG = st.tuples(TEXTS, st.integers(1, 60)).map(lambda pair: pair[0] * pair[1])


@examples(100)
@example(text="`" + "x " * 900 + "@everyone [a](https://evil.example) discord.gg/abc" + " y" * 900 + "`")
@example(text="x`@everyone`" * 900)
@example(text=f"{'x' * 1990}`discord.gg/abc`")
@given(text=LONG)
def test_no_seam_brings_to_life_what_was_harmless_within_code(text: str) -> None:
    """A mention, an invitation or a masked link may stand in code; cut out of it, it would work."""
    for part in split(outgoing(text, {})).parts:
        assert LIVE.findall(prose(part)) == []


@pytest.mark.parametrize("bit", ["`", "``` ", "```\n", "\n", "> ", "<", "` `` ", "a", ">>> ", "\\`", "👩\u200d", "`a`"])
def test_twice_the_text_is_at_most_about_twice_the_work(bit: str) -> None:
    """Counted, not timed; five messages and a file are made of either."""
    short, long = (calls_of(partial(split, bit * (times // len(bit)))) for times in (10_000, 20_000))
    assert long <= 2.2 * short + 1000


def test_a_mention_that_may_be_is_never_cut() -> None:
    assert re.fullmatch(r"(?:<@100000000000000001>)+", split("<@100000000000000001>" * 500).parts[0])
    assert all(len(part) <= LIMIT for part in split("<@100000000000000001>" * 500).parts)
