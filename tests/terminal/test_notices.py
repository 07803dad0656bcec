"""What somebody at the terminal is told of a room, in the words and commands that there are here."""

import re

import pytest

from rooms_bot.domain.events import Closed, Compacted, Configured, Event, Happening, Paused
from rooms_bot.domain.rooms import Mode
from rooms_bot.terminal.notices import guide, here, notice, opening, roster, status
from rooms_bot.terminal.orders import ORDERS
from tests.models.rooms import START, TestRoom, seat


def voice(_: object) -> str:
    return "without a model, in prepared sentences"


def told(room: TestRoom, what: Happening, *, stays: bool = True) -> str:
    room.happen(what)
    return notice(Event(index=room.state.next_index, at=START, what=what), room.state, stays=stays)


def test_who_opens_a_room_is_told_how_to_begin() -> None:
    room = TestRoom(seat(1, "Ada", role="engineer"), seat(2, "Mara", role="organiser"), topic="Bread")
    assert opening(room.state, voice).splitlines() == [
        "Bread",
        "- Ada, engineer",
        "- Mara, organiser",
        "- Moderator sums up every 5 turns",
        "Whoever knows most about it, 20 turns. They speak without a model, in prepared sentences.",
    ]
    assert guide(room.state) == (
        "Say something at any time; @Ada asks Ada. "
        "/help names the commands, Ctrl-C skips a thought, /stop ends the room."
    )


def test_an_argument_shows_who_is_on_which_side() -> None:
    room = TestRoom(seat(1, "Ada", role="engineer"), seat(2, "Mara", stance="against"), mode=Mode.ARGUMENTATIVE)
    room.happen(Configured(seat=room.state.seats[2], muted=True))
    assert roster(room.state, ["Ada", "Mara", "Noor"]).splitlines() == [
        "Ada, engineer (for)",
        "Mara (against; only listens)",
        "Not here yet (/invite): Noor.",
    ]
    assert "- Ada, engineer (for)" in opening(room.state, voice)


def test_how_a_room_stands_says_what_agents_read_in_short() -> None:
    room = TestRoom(topic="Bread")
    room.said(1, "Rye.")
    room.happen(Compacted(lines=1, text="Rye."))
    lines = status(room.state).splitlines()
    assert "1 turn taken (0 of them passes), 19 left." in lines
    assert "Moderator sums up every 5 turns." in lines
    assert "The first 1 messages are summed up for the agents." in lines


@pytest.mark.parametrize(("count", "sentence"), [(1, "The one turn is taken"), (2, "All 2 turns are taken")])
def test_where_all_turns_are_taken_the_next_step_is_told_to_who_can_take_it(count: int, sentence: str) -> None:
    room = TestRoom()
    for number in range(count):
        room.said(number + 1, "Rye.")
    alone = told(room, Closed(reason="turns"), stays=False)
    assert alone == f"{sentence} and the room is over."
    assert told(room, Closed(reason="turns")) == f"{alone} /extend lets it go on for as many turns again, /stop leaves."


def test_a_pause_of_agents_who_only_listen_tells_the_way_out() -> None:
    room = TestRoom()
    for one in list(room.state.seats.values()):
        room.happen(Configured(seat=one, muted=True))
    sentence = told(room, Paused(reason="no agent is left to speak"))
    assert sentence == (
        "The room is paused: every agent here only listens. /unmute lets one take turns again; @Ada asks one."
    )


def test_sentences_for_every_door_name_the_commands_there_are_here() -> None:
    sentence = here("`/orchestrator now` asks for a summary, `/agent unmute` and `@Ada`. /room next helps.")
    assert sentence == "/summary asks for a summary, /unmute and @Ada. /next helps."
    assert set(re.findall(r"/(\w+)", sentence)) <= {order.name for order in ORDERS}
