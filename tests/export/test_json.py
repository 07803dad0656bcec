"""The laws of the whole: what is in the file is the room."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Deleted, Edited, Event, Generated, Said
from rooms_bot.domain.state import fold
from rooms_bot.export.files import Format
from tests.export.samples import heard, numbered, room, whole, written


def test_the_events_come_back_as_they_were() -> None:
    file = json.loads(written(Format.JSON, whole()))
    assert [Event.model_validate(event) for event in file["events"]] == whole()


def test_a_room_can_be_made_again_from_its_file() -> None:
    file = json.loads(written(Format.JSON, whole()))
    assert fold(Event.model_validate(event) for event in file["events"]) == fold(whole())


def test_the_room_is_told_first() -> None:
    assert json.loads(written(Format.JSON, whole()))["room"] == {
        "schema": 1,
        "topic": "Is π tasty?",
        "mode": "dynamic",
        "place": {"guild": 1, "channel": 2, "parent": 2},
        "opened_at": "2026-03-01T12:00:00.500Z",
        "last_at": "2026-03-01T12:00:17.500Z",
        "closed_at": "2026-03-01T12:00:17.500Z",
        "closed": "stopped",
        "turns": 3,
        "turns_allowed": 25,
        "passes": 1,
        "prompt_tokens": 1215,
        "completion_tokens": 10,
        "cost": 0.25,
        "unpriced": True,
        "agents": [
            {"seat": 1, "name": "Elena (The Lawyer)", "role": "Lawyer", "model": None},
            {"seat": 2, "name": "d'Artagnan McCoy", "role": "", "model": "ollama/llama_3"},
        ],
        "moderator": {"seat": 0, "name": "Host", "role": "", "model": None},
        "members": [{"id": 101, "name": "Alice"}],
    }


def test_an_empty_room_is_an_empty_list() -> None:
    assert json.loads(written(Format.JSON, [])) == {"room": {"schema": 1}, "events": []}
    assert len(json.loads(written(Format.JSON, numbered(whole()[0].what)))["events"]) == 1


def test_deleted_words_are_in_no_event() -> None:
    file = written(
        Format.JSON,
        room(
            heard("secret", source=1),
            Generated(turn=0, seat=1, text="secret"),
            Said(turn=0, seat=1, text="secret", posts=(2, 3)),
            Edited(source=1, text="also secret"),
            Deleted(source=1),
            Deleted(source=3),
        ),
    )
    assert "secret" not in file
    assert [event["kind"] for event in json.loads(file)["events"][3:]].count("deleted") == 2


@given(st.text())
@settings(deadline=None)
def test_every_text_comes_back(text: str) -> None:
    assert json.loads(written(Format.JSON, room(heard(text))))["events"][-1]["text"] == text
