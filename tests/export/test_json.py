"""The laws of the whole: what is in the file is the room."""

import json
import re
from pathlib import Path
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Attached, Deleted, Edited, Event, Failed, Generated, Happening, Regenerated, Said
from rooms_bot.domain.fold import fold
from rooms_bot.export.files import Format
from tests.export.samples import ALICE, heard, numbered, room, whole, written


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
        "mode": "round_robin",
        "place": {"guild": 1, "channel": 2, "parent": 2},
        "opened_at": "2026-03-01T12:00:00.500Z",
        "last_at": "2026-03-01T12:00:47.500Z",
        "closed_at": "2026-03-01T12:00:47.500Z",
        "closed": "stopped",
        "turns": 7,
        "turns_allowed": 31,
        "passes": 2,
        "prompt_tokens": 1381,
        "completion_tokens": 23,
        "cost": 1.5,
        "unpriced": True,
        "agents": [
            {"seat": 1, "name": "Portia", "role": "Lawyer", "model": None},
            {"seat": 2, "name": "d'Artagnan McCoy", "role": "", "model": "ollama/llama_3"},
        ],
        "moderator": {"seat": 0, "name": "Host", "role": "", "model": None},
        "members": [{"id": 101, "name": "Alice"}, {"id": 102, "name": "someone"}],
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


def test_what_comes_with_deleted_words_is_in_no_event() -> None:
    file = written(
        Format.JSON,
        room(
            heard("look", source=1, files=1),
            Attached(source=1, name="secret.txt", text="secret"),
            Generated(turn=0, seat=1, text="I object.", thought="secret"),
            Said(turn=0, seat=1, text="I object.", posts=(2,)),
            Deleted(source=1),
            Deleted(source=2),
        ),
    )
    assert "secret" not in file


def test_what_was_withdrawn_to_be_said_anew_is_in_no_event() -> None:
    file = written(
        Format.JSON,
        room(
            Generated(turn=0, seat=1, text="secret", thought="secret"),
            Said(turn=0, seat=1, text="secret", posts=(1, 2)),
            Failed(turn=1, seat=1, reason="broke off", text="secret", thought="secret", posts=(3,)),
            Generated(turn=2, seat=1, text="secret", thought="secret"),
            Failed(turn=2, seat=1, reason="broke off", text="secret", posts=(4,)),
            *(Regenerated(source=source, seat=1, by=ALICE) for source in (2, 3, 4)),
        ),
    )
    assert "secret" not in file


def test_each_kind_of_event_is_documented_with_its_fields() -> None:
    page = (Path(__file__).parents[2] / "docs/export.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", page, re.MULTILINE)
    documented = {kind: re.findall(r"`(\w+)`", fields) for kind, fields in rows}
    for kind in get_args(Happening):
        fields = [name for name in kind.model_fields if name != "kind"]
        assert documented[kind.model_fields["kind"].default] == fields


@given(st.text())
@settings(deadline=None)
def test_every_text_comes_back(text: str) -> None:
    assert json.loads(written(Format.JSON, room(heard(text))))["events"][-1]["text"] == text
