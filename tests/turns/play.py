"""A room played by its rules alone, without tasks, agents or time."""

from datetime import UTC, datetime
from typing import Any

from rooms_bot.domain.events import (
    Event,
    Failed,
    Greeted,
    Happening,
    Heard,
    Joined,
    Opened,
    Passed,
    Planned,
    Resumed,
    Said,
    Summarised,
    Why,
)
from rooms_bot.domain.fold import apply, fold
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Place, RoomConfig, Seat
from rooms_bot.domain.talk import Ranking
from rooms_bot.turns.decisions import Close, Greet, Pause, Speak, Wait
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words

NOW = datetime(2026, 11, 21, tzinfo=UTC)
THEO = Member(id=1, name="Theo")


def seat(number: int, stance: str = "", **card: Any) -> Seat:
    return Seat(id=number, name=f"A{number}", persona=Persona(name=f"A{number}", stance=stance, **card))


class Play:
    """A room played by its rules alone."""

    def __init__(self, seats: int | list[Seat], **config: Any) -> None:
        taken = [seat(number) for number in range(1, seats + 1)] if isinstance(seats, int) else seats
        rules = RoomConfig.model_validate({"topic": "forms"} | config)
        first: list[Happening] = [
            Opened(place=Place(guild=1, channel=1, parent=1), config=rules, moderator=seat(MODERATOR), by=THEO),
            *(Joined(seat=one) for one in taken),
        ]
        self.events = [Event(index=index, at=NOW, what=what) for index, what in enumerate(first)]
        self.room = fold(self.events)

    def happen(self, what: Happening) -> None:
        self.events.append(Event(index=self.room.next_index, at=NOW, what=what))
        apply(self.room, self.events[-1])

    def step(self, outcome: str, target: int) -> bool:
        """Carry out the next decision, the turn coming out as `outcome`; False once the room is over or stuck."""
        match decide(self.room, by_words(self.room)):
            case Greet(seat=number):
                self.happen(Greeted(seat=number, text="hello"))
            case Speak(seat=number, why=why, choice=choice):
                turn = self.room.next_turn
                self.happen(Planned(turn=turn, seat=number, why=why, choice=choice))
                self.happen(self._outcome(outcome, turn, number, target))
            case Wait(waiting=waiting):
                self.happen(waiting)
                self.happen(Heard(source=self.room.next_index, member=THEO, text="go on"))
            case Pause():
                self.happen(Resumed())
            case Close():
                return False
        return True

    def _outcome(self, outcome: str, turn: int, number: int, target: int) -> Happening:
        if outcome == "pass":
            return Passed(turn=turn, seat=number)
        if outcome == "fail":
            return Failed(turn=turn, seat=number, reason="failed")
        named = (target,) if target in self.room.seats and target != number else ()
        kind = Summarised if number == MODERATOR else Said
        return kind(turn=turn, seat=number, text="well", addressed=named, asks=1 if outcome == "ask" else None)

    def plans(self) -> list[Planned]:
        return [event.what for event in self.events if isinstance(event.what, Planned)]

    def hear(self, text: str, *addressed: int) -> None:
        self.happen(Heard(source=self.room.next_index, member=THEO, text=text, addressed=addressed))

    def say(self, number: int, text: str = "well", why: Why = Why.MODE) -> None:
        """A whole turn of this seat."""
        turn = self.room.next_turn
        self.happen(Planned(turn=turn, seat=number, why=why))
        self.happen(Said(turn=turn, seat=number, text=text))


def chosen(play: Play, ranking: Ranking | None = None) -> int:
    """The seat that speaks next."""
    move = decide(play.room, ranking or by_words(play.room))
    assert isinstance(move, Speak)
    return move.seat
