"""What people are told, and what they are not."""

from datetime import UTC, datetime, timedelta

import pytest

from rooms_bot.chat.deeds import deed
from rooms_bot.chat.render import notice
from rooms_bot.domain.events import (
    Attached,
    Closed,
    Compacted,
    Configured,
    Event,
    Expired,
    Failed,
    Forgotten,
    Greeted,
    Happening,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Rebuilt,
    Recalled,
    Resumed,
    Tally,
    Waiting,
)
from rooms_bot.domain.fold import fold
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState

NOW = datetime(2026, 11, 21, tzinfo=UTC)
THEO = Member(id=1, name="Theo*")


def room(*more: Happening, seats: int = 2, **config: object) -> RoomState:
    rules = RoomConfig.model_validate({"topic": "What is *time*? @everyone"} | config)
    moderator = Seat(id=0, name="Moderator", persona=Persona(name="Moderator"))
    first: list[Happening] = [
        Opened(place=Place(guild=9, channel=7, parent=7), config=rules, moderator=moderator, by=THEO),
        *(
            Joined(seat=Seat(id=number, name=f"A_{number}", persona=Persona(name=f"A_{number}", role="x" * 150)))
            for number in range(1, seats + 1)
        ),
    ]
    return fold(Event(index=index, at=NOW, what=what) for index, what in enumerate((*first, *more)))


def told(what: Happening, state: RoomState) -> str | None:
    shown = notice(Event(index=state.next_index, at=NOW, what=what), state, 5)
    return shown.text if shown else None


def test_a_failure_is_one_short_line_without_details() -> None:
    text = told(Failed(turn=0, seat=1, reason="could not be reached"), room())
    assert text is not None
    assert text.startswith("-# ")
    assert "could not be reached" in text
    assert "\n" not in text


def test_the_third_failure_says_that_the_agent_is_left_out_and_how_to_bring_it_back() -> None:
    failure = Failed(turn=0, seat=1, reason="could not be reached")
    text = told(failure, room(failure, failure, failure))
    assert text is not None
    assert "/room resume" in text


def test_waiting_says_for_whom_and_until_when() -> None:
    text = told(Waiting(reason="interval", until=NOW + timedelta(seconds=60)), room())
    assert text is not None
    assert f"<t:{int(NOW.timestamp()) + 60}:R>" in text


def test_passes_are_silent_and_a_skipped_turn_is_a_small_line() -> None:
    assert told(Passed(turn=0, seat=1), room()) is None
    assert told(Passed(turn=0, seat=1, by=THEO), room()) == "-# A\\_1 was skipped by Theo\\*."


def test_another_mode_and_another_name_are_told() -> None:
    rules = room(mode="argumentative").config
    changed = Configured(config=rules, was="dynamic", changed=("mode",), by=THEO)
    assert told(changed, room(changed)) == "**Theo\\*** changed the rules: side against side from now on."
    seat = Seat(id=1, name="Kenji", persona=Persona(name="Kenji", role="nurse"))
    assert told(Configured(seat=seat, was="A_1", by=THEO), room()) == "**A\\_1** is now **Kenji**, nurse."


def test_a_topic_turns_and_when_agents_answer_are_told_as_they_are_now() -> None:
    rules = room(topic="*Rye*", turns=7, agents_answer="people", language="German").config
    changed = Configured(config=rules, changed=("turns", "language", "agents_answer", "topic"), by=THEO)
    assert told(changed, room(changed)) == (
        "**Theo\\*** changed the rules: the topic is “\\*Rye\\*”; agents speak only when a person has; "
        "the room ends after 7 turns, of which 0 are taken."
    )


def test_who_lets_the_room_go_on_is_told_and_for_how_long() -> None:
    assert told(Resumed(reason="resumed", by=THEO), room()) == "**Theo\\*** let the room go on."
    more = Resumed(reason="more turns", turns=1, by=THEO)
    assert told(more, room()) == "**Theo\\*** let the room go on for one more turn."
    assert told(Resumed(reason="more turns", turns=20), room()) == "The room goes on for 20 more turns."


SILENT = (
    Configured(seat=room().seats[1]),
    Configured(config=room().config, changed=("pace",), by=THEO),
    Greeted(seat=1, text="Hello.", posts=(1,)),
    Compacted(lines=3, text="So far."),
    Attached(source=1, name="a.txt", text="x"),
    Forgotten(member=1),
    Waiting(reason="people"),
)


@pytest.mark.parametrize("what", SILENT, ids=lambda what: what.kind)
def test_what_shows_itself_or_is_nobodys_business_is_not_told(what: Happening) -> None:
    assert told(what, room()) is None


def test_who_was_not_served_is_told() -> None:
    text = told(Left(seat=1, name="A_1", unserved=("Sam",)), room())
    assert text is not None
    assert "Sam" in text


@pytest.mark.parametrize("reason", ["turns", "stopped", "idle", "restarted"])
def test_the_end_says_why(reason: str) -> None:
    closed = Closed.model_validate({"reason": reason, "kept_until": NOW})
    text = told(closed, room(closed))
    assert text is not None
    assert "over" in text


def test_a_pause_says_how_to_go_on() -> None:
    text = told(Paused(by=THEO), room())
    assert text is not None
    assert "/room resume" in text
    assert "Theo\\*" in text


def test_where_every_agent_only_listens_the_pause_says_how_one_speaks_again() -> None:
    stuck = Paused(reason="no agent is left to speak")
    state = room()
    first, second = (Configured(seat=seat, muted=True, by=THEO) for seat in state.seats.values())
    assert told(stuck, room(first, second)) == (
        "The room is paused: every agent here only listens. `/agent unmute` lets one take turns again; `@A_1` asks one."
    )
    some = told(stuck, room(first))
    assert some is not None
    assert "`/agent unmute` who only listens" in some
    assert "unmute" not in (told(stuck, state) or "")
    assert "unmute" not in (told(Paused(by=THEO), room(first, second)) or "")


def test_a_restart_is_told_with_how_much_was_read_again() -> None:
    again = "The bot was restarted. The 1,204 messages said here before were read again from the channel."
    assert told(Rebuilt(tally=Tally(), lines=1204), room()) == f"{again} The room goes on."
    assert told(Rebuilt(tally=Tally()), room()) == "The bot was restarted. The room goes on."


def test_a_room_that_was_paused_is_said_to_be_so_still() -> None:
    paused = Paused(by=THEO, reason="lunch")
    text = told(rebuilt := Rebuilt(tally=Tally(paused=paused), lines=1), room(rebuilt))
    assert text == (
        "The bot was restarted. The 1 message said here before was read again from the channel. "
        "The room is paused by **Theo\\***: lunch. `/room resume` lets it go on."
    )


def test_what_was_read_again_and_what_is_not_kept_is_not_told_in_the_channel() -> None:
    state = room()
    assert told(Recalled(name="Theo*", text="hello", posts=(3,), member=THEO), state) is None
    assert told(Expired(before=NOW), state) is None


def test_the_log_channel_is_told_that_words_are_no_longer_kept() -> None:
    said = deed(Event(index=3, at=NOW, what=Expired(before=NOW)), room())
    assert said == "What was said here before <t:1795219200:f> was deleted, as it is kept for so long only"
