"""A room in which everything happens that can, and ways to read what became of it."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rooms_bot.domain.events import (
    Closed,
    Configured,
    Event,
    Failed,
    Generated,
    Happening,
    Heard,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Planned,
    Resumed,
    Said,
    Summarised,
    Usage,
    Waiting,
    Why,
)
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig, Seat
from rooms_bot.export.files import Format, export

START = datetime(2026, 3, 1, 12, 0, 0, 500_000, UTC)
ALICE = Member(id=101, name="Alice")
HOST = Seat(id=0, name="Host", persona=Persona(name="Host"))
ELENA = Seat(id=1, name="Elena (The Lawyer)", persona=Persona(name="Elena (The Lawyer)", role="Lawyer"))
MCCOY = Seat(id=2, name="d'Artagnan McCoy", persona=Persona(name="d'Artagnan McCoy"), model="ollama/llama_3")
OPENED = Opened(
    place=Place(guild=1, channel=2, parent=2), config=RoomConfig(topic="Is π tasty?"), moderator=HOST, by=ALICE
)


def numbered(*happenings: Happening) -> list[Event]:
    return [Event(index=index, at=START + timedelta(seconds=index), what=what) for index, what in enumerate(happenings)]


def room(*happenings: Happening) -> list[Event]:
    """A room with two agents, in which this happens."""
    return numbered(OPENED, Joined(seat=ELENA), Joined(seat=MCCOY, by=ALICE), *happenings)


def heard(text: str, member: Member = ALICE, source: int = 1) -> Heard:
    return Heard(source=source, member=member, text=text)


def whole() -> list[Event]:
    return room(
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
        Closed(reason="stopped", by=ALICE),
    )


def written(form: Format, events: Sequence[Event]) -> str:
    return b"".join(export(form, events)).decode()


def table(events: Sequence[Event]) -> list[dict[str, str]]:
    file = b"".join(export(Format.CSV, events)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file, newline=""), strict=True))
