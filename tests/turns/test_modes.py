"""What every mode honours: muted seats, seats that speak rarely, agents that only answer, greetings, sides."""

import pytest

from rooms_bot.domain.events import (
    Configured,
    Greeted,
    Joined,
    Left,
    Passed,
    Planned,
    Resumed,
    Said,
    Waiting,
    Why,
)
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import MODERATOR, Mode
from rooms_bot.turns.decisions import Greet, Speak, Wait
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words, newest
from tests.turns.play import Play, chosen, seat

MODES = pytest.mark.parametrize("mode", list(Mode))


def floor(play: Play, turns: int) -> list[int]:
    """Who speaks on an open floor."""
    for _ in range(turns):
        play.say(chosen(play))
    return [plan.seat for plan in play.plans()]


@MODES
def test_a_muted_seat_is_never_chosen(mode: Mode) -> None:
    play = Play(3, mode=mode, orchestrator_every=0, turns=100)
    play.happen(Configured(seat=play.room.seats[2], muted=True))
    assert 2 not in floor(play, 30)


@MODES
def test_talkativeness_is_the_share_of_its_chances_that_a_seat_takes(mode: Mode) -> None:
    play = Play([seat(1), seat(2), seat(3, talkativeness=0.4), seat(4)], mode=mode, orchestrator_every=0, turns=300)
    spoke = floor(play, 200)
    rarely, others = spoke.count(3), [spoke.count(number) for number in (1, 2, 4)]
    assert 10 <= rarely <= 0.75 * min(others)


@MODES
def test_a_seat_without_talkativeness_speaks_only_when_asked(mode: Mode) -> None:
    play = Play([seat(1), seat(2), seat(3, talkativeness=0)], mode=mode, orchestrator_every=0, turns=100)
    assert 3 not in floor(play, 30)
    play.hear("and you?", 3)
    assert chosen(play) == 3


@MODES
def test_where_nobody_speaks_unasked_the_room_waits_for_people(mode: Mode) -> None:
    play = Play([seat(1, talkativeness=0), seat(2, talkativeness=0)], mode=mode, orchestrator_every=0)
    play.hear("anybody?")
    assert decide(play.room, by_words(play.room)) == Wait(Waiting(reason="people"))


@MODES
def test_the_only_one_who_speaks_unasked_goes_on_alone(mode: Mode) -> None:
    play = Play([seat(1), seat(2, talkativeness=0)], mode=mode, orchestrator_every=0)
    assert floor(play, 3) == [1, 1, 1]


@MODES
def test_agents_that_answer_people_speak_once_for_each_message_and_follow_no_hand_over(mode: Mode) -> None:
    play = Play(3, mode=mode, agents_answer="people", orchestrator_every=0)
    assert decide(play.room, by_words(play.room)) == Wait(Waiting(reason="people"))
    play.hear("what now?")
    first = chosen(play)
    play.happen(Planned(turn=0, seat=first, why=Why.MODE))
    play.happen(Said(turn=0, seat=first, text="ask the others", addressed=(1, 2, 3)))
    assert decide(play.room, by_words(play.room)) == Wait(Waiting(reason="people"))


def test_where_the_chosen_one_passes_another_answers_the_person() -> None:
    play = Play(3, agents_answer="people", orchestrator_every=0)
    play.hear("what now?")
    first = chosen(play)
    play.happen(Planned(turn=0, seat=first, why=Why.MODE))
    play.happen(Passed(turn=0, seat=first))
    assert chosen(play) != first


def test_a_greeting_is_said_once_before_other_turns_and_is_no_turn() -> None:
    play = Play([seat(1), seat(2, greeting="Hello, I am new.")])
    assert decide(play.room, by_words(play.room)) == Greet(2)
    play.happen(Greeted(seat=2, text="Hello, I am new.", posts=(70,)))
    assert isinstance(decide(play.room, by_words(play.room)), Speak)
    assert play.room.turns_taken == 0
    assert newest(play.room) == play.room.config.topic


def test_a_person_is_answered_before_anybody_greets() -> None:
    play = Play([seat(1), seat(2, greeting="Hello.")])
    play.hear("A1?", 1)
    assert chosen(play) == 1


