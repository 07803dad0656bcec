"""A room to keep, and things that happen in one."""

from datetime import UTC, datetime, timedelta

from rooms_bot.domain.events import (
    Attached,
    Candidate,
    Choice,
    Closed,
    Compacted,
    Configured,
    Deleted,
    Edited,
    Event,
    Failed,
    Forgotten,
    Generated,
    Greeted,
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
from rooms_bot.domain.rooms import Member, Memory, Place, RoomConfig, Seat
from rooms_bot.ports import Journal, RoomRecord

START = datetime(2026, 3, 1, 12, 0, 0, 123_000, UTC)
SNOWFLAKE = 2**63 - 1
ALICE = Member(id=SNOWFLAKE, name="Alice 🌍", background="a nurse")
HOST = Seat(id=0, name="Host", persona=Persona(name="Host"))
ADA = Seat(id=1, name="Ada", persona=Persona(name="Ada", expertise=("sums", "C++"), prompt='You "count".\n\n```x```'))
CANDIDATE = Candidate(seat=1, relevance=0.5, thread=-0.25, total=0.25)
BOB = Seat(id=2, name="Bob", persona=Persona(name="Bob"), instructions="be brief", model="m", temperature=0.5)


class TurnedClock:
    """It goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def now(self) -> float:
        self.seconds += 1
        return self.seconds


def record(**changes: object) -> RoomRecord:
    whole = RoomRecord(
        id=0,
        place=Place(guild=SNOWFLAKE, channel=SNOWFLAKE - 1, parent=7),
        config=RoomConfig(topic="Is π tasty?", memory=Memory.DURABLE),
        moderator=HOST,
        seats=(BOB, ADA),
        opened_by=ALICE,
        opened_at=START,
    )
    return whole.model_copy(update=changes)


def numbered(*happenings: Happening, first: int = 0) -> list[Event]:
    return [
        Event(index=index, at=START + timedelta(milliseconds=index), what=what)
        for index, what in enumerate(happenings, first)
    ]


def heard(text: str, source: int = SNOWFLAKE) -> Heard:
    return Heard(source=source, member=ALICE, text=text, addressed=(2, 1))


def every_kind() -> list[Event]:
    room = record()
    return numbered(
        Opened(place=room.place, config=room.config, moderator=HOST, by=ALICE),
        Joined(seat=ADA),
        Joined(seat=BOB, by=ALICE),
        heard("What is\nthis? 😀 ⅞"),
        Planned(turn=0, seat=1, why=Why.ASKED, by="Alice 🌍", answers=SNOWFLAKE),
        Generated(turn=0, seat=1, text="A sum.", model="m", seconds=0.25, usage=Usage(prompt_tokens=3, cost=0.001)),
        Said(turn=0, seat=1, text="A sum.", posts=(5, 6), addressed=(2,), asks=ALICE.id),
        Waiting(reason="asked", member=ALICE.id, seat=1, until=START),
        Resumed(by=ALICE, reason="next"),
        Passed(turn=1, seat=2, usage=Usage(completion_tokens=1)),
        Failed(turn=2, seat=1, reason="took too long to answer"),
        Summarised(turn=3, seat=0, text="So far: sums."),
        Configured(seat=ADA, muted=True, by=ALICE),
        Edited(source=SNOWFLAKE, text="What is that?"),
        Deleted(source=SNOWFLAKE),
        Paused(by=ALICE, reason="lunch"),
        Left(seat=2, name="Bob", unserved=(ALICE.name,)),
        Attached(source=SNOWFLAKE, name="plan.md", text="# Mine\n"),
        Greeted(seat=1, text="Hello.", posts=(7,)),
        Planned(turn=4, seat=1, why=Why.MODE, choice=Choice(by="words", confidence=0.5, candidates=(CANDIDATE,))),
        Passed(turn=4, seat=1, by=ALICE),
        Compacted(lines=3, text="They spoke of sums.", model="m", usage=Usage(prompt_tokens=9)),
        Configured(config=room.config, by=ALICE),
        Forgotten(member=ALICE.id),
        Closed(reason="stopped", by=ALICE, unserved=("Alice 🌍", "Bo"), kept_until=START),
    )


async def kept(journal: Journal, room: int, after: int = -1) -> list[Event]:
    return [event async for event in journal.events(room, after)]
