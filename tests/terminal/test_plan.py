"""What the flags say becomes a room, or one sentence that says what is wrong with them."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from rooms_bot.cli import parser
from rooms_bot.domain.rooms import Mode, RoomConfig, Seat
from rooms_bot.errors import Refused
from rooms_bot.export.files import Format
from rooms_bot.ports import Profile
from rooms_bot.store.personas import read_library
from rooms_bot.terminal.flags import MODES, wishes
from rooms_bot.terminal.plan import LIMITS, RULES, Plan, plan, shelf

SHIPPED = read_library().personas


def planned(*flags: str) -> Plan:
    wished = wishes(parser().parse_args(["chat", "--topic", "Bread", *flags]))
    return plan(wished, shelf(SHIPPED, wished.personas))


def names(made: Plan) -> list[str]:
    return [persona.name for persona in made.personas]


def test_nothing_but_a_topic_is_needed() -> None:
    made = planned()
    assert made.config == RoomConfig(topic="Bread")
    assert len(made.personas) == 3
    assert made.profile.name


def test_every_flag_arrives(tmp_path: Path) -> None:
    rules = ["--mode", "argumentative", "--turns", "7", "--every", "3", "--human-every", "2", "--pace", "0.5"]
    who = ["--agents", "Ada, noor", "--name", " Theo\x1b[1m ", "--background", "A baker."]
    own = ["--temperature", "ada=0.2", "--instructions", "Noor=Be brief = short.", "--instructions", "Ada=Count."]
    made = planned(
        *rules,
        "--language",
        "German",
        *who,
        *own,
        "--export",
        "md",
        str(tmp_path / "a.md"),
        "--export",
        "json",
        str(tmp_path / "b"),
    )
    assert made.config == RoomConfig(
        topic="Bread",
        mode=Mode.ARGUMENTATIVE,
        turns=7,
        orchestrator_every=3,
        human_every=2,
        pace=0.5,
        language="German",
    )
    assert names(made) == ["Ada", "Noor"]
    assert (made.member.name, made.member.background) == ("Theo", "A baker.")
    assert made.changes == {
        "Ada": {"temperature": 0.2, "instructions": "Count."},
        "Noor": {"instructions": "Be brief = short."},
    }
    assert made.exports == ((Format.MARKDOWN, tmp_path / "a.md"), (Format.JSON, tmp_path / "b"))


def test_a_persona_file_takes_part_beside_who_is_named_else_beside_who_fits(tmp_path: Path) -> None:
    (tmp_path / "zoltan.md").write_text("---\nname: Zoltan\n---\nYou keep bees.\n")
    (tmp_path / "ada.md").write_text("---\nname: Ada\nrole: another\n---\nYou are another Ada.\n")
    files = [part for name in ("zoltan", "ada") for part in ("--persona", str(tmp_path / f"{name}.md"))]
    assert names(planned(*files, "--agents", "Kenji")) == ["Zoltan", "Ada", "Kenji"]
    made = planned(*files)
    assert names(made)[:2] == ["Zoltan", "Ada"]
    assert len(made.personas) == 3
    assert made.personas[1].role == "another"


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--turns", "9999"], "The turns are a whole number from 1 to 500, not “9999”."),
        (["--turns", "many"], "The turns are a whole number from 1 to 500, not “many”."),
        (["--every", "99"], "The turns between two summaries are a whole number from 0 to 50, not “99”."),
        (["--human-every", "-1"], "wait for you are a whole number from 0 to 50, not “-1”."),
        (["--pace", "nan"], "The pace is a number of seconds from 0 to 120, not “nan”."),
        (["--topic", " "], "Please say what the room is about."),
        (["--topic", "x" * 301], "What the room is about has at most 300 characters, not 301."),
        (["--agents", "Bob"], "There is no persona called “Bob”."),
        (["--name", "x" * 81], "Your name has at most 80 characters, not 81."),
        (
            ["--agents", "Ada", "--temperature", "Ada=9"],
            "The temperature is a number from 0 to 2, not “9”.",
        ),
        (
            ["--agents", "Ada", "--temperature", "Bob=1"],
            "Nobody here is called “Bob”. Here are: Ada.",
        ),
        (["--agents", "Ada", "--instructions", "Ada"], "--instructions is NAME=VALUE, not “Ada”."),
        (["--export", "xml", "a"], "--export is md, csv or json, not “xml”."),
        (["--export", "md", "/no/such/folder/a.md"], "--export cannot write “/no/such/folder/a.md”: "),
        (["--persona", "/no/such.md"], "/no/such.md: there is no such file"),
    ],
)
def test_what_cannot_be_is_one_sentence(flags: list[str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        planned(*flags)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_limits_that_are_told_are_those_that_are_held() -> None:
    fields = {field: rule for kind in (Seat, Profile, RoomConfig) for field, rule in schema(kind).items()}
    for field, sentence in LIMITS.items():
        rules = [fields[field], *fields[field].get("anyOf", ())]
        bounds = [rule[end] for rule in rules for end in ("minimum", "maximum", "maxLength") if end in rule]
        assert [int(number) for number in re.findall(r"\d+", sentence)] == bounds, field
    assert all(mode in LIMITS["mode"] for mode in MODES)
    assert {*RULES.values(), "name", "background", "temperature", "instructions"} == set(LIMITS)


def schema(kind: type[BaseModel]) -> dict[str, Any]:
    """Its fields' rules as JSON Schema has them."""
    return dict(kind.model_json_schema()["properties"])


def test_a_flag_that_there_is_not_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for flags in (["--frobnicate"], ["--mode", "loud"], ["--export", "md"]):
        with pytest.raises(SystemExit) as ended:
            parser().parse_args(["chat", *flags])
        assert ended.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_the_modes_are_those_of_rooms() -> None:
    assert tuple(Mode) == MODES
