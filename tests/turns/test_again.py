"""Whatever else happens, an answer that is to be given anew is given, once, and nobody's question is lost to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Event, Happening, Heard, Planned, Regenerated, Resumed, Said, Summarised, Why
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import MODERATOR, Member
from rooms_bot.domain.taking import anew
from rooms_bot.domain.talk import Line
from rooms_bot.engine import commands
from rooms_bot.errors import Refused
from rooms_bot.turns.decisions import Close, Pause, Speak, Wait
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words
from tests.turns.play import THEO, Play

SAM = Member(id=2, name="Sam")
ACTS = st.sampled_from(["ask", "ask", "say", "anew", "anew", "delete", "plan", "speak", "speak", "speak", "pass"])


class Evening(Play):
    """A room in which turns take their time: what people do may fall into them."""

    def act(self, what: str, number: int) -> None:
        match what:
            case "ask" | "say":
                addressed = (1 + number % 3,) if what == "ask" else ()
                self.do(commands.hear(Heard(source=self.room.next_index, member=SAM, text="?", addressed=addressed)))
            case "anew" if line := self._agents(number):
                self.do(commands.regenerate(line.sources[0], THEO))
            case "delete" if line := self._agents(number):
                self.do(commands.delete(line.sources[0]))
            case "plan" if self.room.current is None:
                self.plan()
            case "speak" | "pass":
                self.plan()
                self.end(what, number)
            case _:
                pass

    def do(self, command: commands.Command) -> None:
        for what in command(self.room):
            self.happen(what)

    def plan(self) -> bool:
        """Somebody has the turn; False where nobody is to have one."""
        if self.room.current is not None:
            return True
        match decide(self.room, by_words(self.room)):
            case Speak() as move:
                self.happen(commands.turn(self.room, move))
            case Wait(waiting=waiting) if self.room.waiting is None:
                self.happen(waiting)
            case Pause() | Close() | _:
                pass
        return self.room.current is not None

    def end(self, how: str, number: int) -> None:
        """The turn that is being taken, if any, comes out so."""
        turn = self.room.current
        if turn is None:
            return
        if how == "pass":
            self.do(commands.skip(THEO, turn))
            return
        kind = Summarised if turn.seat == MODERATOR else Said
        named = (1 + number % 3,) if number % 4 == 0 and turn.seat != 1 + number % 3 else ()
        asks = SAM.id if number % 5 == 0 else None
        posts = (self.room.next_index * 2, self.room.next_index * 2 + 1)
        said: Happening = kind(turn=turn.turn, seat=turn.seat, text="well", posts=posts, addressed=named, asks=asks)
        self.happen(said)

    def _agents(self, number: int) -> Line | None:
        lines = [line for line in self.room.lines if line.seat is not None and line.text]
        return lines[number % len(lines)] if lines else None

    def serve(self) -> None:
        """All that was asked is answered."""
        while self.room.asked_by_members:
            before = len(self.room.asked_by_members)
            assert self.plan()
            self.end("speak", 1)
            assert len(self.room.asked_by_members) < before


@given(st.lists(st.tuples(ACTS, st.integers(0, 60)), max_size=30), st.integers(0, 3), st.integers(0, 2))
@settings(deadline=None, max_examples=300)
def test_every_question_and_every_answer_to_be_given_anew_has_a_turn(
    acts: list[tuple[str, int]], orchestrator_every: int, human_every: int
) -> None:
    play = Evening(3, mode="round_robin", turns=500, orchestrator_every=orchestrator_every, human_every=human_every)
    for what, number in acts:
        play.act(what, number)
    play.end("speak", 1)
    play.serve()
    assert fold(play.events) == play.room
    again = [(event.index, event.what) for event in play.events if isinstance(event.what, Regenerated)]
    assert play.room.turns_allowed == 500 + sum(one.seat != MODERATOR for _, one in again)
    for index, one in again:
        if one.answers is not None:
            assert any(turn.seat == one.seat and turn.answers == one.answers for turn in plans_after(play, index))
    for event in play.events:
        for seat in event.what.addressed if isinstance(event.what, Heard) else ():
            assert any(turn.seat == seat and serves(turn, event) for turn in plans_after(play, event.index))


def plans_after(play: Play, index: int) -> list[Planned]:
    return [event.what for event in play.events if event.index > index and isinstance(event.what, Planned)]


def serves(turn: Planned, question: Event) -> bool:
    """What is given anew answers what it did before, and nothing else that was asked meanwhile."""
    assert isinstance(question.what, Heard)
    return not anew(turn) or turn.answers == question.what.source


def test_a_turn_that_is_given_anew_can_be_given_anew_again() -> None:
    play = Evening(2, mode="round_robin")
    play.do(commands.hear(Heard(source=1000, member=SAM, text="?", addressed=(1,))))
    for _ in range(3):
        play.act("speak", 1)
        play.do(commands.regenerate(play.room.lines[-1].sources[1], THEO))
    play.act("speak", 1)
    plans = play.plans()
    assert [(one.seat, one.answers) for one in plans] == [(1, 1000)] * 4
    assert [one.why for one in plans] == [Why.ASKED, *[Why.AGAIN] * 3]
    assert [bool(line.text) for line in play.room.lines] == [True, False, False, False, True]
    assert play.room.turns_left == 19
    assert (play.room.turns_counted, play.room.turns_wanted) == (1, 20)
    assert play.room.asked_by_members == []


def test_a_dropped_turn_is_still_to_be_given_anew() -> None:
    play = Evening(2, mode="round_robin")
    play.do(commands.hear(Heard(source=1000, member=SAM, text="?", addressed=(1,))))
    play.act("speak", 1)
    play.do(commands.regenerate(play.room.lines[-1].sources[0], THEO))
    assert play.plan()
    play.do(commands.pause(THEO))
    assert play.room.current is None
    play.happen(Resumed(by=THEO))
    play.act("speak", 1)
    assert play.plans()[-1].answers == 1000


def test_the_question_that_was_answered_being_gone_nothing_is_answered_anew() -> None:
    play = Evening(2, mode="round_robin")
    play.do(commands.hear(Heard(source=1000, member=SAM, text="?", addressed=(1,))))
    play.act("speak", 1)
    play.do(commands.regenerate(play.room.lines[-1].sources[0], THEO))
    play.do(commands.delete(1000))
    assert play.room.asked_by_members == []


def test_nothing_is_given_anew_in_a_room_that_is_over() -> None:
    play = Evening(1, mode="round_robin")
    play.act("speak", 1)
    source = play.room.lines[-1].sources[0]
    play.do(commands.stop(THEO))
    with pytest.raises(Refused, match="/room start"):
        play.do(commands.regenerate(source, THEO))
