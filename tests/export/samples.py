"""A room in which everything happens that can, and ways to read what became of it."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rooms_bot.domain.events import (
    Attached,
    Budget,
    Came,
    Candidate,
    Choice,
    Closed,
    Compacted,
    Configured,
    Deleted,
    Displayed,
    Edited,
    Event,
    Expired,
    Failed,
    Forgotten,
    Generated,
    Greeted,
    Happening,
    Heard,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    Paused,
    Planned,
    Posting,
    Rated,
    Rebuilt,
    Recalled,
    Regenerated,
    Resumed,
    Said,
    Summarised,
    Tally,
    Usage,
    Waiting,
    Why,
)
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Mode, Place, RoomConfig, Seat
from rooms_bot.domain.talk import SOMEONE
from rooms_bot.export.files import Format, export

START = datetime(2026, 3, 1, 12, 0, 0, 500_000, UTC)
ALICE = Member(id=101, name="Alice")
HOST = Seat(id=0, name="Host", persona=Persona(name="Host"))
ELENA = Seat(id=1, name="Elena (The Lawyer)", persona=Persona(name="Elena (The Lawyer)", role="Lawyer"))
MCCOY = Seat(id=2, name="d'Artagnan McCoy", persona=Persona(name="d'Artagnan McCoy"), model="ollama/llama_3")
OPENED = Opened(
    place=Place(guild=1, channel=2, parent=2), config=RoomConfig(topic="Is π tasty?"), moderator=HOST, by=ALICE
)
CHOICE = Choice(
    by="words",
    confidence=0.5,
    candidates=(Candidate(seat=1, relevance=2, waited=0.5, total=2.5),),
    usage=Usage(prompt_tokens=11, completion_tokens=1, cost=0.25),
)


def numbered(*happenings: Happening) -> list[Event]:
    return [Event(index=index, at=START + timedelta(seconds=index), what=what) for index, what in enumerate(happenings)]


def room(*happenings: Happening) -> list[Event]:
    """A room with two agents, in which this happens."""
    return numbered(OPENED, Joined(seat=ELENA), Joined(seat=MCCOY, by=ALICE), *happenings)


def heard(text: str, member: Member = ALICE, source: int = 1, files: int = 0) -> Heard:
    return Heard(source=source, member=member, text=text, files=files)


def whole() -> list[Event]:
    """Each kind of event is among these, as a journal keeps it."""
    return room(
        Recalled(name="Alice", text="Pie, please.", posts=(5,), member=ALICE),
        Rebuilt(
            tally=Tally(taken=1, allowed=30, spent=Usage(prompt_tokens=100, completion_tokens=9, cost=0.5)), lines=1
        ),
        heard("Ask @Elena, <@101>!"),
        Planned(turn=0, seat=1, why=Why.ASKED),
        Generated(
            turn=0,
            seat=1,
            text="I object.",
            model="m",
            seconds=1.5,
            usage=Usage(prompt_tokens=1200, completion_tokens=3, cost=0.25),
        ),
        Said(turn=0, seat=1, text="I object.", posts=(7, 8), asks=101),
        Waiting(reason="asked", member=101, seat=1),
        Resumed(reason="nobody came"),
        Passed(turn=1, seat=2, usage=Usage(prompt_tokens=10, completion_tokens=1)),
        Failed(turn=2, seat=1, reason="took too long to answer"),
        Generated(turn=3, seat=0, text="So: pie.", usage=Usage(prompt_tokens=5, completion_tokens=6)),
        Summarised(turn=3, seat=0, text="So: pie.", posts=(9,)),
        Configured(seat=MCCOY, muted=True, by=ALICE),
        Paused(by=ALICE, reason="lunch"),
        Resumed(by=ALICE, turns=5, reason="more turns"),
        Left(seat=2, name="d'Artagnan McCoy"),
        Greeted(seat=1, text="Order!", posts=(10,)),
        heard("See the file.", source=11, files=1),
        Attached(source=11, name="pie.txt", text="```\n1. flour\n"),
        Configured(config=RoomConfig(topic="Is π tasty?", mode=Mode.ROUND_ROBIN, turns=30), was=Mode.DYNAMIC, by=ALICE),
        Configured(seat=ELENA, usage=Usage(prompt_tokens=2, completion_tokens=2, cost=0)),
        Configured(seat=ELENA.model_copy(update={"name": "Portia"}), was=ELENA.name, by=ALICE),
        heard("", Member(id=102, name=SOMEONE), source=12),
        Forgotten(member=102),
        heard("Pie is fine.", source=13),
        Edited(source=13, text="Pie is fine."),
        heard("", source=14),
        Deleted(source=14),
        Compacted(lines=2, text="Alice asked, Elena objects.", model="m", usage=Usage(prompt_tokens=50, cost=0.5)),
        Resumed(by=ALICE, seat=1, reason="next"),
        Planned(turn=4, seat=1, why=Why.MODE, choice=CHOICE),
        Posting(turn=4, seat=1, posts=(20,)),
        Passed(turn=4, seat=1, by=ALICE),
        Displayed(post=21),
        Failed(turn=5, seat=1, reason="took too long to answer", text="As I was (cut off)", posts=(22,)),
        Rated(source=7, seat=1, member=ALICE, rating=1),
        Generated(turn=6, seat=1, text="", model="m", usage=Usage(prompt_tokens=3, completion_tokens=1, cost=0)),
        Said(turn=6, seat=1, text="", posts=(23,)),
        Regenerated(source=23, seat=1, by=ALICE, answers=13),
        Nearing(budget=Budget.DAY, unit="tokens", used=80, limit=100),
        Came(member=ALICE),
        heard("And rye?", source=24).model_copy(update={"unheeded": True}),
        Waiting(reason="people"),
        Expired(before=START),
        Closed(reason="stopped", by=ALICE),
    )


def written(form: Format, events: Sequence[Event]) -> str:
    return b"".join(export(form, events)).decode()


def table(events: Sequence[Event]) -> list[dict[str, str]]:
    file = b"".join(export(Format.CSV, events)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file, newline=""), strict=True))