def test_who_left_does_not_greet() -> None:
    play = Play([seat(1), seat(2, greeting="Hello.")])
    play.happen(Left(seat=2, name="A2"))
    assert chosen(play) == 1


def test_a_seat_can_change_its_mind() -> None:
    play = Play([seat(1, "for"), seat(2, "against"), seat(3, "for")], mode="argumentative", orchestrator_every=0)
    play.say(1)
    assert chosen(play) == 2
    changed = play.room.seats[3].model_copy(update={"stance": "against"})
    play.happen(Configured(seat=changed))
    play.say(2)
    assert chosen(play) == 1


@pytest.mark.parametrize("after", list(Mode))
def test_a_mode_switched_in_a_live_room_loses_nothing(after: Mode) -> None:
    play = Play(3, mode="round_robin", orchestrator_every=0)
    floor(play, 4)
    before = play.room.turns_taken, len(play.room.lines), play.room.last_in_order
    play.happen(Configured(config=play.room.config.model_copy(update={"mode": after})))
    assert (play.room.turns_taken, len(play.room.lines), play.room.last_in_order) == before
    assert chosen(play) != 1


@pytest.mark.parametrize("outcome", ["said", "passed", "failed"])
def test_a_summary_is_not_given_twice_for_the_same_turns(outcome: str) -> None:
    """Nor after a restart, which folds the same events."""
    play = Play(3, mode="round_robin", orchestrator_every=2)
    floor(play, 2)
    play.step({"said": "say", "passed": "pass", "failed": "fail"}[outcome], 0)
    assert play.plans()[-1].seat == MODERATOR
    after = decide(fold(play.events), by_words(play.room))
    assert isinstance(after, Speak)
    assert after.seat != MODERATOR


def test_the_total_of_turns_is_what_was_configured_also_after_more_were_given() -> None:
    play = Play(2, mode="round_robin", turns=5, orchestrator_every=0)
    play.happen(Resumed(turns=5, reason="more turns"))
    play.happen(Configured(config=play.room.config.model_copy(update={"turns": 7})))
    assert play.room.turns_allowed == 7


@MODES
def test_a_wait_for_people_ends_once_an_agent_may_speak_of_its_own_accord(mode: Mode) -> None:
    play = Play([seat(1, talkativeness=0)], mode=mode, orchestrator_every=0)
    play.happen(Waiting(reason="people"))
    play.happen(Joined(seat=seat(2)))
    assert play.room.waiting is None
    assert chosen(play) == 2


def test_an_agent_that_only_listens_is_not_given_the_answer_to_what_it_asked() -> None:
    play = Play(3, mode="round_robin", orchestrator_every=0)
    play.happen(Planned(turn=0, seat=1, why=Why.MODE))
    play.happen(Said(turn=0, seat=1, text="Theo?", asks=1))
    play.happen(Configured(seat=play.room.seats[1], muted=True))
    play.hear("well, fine")
    assert chosen(play) == 2


def test_agents_that_answer_people_post_no_time_at_which_they_would_go_on() -> None:
    play = Play(2, agents_answer="people", human_every=1, orchestrator_every=0)
    play.hear("hello")
    play.say(chosen(play))
    assert decide(play.room, by_words(play.room)) == Wait(Waiting(reason="people"))


def test_a_greeting_that_was_deleted_still_has_its_place() -> None:
    play = Play([seat(1, greeting="Hello.")])
    play.happen(Greeted(seat=1, text="", posts=(70,)))
    assert [line.text for line in play.room.lines] == [""]


def test_a_message_soon_after_another_turn_belongs_to_the_same_question() -> None:
    play = Play(2, mode="round_robin", orchestrator_every=0)
    play.happen(Planned(turn=0, seat=1, why=Why.MODE))
    play.hear("one")
    play.happen(Said(turn=0, seat=1, text="well"))
    play.happen(Planned(turn=1, seat=2, why=Why.MODE))
    play.hear("two")
    assert play.room.current is None
    assert play.room.hold_until is not None


def test_who_has_spoken_introduces_itself_no_more() -> None:
    """Nor do the agents of a durable room that was opened before there were greetings."""
    play = Play([seat(1, greeting="Hello.")])
    play.hear("A1?", 1)
    play.say(1, why=Why.ASKED)
    assert play.room.newcomer is None
