"""Interactions that Discord would never send: the bot lives, stays connected, and does the next thing it is asked."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms_bot.chat.bot import RoomsBot
from rooms_bot.sandbox.server import Sandbox
from tests.security.fuzzing import examples
from tests.security.hand import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Hand, Wire
from tests.wire.channel import Channel

JUNK: list[Any] = [
    *(None, "", [], {}, True, -1, 0, 1.5, 5, 99, 2**70, "x" * 6000, "\ud800\0", ["x"], {"a": {}}, "99999999999999999"),
    *("rooms:nothing:1", "rooms:stop:0", "rooms:export:99999", f"rooms:end:{'9' * 90}", f"rooms:more:{2**63}"),
]
GONE = object()
Place = tuple[str | int, ...]
Changes = list[tuple[int, Any]]

CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from([GONE, *JUNK])), min_size=1, max_size=4)
"""Which of a payload's places is changed, and to what."""


def places(part: Any, at: Place = ()) -> Iterator[Place]:
    found = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, below in found:
        yield (*at, key)
        yield from places(below, (*at, key))


def changed(payload: Wire, changes: Changes) -> Wire:
    made = copy.deepcopy(payload)
    for number, value in changes:
        there = list(places(made))
        *way, last = there[number % len(there)]
        part: Any = made
        for key in way:
            part = part[key]
        if value is GONE:
            del part[last]
        else:
            part[last] = copy.deepcopy(value)
    return made


def place_of(payload: Wire, *way: str | int) -> int:
    return list(places(payload)).index(way)


@pytest.fixture
async def hand(lounge: Channel, sandbox: Sandbox) -> Hand:
    await lounge.do("room start", topic="Bread", agents="Ada,Kenji", agents_answer="people", pace=0)
    return Hand(sandbox, lounge.user, lounge.id)


Kinds = list[tuple[str, Callable[[Hand, Wire], Wire]]]
KINDS: Kinds = [
    ("command", lambda hand, _: hand.event(COMMAND, hand.typed("room configure", {"topic": "Rye", "turns": 30}))),
    ("seat", lambda hand, _: hand.event(COMMAND, hand.typed("agent configure", {"agent": "Ada", "stance": "for"}))),
    ("typing", lambda hand, _: hand.event(AUTOCOMPLETE, typing(hand))),
    ("press", lambda hand, panel: hand.event(COMPONENT, pressing("rooms:pause:1"), panel)),
    ("stray", lambda hand, panel: hand.event(COMPONENT, pressing("nobody's"), panel)),
    ("form", lambda hand, panel: hand.event(MODAL, FORM, panel)),
    ("menu", lambda hand, panel: hand.event(COMMAND, menu(hand, panel))),
]
FORM: Wire = {
    "custom_id": "f",
    "components": [
        {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "name", "value": "Ada"}},
        {"type": 18, "id": 3, "component": {"type": 3, "id": 4, "custom_id": "mode", "values": ["dynamic"]}},
    ],
}


def typing(hand: Hand) -> Wire:
    data = hand.typed("agent show", {"agent": "A"})
    data["options"][0]["options"][0]["focused"] = True
    return data


def pressing(custom_id: str) -> Wire:
    return {"component_type": 2, "custom_id": custom_id, "id": 3}


def menu(hand: Hand, message: Wire) -> Wire:
    command = next(one for one in hand.known() if one["name"] == "Who said this?")
    found = {"messages": {message["id"]: message}}
    return {
        "id": command["id"],
        "name": command["name"],
        "type": 3,
        "target_id": message["id"],
        "resolved": found,
    }


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
@examples(25)
@example(changes=[(0, GONE)])
@example(changes=[(7, ["x"])])
@given(changes=CHANGES)
async def test_a_mutilated_interaction_costs_nothing_but_itself(
    kind: str, changes: Changes, hand: Hand, lounge: Channel, sandbox: Sandbox
) -> None:
    panel = (await lounge.ask("room status")).message
    assert panel is not None
    hand.throw(changed(dict(KINDS)[kind](hand, panel), changes))
    assert await lounge.do("agent list")
    assert (sandbox.gateway.sessions.identified, sandbox.gateway.sessions.resumed) == (1, 0)


async def test_an_event_that_cannot_be_read_does_not_end_the_connection(
    hand: Hand, lounge: Channel, sandbox: Sandbox, bot: RoomsBot, caplog: pytest.LogCaptureFixture
) -> None:
    """discord.py lets the fault out of its connection; one made anew would bring the same guild again."""
    for name in ("INTERACTION_CREATE", "GUILD_CREATE", "MESSAGE_CREATE", "CHANNEL_UPDATE", "MESSAGE_REACTION_ADD"):
        hand.throw({"id": ["x"]}, name)
    assert await lounge.do("agent list")
    assert sandbox.gateway.sessions.identified == 1
    assert not bot.is_closed()
    assert "could not be read and is left out" in caplog.text


@pytest.mark.parametrize(
    "custom", ["rooms:nothing:1", "rooms:stop:0", f"rooms:end:{'9' * 80}", f"rooms:export:{2**63}", "rooms:go_on:77"]
)
async def test_a_button_that_was_never_made_is_answered_with_a_sentence(
    custom: str, hand: Hand, lounge: Channel
) -> None:
    panel = (await lounge.ask("room status")).message
    assert panel is not None
    forged = json.loads(json.dumps(panel).replace("rooms:pause:1", custom))
    reply = await (await hand.press(forged, custom)).settled(15)
    assert reply.kind != "failed", reply.error
    told = lounge.messages()[-1]["content"]
    assert told
    assert "went wrong" not in told
