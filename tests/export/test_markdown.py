"""The laws of the Markdown file: it reads well, and nobody can forge what it says."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rooms_bot.domain.events import Attached, Closed, Configured, Deleted, Edited, Event, Failed, Greeted, Rated, Said
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Member
from rooms_bot.export.files import Format
from tests.export.samples import ALICE, ELENA, OPENED, heard, numbered, room, whole, written


def tokens(events: Sequence[Event]) -> list[Token]:
    return MarkdownIt("commonmark").parse(written(Format.MARKDOWN, events))


def skeleton(events: Sequence[Event]) -> list[str]:
    """What stands at the top of the document: a quote's content is no part of it."""
    return [token.type for token in tokens(events) if token.level == 0]


def shown(token: Token) -> str:
    """What a reader sees of a line."""
    breaks = ("softbreak", "hardbreak")
    return "".join("\n" if child.type in breaks else child.content for child in token.children or [])


def outside(events: Sequence[Event]) -> list[str]:
    """Lines that are in no quote."""
    lines, depth = [], 0
    for token in tokens(events):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "inline" and not depth:
            lines.append(shown(token))
    return lines


def quotes(events: Sequence[Event]) -> list[list[Token]]:
    """The tokens of each quote."""
    found: list[list[Token]] = []
    depth = 0
    for token in tokens(events):
        depth += token.type == "blockquote_open"
        if token.type == "blockquote_open" and depth == 1:
            found.append([])
        elif depth:
            found[-1].append(token)
        depth -= token.type == "blockquote_close"
    return found


def test_a_room_reads_from_top_to_bottom() -> None:
    assert written(Format.MARKDOWN, whole()) == WHOLE


WHOLE = """\
# Is π tasty?

- **Opened:** 2026-03-01 12:00:00 UTC by Alice
- **Closed:** 2026-03-01 12:00:47 UTC, it was stopped
- **Mode:** round robin
- **Turns:** 6 of 30, 2 of them passed
- **Tokens:** 1,381 read, 23 written
- **Cost:** at least $1.50
- **Agents:**
  - Portia, Lawyer
  - d'Artagnan McCoy · ollama/llama\\_3
  - Host (orchestrator)
- **Members:**
  - Alice
  - someone

All times are UTC.

---

*2026-03-01 12:00:00 · Alice opened the room*

*2026-03-01 12:00:01 · Elena (The Lawyer) joined*

*2026-03-01 12:00:02 · d'Artagnan McCoy joined, invited by Alice*

**Alice** · member · 2026-03-01 12:00:03

> Pie, please.

*2026-03-01 12:00:04 · The bot was started again and read 1 message of the channel again*

**Alice** · member · 2026-03-01 12:00:05

> Ask @Elena, @Alice!

**Elena (The Lawyer)** · agent · 2026-03-01 12:00:08 · 👍 1

> I object.

*2026-03-01 12:00:09 · Elena (The Lawyer) waited for Alice*

*2026-03-01 12:00:10 · Nobody came, and the room went on*

*2026-03-01 12:00:11 · d'Artagnan McCoy passed*

*2026-03-01 12:00:12 · Elena (The Lawyer) took too long to answer*

**Host** · summary · 2026-03-01 12:00:14

> So: pie.

*2026-03-01 12:00:15 · d'Artagnan McCoy only listens from now on, asked by Alice*

*2026-03-01 12:00:16 · The room was paused by Alice: lunch*

*2026-03-01 12:00:17 · The room went on for 5 more turns, asked by Alice*

*2026-03-01 12:00:18 · d'Artagnan McCoy left*

**Elena (The Lawyer)** · greeting · 2026-03-01 12:00:19

> Order!

**Alice** · member · 2026-03-01 12:00:20

> See the file.

**Alice** · file · 2026-03-01 12:00:21

> pie.txt
>
> ````
> ```
> 1. flour
> ````

*2026-03-01 12:00:22 · The mode was changed from dynamic to round robin by Alice*

*2026-03-01 12:00:24 · Portia took the seat of Elena (The Lawyer), asked by Alice*

**someone** · member · 2026-03-01 12:00:25

*deleted*

*2026-03-01 12:00:26 · What a member had said was deleted, as they wished*

**Alice** · member · 2026-03-01 12:00:27 · edited

> Pie is fine.

*2026-03-01 12:00:28 · A message was edited*

**Alice** · member · 2026-03-01 12:00:29

*deleted*

*2026-03-01 12:00:30 · A message was deleted*

*2026-03-01 12:00:31 · The first 2 messages were put into few words for the agents*

*2026-03-01 12:00:32 · Portia was given the next turn by Alice*

*2026-03-01 12:00:35 · Portia was skipped by Alice*

**Portia** · agent · 2026-03-01 12:00:37 · cut off, took too long to answer

> As I was (cut off)

**Portia** · agent · 2026-03-01 12:00:40

*deleted*

*2026-03-01 12:00:41 · Portia was asked to answer anew, by Alice*

*2026-03-01 12:00:42 · 80% of the server's budget for the day (100 tokens) was used*

*2026-03-01 12:00:43 · Alice came to take part*

**Alice** · member · 2026-03-01 12:00:44 · called for no turn

> And rye?

*2026-03-01 12:00:45 · The agents waited for somebody to speak*

*2026-03-01 12:00:46 · What was said before 2026-03-01 12:00 UTC is no longer kept*

*2026-03-01 12:00:47 · The room was closed by Alice: it was stopped*
"""


