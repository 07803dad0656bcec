"""What was said before a restart, and what is no longer kept, in every form of the file."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from rooms_bot.domain.events import (
    Attached,
    Deleted,
    Edited,
    Event,
    Expired,
    Forgotten,
    Generated,
    Greeted,
    Rated,
    Rebuilt,
    Recalled,
    Said,
    Tally,
    Usage,
)
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Member
from rooms_bot.export.files import Format
from rooms_bot.export.provenance import trace
from rooms_bot.export.survey import Survey
from tests.export.samples import ALICE, ELENA, START, heard, room, table, written

MINE = Recalled(name="Alice", text="Pie, please.", posts=(5,), member=ALICE)
HERS = Recalled(name=ELENA.name, text="I object.", posts=(6, 7), seat=1, reply_to=5)
THEIRS = Recalled(name="Cicero", text="O tempora!", posts=(8,))
TALLY = Tally(taken=3, allowed=20, redone=1, spent=Usage(prompt_tokens=10, completion_tokens=2, cost=0.5))
AGAIN = (MINE, HERS, THEIRS, Rebuilt(tally=TALLY, lines=3))


def speakers(events: Sequence[Event]) -> list[str]:
    lines = written(Format.MARKDOWN, events).splitlines()
    return [line for line in lines if line.startswith("**")]


def told(events: Sequence[Event]) -> list[tuple[str, str, str, str]]:
    return [(row["kind"], row["name"], row["member"], row["text"]) for row in table(events)[3:]]


def test_a_line_reads_like_what_it_was() -> None:
    assert speakers(room(*AGAIN)) == [
        "**Alice** · member · 2026-03-01 12:00:03",
        "**Elena (The Lawyer)** · agent · 2026-03-01 12:00:04",
        "**Cicero** · agent · 2026-03-01 12:00:05",
    ]
    assert told(room(*AGAIN))[:3] == [
        ("recalled", "Alice", "101", "Pie, please."),
        ("recalled", "Elena (The Lawyer)", "", "I object."),
        ("recalled", "Cicero", "", "O tempora!"),
    ]


def test_the_restart_stands_with_what_was_spent_before_it() -> None:
    row = table(room(*AGAIN))[-1]
    assert row["note"] == "The bot was started again and read 3 messages of the channel again"
    assert (row["prompt_tokens"], row["completion_tokens"], row["cost"]) == ("10", "2", "0.5")


def test_the_heading_counts_on_from_before_the_restart() -> None:
    events, survey = room(*AGAIN, Said(turn=3, seat=1, text="And again.", posts=(9,))), Survey()
    for event in events:
        survey.take(event)
    state = fold(events)
    assert (survey.turns, survey.turns_allowed, survey.turns_redone) == (4, 20, 1)
    assert (state.turns_taken, state.turns_allowed, state.turns_redone, state.spent) == (4, 20, 1, survey.spent)


def test_the_room_comes_back_from_its_file() -> None:
    events = room(*AGAIN, heard("more", source=10), Expired(before=START))
    file = json.loads(written(Format.JSON, events))["events"]
    assert fold(Event.model_validate(event) for event in file) == fold(events)


def test_a_line_that_was_edited_has_its_newest_words_and_one_that_was_deleted_none() -> None:
    events = room(*AGAIN, Edited(source=5, text="Rye, please."), Deleted(source=7))
    assert [text for *_, text in told(events)[:3]] == ["Rye, please.", "", "O tempora!"]
    assert [row["note"] for row in table(events)[3:6]] == ["edited", "deleted", ""]


def test_what_a_member_said_is_gone_with_them_and_so_is_their_name() -> None:
    events = room(heard("first", source=4), *AGAIN, Forgotten(member=101))
    for form in Format:
        file = written(form, events)
        assert "Pie, please." not in file
        assert "I object." in file
    assert fold(events).lines[1].text == ""
    assert fold(events).lines[1].name == "someone"


def test_a_recalled_answer_can_be_rated() -> None:
    rated = Rated(source=6, seat=1, member=ALICE, rating=1)
    assert [(row["up"], row["down"]) for row in table(room(*AGAIN, rated))[3:6]] == [("", ""), ("1", "0"), ("0", "0")]


@pytest.mark.parametrize(
    ("source", "seat", "member"), [(5, None, ALICE), (7, ELENA, None), (8, None, None)], ids=["member", "agent", "left"]
)
def test_its_origin_is_known_as_far_as_it_is(source: int, seat: object, member: Member | None) -> None:
    found = trace(room(*AGAIN), source)
    assert found is not None
    assert (found.seat, found.member, found.recalled) == (seat, member, True)


OLD = (
    MINE,
    heard("a secret", source=20, files=1),
    Attached(source=20, name="s.txt", text="a secret too"),
    Generated(turn=0, seat=1, text="a secret of hers"),
    Said(turn=0, seat=1, text="a secret of hers", posts=(21,)),
    Greeted(seat=2, text="a secret hello", posts=(22,)),
    Edited(source=20, text="a secret still"),
)


@pytest.mark.parametrize("form", Format)
def test_what_was_said_too_long_ago_is_in_no_file(form: Format) -> None:
    before = START + timedelta(seconds=3 + len(OLD))
    file = written(form, room(*OLD, heard("still here", source=30), Expired(before=before)))
    assert "secret" not in file
    assert "Pie" not in file
    assert "still here" in file


def test_what_is_no_longer_kept_is_said_to_be() -> None:
    before = START + timedelta(seconds=4)
    events = room(MINE, heard("now"), Expired(before=before), Deleted(source=1))
    assert "12:00:03\n\n*no longer kept*\n" in written(Format.MARKDOWN, events)
    assert [row["note"] for row in table(events)[3:]] == [
        "no longer kept",
        "deleted",
        "What was said before 2026-03-01 12:00 UTC is no longer kept",
        "A message was deleted",
    ]
