"""What a chaos run counts: it must see every kind of damage, and none where there is none."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.chaos.checks import Room, examine
from bench.chaos.moments import AFTER, BEFORE, EDIT, HELD, MODEL, POST, Moment, Watch
from bench.chaos.report import KINDS, Deaths, Findings, Report, verdict
from rooms_bot.domain.events import Event, Generated, Happening, Heard, Planned, Posting, Said, Why
from rooms_bot.domain.rooms import Member

SAM = Member(id=7, name="Sam")
HEARD = Heard(source=100, member=SAM, text="Ada?", addressed=(1,))
PLANNED = Planned(turn=0, seat=1, why=Why.ASKED, answers=100)
GENERATED = Generated(turn=0, seat=1, text="One two. Three four.")
SAID = Said(turn=0, seat=1, text="One two. Three four.", posts=(101, 102))
TURN = (HEARD, PLANNED, GENERATED, SAID)
SAMS: dict[str, Any] = {"id": "100", "content": "Ada?", "author": {"id": "7"}}


def posted(number: int, content: str) -> dict[str, Any]:
    return {"id": str(number), "content": content, "webhook_id": "5", "author": {"id": "5", "bot": True}}


CHANNEL = (SAMS, posted(101, "One two."), posted(102, "Three four."))


def found(happenings: Sequence[Happening], messages: Sequence[dict[str, Any]]) -> dict[str, int]:
    events = [Event(index=at, at=datetime.now(UTC), what=what) for at, what in enumerate(happenings)]
    findings = Findings()
    examine(Room(1, events, messages, {"7": "Sam"}, Deaths()), findings)
    return {kind: len(lines) for kind, lines in findings.wrong.items()}


def test_a_turn_that_stands_as_it_was_generated_is_well() -> None:
    assert found(TURN, CHANNEL) == {}


def test_the_line_that_leads_to_a_message_and_mentions_are_no_difference() -> None:
    link = "-# ↪ [Sam](https://discord.com/channels/1/2/100)\n"
    said = SAID.model_copy(update={"text": "@Sam?", "posts": (101,)})
    turn = (HEARD, PLANNED, GENERATED.model_copy(update={"text": "@Sam?"}), said)
    assert found(turn, (SAMS, posted(101, f"{link}<@7>?"))) == {}


def test_a_beginning_that_was_taken_back_is_no_damage() -> None:
    again = PLANNED.model_copy(update={"turn": 1})
    done = (GENERATED.model_copy(update={"turn": 1}), SAID.model_copy(update={"turn": 1}))
    assert found((HEARD, PLANNED, Posting(turn=0, seat=1, posts=(99,)), again, *done), CHANNEL) == {}


@pytest.mark.parametrize(
    ("happenings", "messages", "damage"),
    [
        (TURN, CHANNEL[:2], {"missing": 1}),
        (TURN, (*CHANNEL, posted(103, "Three four.")), {"doubled": 1}),
        (TURN, (*CHANNEL, posted(103, "Five.")), {"strays": 1}),
        (TURN, (*CHANNEL[:2], posted(102, "Three five.")), {"altered": 1}),
        ((HEARD, PLANNED, GENERATED), (SAMS,), {"missing": 1, "unanswered": 1}),
        ((HEARD, PLANNED, GENERATED, GENERATED, SAID), CHANNEL, {"paid twice": 1}),
        ((*TURN, SAID), CHANNEL, {"doubled": 3}),
        (TURN[1:], CHANNEL, {"unheard": 1}),
        ((HEARD, *TURN), CHANNEL, {"doubled": 1}),
        ((HEARD, PLANNED.model_copy(update={"turn": 2}), GENERATED, SAID), CHANNEL, {"numbers": 2}),
    ],
)
def test_each_damage_is_seen(
    happenings: Sequence[Happening], messages: Sequence[dict[str, Any]], damage: dict[str, int]
) -> None:
    assert found(happenings, messages) == damage


async def test_the_bot_is_killed_at_the_moment_that_was_drawn() -> None:
    watch, killed = Watch(), list[str]()

    async def requests() -> None:
        watch.passes(POST, HELD)  # still calm
        watch.passes(MODEL, BEFORE)
        assert [watch.passes(*at) for at in ((EDIT, HELD), (POST, BEFORE), (POST, HELD))] == [False] * 3
        assert watch.passes(POST, HELD)
        assert not watch.passes(POST, HELD)

    async with asyncio.TaskGroup() as tasks:
        struck = tasks.create_task(watch.strike(Moment(POST, HELD, 2, 1, 0), lambda: killed.append("now")))
        await asyncio.sleep(0)
        await requests()
    assert struck.result() == "post held"
    assert killed[0] == "now"


async def test_what_comes_shortly_after_a_request_kills_without_keeping_its_answer_back() -> None:
    watch, killed = Watch(), list[str]()
    async with asyncio.TaskGroup() as tasks:
        struck = tasks.create_task(watch.strike(Moment(POST, AFTER, 1, 0, 0.001), lambda: killed.append("later")))
        await asyncio.sleep(0)
        assert not watch.passes(POST, AFTER)
    assert struck.result() == "post after"
    assert killed == ["later"]


def test_the_last_line_says_how_it_went() -> None:
    bad = Findings(wrong={"missing": ["one", "two"], "faults": ["three"]})
    assert verdict({"sqlite": Findings(), "postgres": Findings()}) == "All is well."
    assert verdict({"sqlite": Findings(), "postgres": None}) == "All is well. Not tried: postgres."
    assert verdict({"sqlite": bad}) == "FAILED: sqlite: missing messages 2, errors logged 1."
    assert verdict({"postgres": None}) == "FAILED: nothing was tried. Not tried: postgres."


def test_each_kind_of_damage_is_counted_by_its_name() -> None:
    lines = list(Report(findings=Findings(wrong={"strays": ["a word"]})).lines())
    assert [line for line in lines if line.endswith(": 1")] == ["stray messages: 1"]
    assert sum(line.endswith(": 0") for line in lines) == len(KINDS) - 1
    assert "  stray messages: a word" in lines