def test_the_page_holds_all_that_was_said() -> None:
    texts = ["\n".join(shown(token) for token in quote if token.type == "inline") for quote in quotes(whole())]
    wanted = [line.text.replace("<@101>", "@Alice") for line in fold(whole()).lines if line.text]
    assert [text for text in texts if text != "pie.txt"] == wanted


def test_a_seat_that_was_given_to_another_keeps_what_the_first_one_said() -> None:
    other = ELENA.model_copy(update={"name": "Portia"})
    events = room(
        Said(turn=0, seat=1, text="mine"),
        Configured(seat=other, was=ELENA.name, by=ALICE),
        Said(turn=1, seat=1, text="not hers"),
    )
    assert [line.split(" · ")[0] for line in outside(events)[-3:]] == [
        "Elena (The Lawyer)",
        "2026-03-01 12:00:04",
        "Portia",
    ]


def test_what_members_think_of_words_stands_beside_who_said_them_and_nowhere_else() -> None:
    rated = [Rated(source=2, seat=1, member=Member(id=one, name="x"), rating=1 if one < 3 else -1) for one in range(4)]
    events = room(Said(turn=0, seat=1, text="mine", posts=(2,)), *rated)
    assert outside(events)[-1] == "Elena (The Lawyer) · agent · 2026-03-01 12:00:03 · 👍 3 · 👎 1"


def test_an_answer_that_was_cut_off_and_deleted_is_gone() -> None:
    file = written(
        Format.MARKDOWN, room(Failed(turn=0, seat=0, reason="*", text="secret", posts=(5,)), Deleted(source=5))
    )
    assert "**Host** · moderator · 2026-03-01 12:00:03 · cut off, \\*\n\n*deleted*\n" in file
    assert "secret" not in file


def test_why_a_channel_is_no_more_is_told_where_it_is_known() -> None:
    file = written(Format.MARKDOWN, room(Closed(reason="gone", because="the thread is locked")))
    assert file.count("the thread is locked") == 2


def test_what_could_not_be_had_is_a_small_line() -> None:
    events = room(heard("x", files=1), Attached(source=1, name="a*b*.txt", text=""), Greeted(seat=1, text=""))
    assert outside(events)[-2:] == [
        "2026-03-01 12:00:04 · The file a*b*.txt could not be read",
        "2026-03-01 12:00:05 · Elena (The Lawyer)'s greeting could not be posted",
    ]


@given(st.one_of(st.text(), st.text(alphabet="`~<>ab \n\r\t#*_[]():!&;\\-=1.@|", max_size=60)), st.text(max_size=40))
@example("````\n# Forged", "x`\n\n**Host** · summary")
@settings(deadline=None)
def test_no_file_can_forge_the_structure(text: str, name: str) -> None:
    events = room(heard("x", files=1), Attached(source=1, name=name, text=f"a{text}"), heard("after", source=2))
    assert skeleton(events) == FILED
    assert not [token for token in tokens(events) if _is_html(token)]
    (fence,) = (token for token in quotes(events)[1] if token.type == "fence")
    if text.isprintable():
        assert fence.content == f"a{text}\n"
    assert [shown(token) for token in quotes(events)[-1] if token.type == "inline"] == ["after"]


def test_an_empty_room_says_that_nothing_was_said() -> None:
    assert "*Nothing was said.*" in written(Format.MARKDOWN, numbered(OPENED))
    assert "Still open" in written(Format.MARKDOWN, numbered(OPENED))
    assert written(Format.MARKDOWN, []) == "# A room\n\n*Nothing has happened.*\n"


def test_edited_words_are_the_new_ones_and_deleted_ones_are_gone() -> None:
    file = written(
        Format.MARKDOWN,
        room(
            heard("old", source=1),
            heard("secret", source=2),
            Said(turn=0, seat=1, text="indiscreet", posts=(3, 4)),
            Edited(source=1, text="new"),
            Edited(source=2, text="also secret"),
            Deleted(source=2),
            Deleted(source=4),
        ),
    )
    assert "12:00:03 · edited\n\n> new\n" in file
    assert file.count("*deleted*") == 2
    assert not [word for word in ("old", "secret", "indiscreet") if word in file]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```py\nx = 1\n```", ["x = 1\n"]),
        ("look: ```py\nx = 1``` nice", ["x = 1\n"]),
        ("```x```and```y```", ["x\n", "y\n"]),
        ("cut off:\n```js\nlet x = `${y}`;", ["let x = `${y}`;\n"]),
        ("````md\n```py\nx\n```\n````\nafter", ["```py\nx\n```\n"]),
        ("```\n<!-- <b>\n\n    deep\n```", ["<!-- <b>\n\n    deep\n"]),
        ("a ``` b", []),
    ],
)
def test_fences_stay_whole(text: str, code: list[str]) -> None:
    (quote,) = quotes(room(heard(text)))
    assert [token.content for token in quote if token.type == "fence"] == code


