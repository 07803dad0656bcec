"""The panel shows all there is to know of a room at a glance, within what Discord takes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
import pytest

from rooms_bot.chat.panel import MOST_PORTRAITS, MOST_TEXT, OVER, Sights, panel
from rooms_bot.chat.panel_words import taking_part
from rooms_bot.domain.events import (
    Closed,
    Compacted,
    Configured,
    Generated,
    Happening,
    Heard,
    Joined,
    Passed,
    Paused,
    Planned,
    Regenerated,
    Resumed,
    Said,
    Usage,
    Waiting,
    Why,
)
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Limits, Member, Seat
from rooms_bot.domain.state import RoomState
from tests.chat.test_answers import SEATED
from tests.chat.test_render import NOW, THEO, room

Wire = dict[str, Any]
FACE = "https://cdn.example/emojis/123.png"


def wire(state: RoomState, **sights: Any) -> Wire:
    """The container, as Discord gets it."""
    (container,) = drawn(state, **sights).to_components()  # type: ignore[no-untyped-call]
    found: Wire = container
    return found


def drawn(state: RoomState, **sights: Any) -> discord.ui.LayoutView:
    return panel(state, 5, Sights(**{"voice": lambda _: "with a model, on this machine"} | sights))


def walk(component: Wire) -> Iterator[Wire]:
    yield component
    inner = [*component.get("components", []), *([component["accessory"]] if "accessory" in component else [])]
    for one in inner:
        yield from walk(one)


def text(state: RoomState, **sights: Any) -> str:
    return "\n".join(one["content"] for one in walk(wire(state, **sights)) if one["type"] == 10)


def buttons(state: RoomState) -> list[str]:
    return [one["label"] for one in walk(wire(state)) if one["type"] == 2]


def crowd(count: int, size: int) -> list[Happening]:
    """Agents whose names, roles and sides are as long as they may be, and all to be escaped."""
    return [
        Joined(
            seat=Seat(
                id=number,
                name=f"{'*' * (size - 2)}{number:02}",
                persona=Persona(name="x", role="_" * 200, talkativeness=0.5),
                stance="~" * 100,
            )
        )
        for number in range(1, count + 1)
    ]


def test_all_that_the_opening_has_to_tell_is_told() -> None:
    said = text(room(mode="argumentative", orchestrator_every=3))
    for words in (
        "## What is \\*time\\*? \\@everyone",
        "**A\\_1** `APP`",
        "-# for",
        "-# against",
        "**Moderator** sums up every 3 turns.",
        "Side against side",
        "0 of 20 turns taken.",
        "They speak with a model, on this machine.",
        "`@A_1`, or reply to what A\\_1 says",
        "passed on to the model",
        "/profile ignore",
        "in memory only, until 15 minutes after its end",
    ):
        assert words in said
    assert "in the bot's database" in text(room(memory="durable"))
    assert "when one of you has spoken" in text(room(agents_answer="people"))


def test_a_face_is_beside_each_of_a_few_and_before_each_of_many() -> None:
    few = wire(room(), faces={1: FACE, 2: FACE})
    sections = [one for one in walk(few) if one["type"] == 9]
    assert [one["accessory"]["media"]["url"] for one in sections] == [FACE, FACE]
    many = wire(room(seats=MOST_PORTRAITS + 1), faces={1: FACE})
    assert not [one for one in walk(many) if one["type"] == 9]
    assert "<:face:123> **A\\_1** `APP`" in text(room(seats=MOST_PORTRAITS + 1), faces={1: FACE})


def test_the_number_of_turns_is_the_one_that_was_asked_for_also_after_one_was_taken_again() -> None:
    turns: list[Happening] = [
        Planned(turn=0, seat=1, why=Why.MODE),
        Generated(turn=0, seat=1, text="x"),
        Said(turn=0, seat=1, text="x", posts=(5,)),
        Regenerated(source=5, seat=1, by=THEO),
        Planned(turn=1, seat=1, why=Why.AGAIN),
        Passed(turn=1, seat=1),
    ]
    assert "0 of 20 turns taken." in text(room(*turns[:4]))
    assert "1 of 20 turns taken, 1 of them a pass." in text(room(*turns))


def test_without_faces_the_agents_are_there_all_the_same() -> None:
    assert "**A\\_2** `APP`" in text(room())


@pytest.mark.parametrize("seats", range(1, 13))
def test_what_discord_takes_is_never_exceeded(seats: int) -> None:
    state = room(*crowd(seats, 80), topic="*" * 300, mode="argumentative", human_every=3)
    faces = dict.fromkeys(state.seats, FACE)
    view = drawn(state, faces=faces, voice=lambda seat: f"with {'m' * 60}{seat.id}", figures=["f" * 500] * 3)
    assert view.content_length() <= MOST_TEXT
    assert len(list(view.walk_children())) <= 40


def test_a_name_that_looks_like_a_members_bears_the_mark_and_cannot_undo_it() -> None:
    seat = Seat(id=3, name="Theo* `", persona=Persona(name="x"))
    assert "**Theo\\* \\`** `APP`" in text(room(Joined(seat=seat)))


def test_what_an_agent_helps_with_is_told_beside_its_face_and_not_where_there_are_many() -> None:
    helpful = Persona(name="x", role="baker", description="Helps with *dough*.")
    few = [Joined(seat=Seat(id=number, name=f"B{number}", persona=helpful)) for number in (1, 2)]
    assert "**B1** `APP`\nBaker\n-# Helps with \\*dough\\*." in text(room(*few))
    assert "dough" not in text(room(*few, seats=12))


def test_who_holds_back_and_what_is_coming_is_told() -> None:
    said = text(room(SEATED, Configured(seat=SEATED.seat, muted=True, by=THEO), mode="argumentative"))
    assert "-# against; only listens; talkativeness 0.5" in said
    assert "A summary comes next." not in said
    assert "A summary comes next." in text(room(Resumed(reason="summary", by=THEO)))


def test_the_rules_in_force_are_told_and_no_others() -> None:
    said = text(room(agents_answer="people", selector="model", human_every=1, pace=1.5))
    assert "Whoever knows most about it; where its words leave it open, a model judges" in said
    assert "after 1 turn the agents wait for a person; at least 1.5 seconds lie between two agents' posts." in said
    assert "Everyone in turn." in text(room(mode="round_robin", selector="model", pace=0))


def test_turns_and_passes_are_counted_and_whose_turn_it_is_is_told() -> None:
    turn = Planned(turn=0, seat=1, why=Why.MODE)
    assert "It is A\\_1's turn." in text(room(turn))
    assert "1 of 20 turns taken, 1 of them a pass." in text(room(turn, Passed(turn=0, seat=1)))


def test_the_orchestrators_model_is_named_too_and_each_only_once() -> None:
    said = text(room(), voice=lambda seat: "with another" if seat.id == 0 else "with one")
    assert "They speak with one and with another." in said


def test_what_was_summed_up_for_the_agents_is_told() -> None:
    assert "The first 120 messages are summed up" in text(room(Compacted(lines=120, text="So far.")))


def test_tokens_and_money_are_told_and_an_unknown_price_is_no_price() -> None:
    spent = Generated(turn=0, seat=1, text="x", usage=Usage(prompt_tokens=1200, completion_tokens=30, cost=0.25))
    unpriced = Generated(turn=1, seat=1, text="x", usage=Usage(prompt_tokens=100, completion_tokens=10))
    assert "tokens" not in text(room())
    assert all(one["content"] for one in walk(wire(room())) if one["type"] == 10)
    assert "1,200 tokens read, 30 written: $0.25." in text(room(spent))
    assert "100 tokens read, 10 written: of unknown price." in text(room(unpriced))
    assert "$0.25, some of it of unknown price." in text(room(spent, unpriced))


def test_budgets_are_told_as_who_keeps_the_accounts_says_and_not_reckoned_anew() -> None:
    """What a model costs that costs nobody anything is spent, and counts for no budget."""
    spent = Generated(turn=0, seat=1, text="x", usage=Usage(prompt_tokens=1200, completion_tokens=30, cost=0))
    said = text(room(spent, budget=Limits(tokens=500)), figures=["This room: 0 of 500 tokens", "Today: 3 of 4."])
    assert "-# This room: 0 of 500 tokens" in said
    assert "-# Today: 3 of 4." in said
    assert "1,230 of 500" not in said
    assert "budget" not in text(room())


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (Waiting(reason="interval", until=NOW + timedelta(seconds=60)), "**Waiting** for a word of yours."),
        (Waiting(reason="everyone passed"), "Everyone has passed: **waiting**"),
        (Waiting(reason="people"), "**Waiting** for someone to say something."),
        (Waiting(reason="asked", member=1, seat=2), "**Waiting** for Theo\\*'s answer to A\\_2."),
        (Paused(by=THEO), "**Paused** by Theo\\*."),
        (Paused(by=THEO, reason="lunch"), "**Paused** by Theo\\*: lunch."),
        (Paused(reason="the budget is used up"), "**Paused:** the budget is used up."),
        (Closed(reason="turns", kept_until=NOW), "**Over.** All turns are taken."),
        (Closed(reason="gone", kept_until=NOW), "**Over.** Nothing more can be posted here."),
    ],
    ids=lambda value: getattr(value, "reason", None),
)
def test_it_says_how_the_room_stands_and_why(what: Happening, words: str) -> None:
    state = room(Heard(source=1, member=Member(id=1, name="Theo*"), text="hello"), what)
    assert words in text(state)


def test_where_every_agent_only_listens_the_pause_says_so() -> None:
    muted = [Configured(seat=seat, muted=True, by=THEO) for seat in room().seats.values()]
    assert "every agent here only listens" in text(room(*muted, Paused(reason="no agent is left to speak")))


def test_the_buttons_are_those_that_can_be_pressed_now() -> None:
    assert buttons(room()) == ["Join", "Export", "Pause", "Next", "Summary now", "Stop"]
    assert buttons(room(Paused(by=THEO))) == ["Join", "Export", "Resume", "Next", "Summary now", "Stop"]
    assert buttons(room(Closed(reason="stopped", kept_until=NOW))) == ["Export", "Continue"]
    assert buttons(room(Closed(reason="discarded"))) == []
    assert wire(room(Closed(reason="stopped", kept_until=NOW)))["accent_color"] == OVER


def test_a_room_that_is_over_invites_nobody_to_speak() -> None:
    said = text(room(Closed(reason="stopped", kept_until=NOW)))
    assert "Say something" not in said
    assert "passed on" not in said


def test_who_joins_is_told_whom_to_ask_and_what_becomes_of_it() -> None:
    told = taking_part(room(SEATED))
    for words in ("`@A_1`, `@A_2` and `@Kenji 2`", "`@all`", "/profile set", "/profile ignore"):
        assert words in told
    assert len(taking_part(room(*crowd(12, 80)))) <= 2000
