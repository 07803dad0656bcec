"""A room for tests, put together from events as the engine would."""

from datetime import UTC, datetime, timedelta

from rooms_bot.domain.events import Deleted, Event, Happening, Heard, Joined, Opened, Planned, Said, Summarised, Why
from rooms_bot.domain.fold import apply, fold
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Mode, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState

START = datetime(2026, 1, 1, tzinfo=UTC)
THEO = Member(id=7, name="Theo", background="runs a bakery")
CARS = "Should the city ban cars?"


def seat(number: int, name: str, **persona: object) -> Seat:
    return Seat(id=number, name=name, persona=Persona.model_validate({"name": name, **persona}))


class TestRoom:
    """`room.state` is the fold of what the methods let happen."""

    __test__ = False

    def __init__(self, *seats: Seat, topic: str = CARS, mode: Mode = Mode.DYNAMIC, language: str = "") -> None:
        config = RoomConfig(topic=topic, mode=mode, language=language)
        moderator = seat(MODERATOR, "Moderator", role="keeps the thread")
        opened = Opened(place=Place(guild=1, channel=2, parent=2), config=config, moderator=moderator, by=THEO)
        self.state: RoomState = fold([Event(index=0, at=START, what=opened)])
        for one in seats or (seat(1, "Ada", role="engineer"), seat(2, "Mara", role="organiser")):
            self.happen(Joined(seat=one))

    def happen(self, what: Happening) -> None:
        index = self.state.next_index
        apply(self.state, Event(index=index, at=START + timedelta(seconds=index), what=what))

    def heard(self, text: str, member: Member = THEO, reply_to: int | None = None) -> int:
        """A member says it; the id of its message."""
        source = 1000 + self.state.next_index
        self.happen(Heard(source=source, member=member, text=text, reply_to=reply_to))
        return source

    def said(self, number: int, text: str) -> int:
        """A seat says it in a turn of its own; the id of its message."""
        post = 5000 + self.state.next_index
        kind = Summarised if number == MODERATOR else Said
        self.happen(kind(turn=self.planned(number).turn, seat=number, text=text, posts=(post,)))
        return post

    def planned(self, number: int, why: Why = Why.MODE, by: str = "", answers: int | None = None) -> Planned:
        planned = Planned(turn=self.state.next_turn, seat=number, why=why, by=by, answers=answers)
        self.happen(planned)
        return planned

    def deleted(self, source: int) -> None:
        self.happen(Deleted(source=source))