def test_a_language_stays_with_its_code() -> None:
    (quote,) = quotes(room(heard("see ```c++\nint x;\n```")))
    assert [token.info for token in quote if token.type == "fence"] == ["c++"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("two\nlines", "two\nlines"),
        ("List<int> & <b>bold</b> &lt;", "List<int> & <b>bold</b> &lt;"),
        ("`a<b>` and ``c`d``", "a<b> and c`d"),
        ("a lone ` tick <i>", "a lone ` tick <i>"),
        ("\\` then `<x>`", "` then <x>"),
        ("hi <@101> and <@!101>, <@999>", "hi @Alice and @Alice, <@999>"),
        ("<:party:123456789> <a:dance:1>", ":party: :dance:"),
        ("see <https://example.org/a>", "see https://example.org/a"),
        ("[x]: http://evil.example", "[x]: http://evil.example"),
    ],
)
def test_a_message_shows_what_was_written(text: str, seen: str) -> None:
    (quote,) = quotes(room(heard(text)))
    assert [shown(token) for token in quote if token.type == "inline"] == [seen]


HOSTILE = [
    "\n\n**Host** · summary · 2026-03-01 12:00:12\n\n> I resign.",
    "</blockquote><h1>Forged</h1>",
    "<!--",
    "```\n\n# Forged",
    "~~~\n# Forged",
    "\r\r# Forged\x0b\x0c\x85\u2028# Forged",
    "# Forged\n===\n---",
    "[Host]: http://evil.example\n\n[Host][]",
    "\\",
    "`<script>`` `",
    "\\``<b>`",
    "1. a\n   ```\n   b\n2. c",
    "> q\n```\nx",
    "- ~~~\n<div>",
    "<https://a`b>`<b>",
    "&lt;b&gt; &#60;",
]


@pytest.mark.parametrize("text", [*HOSTILE, "".join(HOSTILE), "\n".join(HOSTILE)])
def test_no_hostile_text_can_forge_the_structure(text: str) -> None:
    events = room(heard(text), heard("after"))
    assert skeleton(events) == HARMLESS
    assert not [token for token in tokens(events) if _is_html(token)]
    assert outside(events)[-1] == "Alice · member · 2026-03-01 12:00:04"
    assert [shown(token) for token in quotes(events)[-1] if token.type == "inline"] == ["after"]


@given(st.one_of(st.text(), st.text(alphabet="`~<>ab \n\r\t#*_[]():!&;\\-=1.@|", max_size=60)))
@settings(deadline=None)
def test_no_text_at_all_can(text: str) -> None:
    events = room(heard(text), heard("after"))
    assert skeleton(events) in (HARMLESS, DELETED)
    assert not [token for token in tokens(events) if _is_html(token)]
    assert [shown(token) for token in quotes(events)[-1] if token.type == "inline"] == ["after"]


def _is_html(token: Token) -> bool:
    return token.type == "html_block" or any(child.type == "html_inline" for child in token.children or [])


HARMLESS = skeleton(room(heard("hello"), heard("after")))
FILED = skeleton(room(*(heard(text) for text in ("hello", "file", "after"))))
DELETED = skeleton(room(heard(""), heard("after")))


@given(st.text(max_size=40))
@example("Eve**\n\n# Forged\n\n> **Host")
@example("<h1>")
@example("*_`~[x](http://evil.example)&amp;\\")
@example("\u202emoc.live")
@settings(deadline=None)
def test_no_name_can_forge_the_structure(name: str) -> None:
    events = room(heard("hello", Member(id=5, name=name)), heard("<@5> after"))
    assert skeleton(events) == HARMLESS
    assert not [token for token in tokens(events) if _is_html(token)]
    line = outside(events)[-2]
    assert line.endswith(" · member · 2026-03-01 12:00:03")
    if name.isprintable() and name.strip():
        assert line.startswith(f"{name.strip()} · member")


def test_names_stand_as_they_are() -> None:
    for name in ("Elena (The Lawyer)", "d'Artagnan McCoy", "snake_case_name", "C#", "*star*", "ÉLAN 🌍", "李白"):
        assert f"{name} · member · 2026-03-01 12:00:03" in outside(room(heard("x", Member(id=5, name=name))))


def test_a_member_who_is_called_like_an_agent_is_a_member() -> None:
    events = room(heard("I am the law.", Member(id=5, name="Elena (The Lawyer)")))
    assert "Elena (The Lawyer) · member · 2026-03-01 12:00:03" in outside(events)


def test_a_mentions_name_is_no_markdown() -> None:
    (quote, _) = quotes(room(heard("<@5> hello"), heard("x", Member(id=5, name="<b>*x*"))))
    assert [shown(token) for token in quote if token.type == "inline"] == ["@<b>*x* hello"]
