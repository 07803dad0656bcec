"""The laws of the table."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Attached, Budget, Deleted, Edited, Generated, Greeted, Nearing, Rated, Said
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Member
from rooms_bot.export.csv import COLUMNS, harmless, restored
from rooms_bot.export.files import Format, export
from tests.export.samples import heard, room, table, whole, written


def test_each_event_people_could_notice_has_a_row() -> None:
    rows = table(whole())
    assert [row["index"] for row in rows] == [str(i) for i in range(48) if i not in (6, 7, 13, 34, 36, 39)]
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_what_was_said_stands_with_its_cost() -> None:
    row = next(row for row in table(whole()) if row["kind"] == "said")
    assert list(row.values()) == [
        *("8", "2026-03-01T12:00:08.500Z", "said", "Elena (The Lawyer)", "", "0", "I object.", ""),
        *("m", "1.5", "1200", "3", "0.25", "1", "0"),
    ]


def test_a_members_words_stand_with_who_it_is() -> None:
    row = next(row for row in table(whole()) if row["kind"] == "heard")
    assert (row["name"], row["member"], row["text"]) == ("Alice", "101", "Ask @Elena, @Alice!")


def test_what_happened_besides_stands_in_the_note() -> None:
    notes = {row["kind"]: row["note"] for row in table(whole())}
    assert notes["failed"] == "Portia took too long to answer; cut off"
    assert notes["passed"] == "Portia was skipped by Alice"
    assert notes["attached"] == "The file pie.txt was attached"
    assert notes["compacted"] == "The first 2 messages were put into few words for the agents"
    assert notes["closed"] == "The room was closed by Alice: it was stopped"


def test_a_greeting_is_words_without_a_turn() -> None:
    (row,) = (row for row in table(whole()) if row["kind"] == "greeted")
    assert (row["name"], row["turn"], row["text"]) == ("Elena (The Lawyer)", "", "Order!")


def test_an_attached_file_stands_with_who_sent_it() -> None:
    (row,) = (row for row in table(whole()) if row["kind"] == "attached")
    assert (row["name"], row["member"], row["text"]) == ("Alice", "101", "```\n1. flour\n")


def test_the_columns_add_up_to_what_the_room_has_cost() -> None:
    rows, spent = table(whole()), fold(whole()).spent
    assert sum(int(row["prompt_tokens"] or 0) for row in rows) == spent.prompt_tokens
    assert sum(int(row["completion_tokens"] or 0) for row in rows) == spent.completion_tokens
    assert sum(float(row["cost"] or 0) for row in rows) == spent.cost


def test_the_table_holds_all_that_was_said() -> None:
    kinds = ("recalled", "heard", "said", "greeted", "summarised", "failed")
    texts = [row["text"].replace("@Alice", "<@101>") for row in table(whole()) if row["kind"] in kinds]
    assert [text for text in texts if text] == [line.text for line in fold(whole()).lines if line.text]


def test_what_members_think_of_words_stands_in_their_row() -> None:
    rated = [Rated(source=7, seat=1, member=Member(id=number, name="x"), rating=-1) for number in (1, 2, 3)]
    taken_back = Rated(source=7, seat=1, member=Member(id=2, name="x"), rating=0)
    rows = table(room(heard("?"), Said(turn=0, seat=1, text="mine", posts=(7, 8)), *rated, taken_back))
    assert [(row["up"], row["down"]) for row in rows[3:5]] == [("", ""), ("0", "2")]
    assert (rows[5]["member"], rows[-1]["note"]) == ("1", "x no longer rates what Elena (The Lawyer) said")


def test_a_question_beyond_its_authors_budget_is_noted() -> None:
    row = table(room(heard("one more").model_copy(update={"unheeded": True})))[-1]
    assert (row["text"], row["note"]) == ("one more", "called for no turn")


def test_a_member_whose_budget_is_nearly_used_is_named_in_the_row() -> None:
    nearing = Nearing(budget=Budget.MEMBER, unit="dollars", used=0.9, limit=1, member=Member(id=5, name="Sam"))
    row = table(room(nearing))[-1]
    assert (row["name"], row["member"], row["note"]) == (
        "Sam",
        "5",
        "90% of Sam's budget for the hour ($1.00) was used",
    )


def test_no_files_name_and_no_greeting_is_a_formula() -> None:
    events = room(heard("x", files=1), Attached(source=1, name="=1+1", text="=1"), Greeted(seat=1, text="@SUM(1)"))
    assert [row["text"] for row in table(events)[-2:]] == ["'=1", "'@SUM(1)"]


def test_an_empty_room_has_the_columns_names_alone() -> None:
    assert (
        b"".join(export(Format.CSV, []))
        == b"\xef\xbb\xbf" + ",".join(f'"{name}"' for name in COLUMNS).encode() + b"\r\n"
    )


def test_edited_words_are_the_new_ones_and_deleted_ones_are_gone() -> None:
    events = room(
        heard("old", source=1),
        Generated(turn=0, seat=1, text="secret"),
        Said(turn=0, seat=1, text="secret", posts=(2,)),
        Edited(source=1, text="new"),
        Deleted(source=2),
    )
    assert [(row["text"], row["note"]) for row in table(events)[3:]] == [
        ("new", "edited"),
        ("", "deleted"),
        ("new", "A message was edited"),
        ("", "A message was deleted"),
    ]
    assert "secret" not in written(Format.CSV, events)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "'=", "''\t"])
def test_no_cell_is_a_formula(start: str) -> None:
    said = f'{start}HYPERLINK("http://evil.example";A1)'
    row = table(room(heard(said, Member(id=5, name=said))))[-1]
    assert row["text"] == row["name"] == f"'{said}"


@given(st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\n a\",;")))
@example("'")
@example("''=1")
@settings(deadline=None)
def test_what_was_made_harmless_can_be_had_back(text: str) -> None:
    assert restored(harmless(text)) == text
    assert harmless(text)[:1] not in tuple("=+-@\t\r\n")


@given(
    st.lists(
        st.one_of(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.text(alphabet="'=\t\r\n \",;😀"))
    )
)
@settings(deadline=None)
def test_every_text_comes_back_from_the_table(texts: list[str]) -> None:
    rows = table(room(*(heard(text, source=place) for place, text in enumerate(texts))))
    assert [restored(row["text"]) for row in rows[3:]] == texts


def test_lines_end_as_the_standard_says_and_newlines_within_stay() -> None:
    file = b"".join(export(Format.CSV, room(heard('two\nlines, "quoted"'), heard("x")))).decode("utf-8-sig")
    assert '"two\nlines, ""quoted"""' in file
    assert len(list(csv.reader(io.StringIO(file, newline="")))) == file.count("\r\n") == 6
