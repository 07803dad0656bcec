"""The layouts that were tried for a very small model, so that they can be measured again."""

from collections.abc import Sequence
from dataclasses import replace

from bench.talk_room import Compose, Layout
from rooms_bot.agents.openings import OF_FIELD, OF_ROLE, OPENINGS
from rooms_bot.agents.prompt import compose, merged, stops
from rooms_bot.agents.quoting import shortened
from rooms_bot.agents.small import LINE, LONGEST
from rooms_bot.domain.events import Planned
from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Line
from rooms_bot.ports import Message, Request

WINDOW = 3000
"""Tokens of the request in the layout of large models."""


def shipped(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    del room, seat, planned
    return request


def large(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    return replace(request, messages=compose(room, seat, planned, WINDOW), stop=stops(room, seat))


def transcript(last: int) -> Compose:
    """Persona, then the last messages as `Name: text` in one message."""

    def layout(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
        del planned
        said = "\n".join(f"{line.name}: {line.text}" for line in room.lines[-last:])
        asked = Message("user", f"The topic: {room.config.topic}\n\n{said}\n\nIt is your turn, {seat.name}.")
        return replace(request, messages=(_persona(seat), asked), stop=stops(room, seat))

    return layout


def turns(last: int, label: str) -> Compose:
    """Persona, then the last messages one by one, one's own as the assistant's, others' after a label."""

    def layout(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
        del planned
        said = [_turn(seat, line, label) for line in room.lines[-last:]]
        asked = Message("user", f"The topic: {room.config.topic} It is your turn, {seat.name}.")
        return replace(request, messages=(_persona(seat), *merged([*said, asked])), stop=stops(room, seat))

    return layout


def last_only(begun: bool) -> Compose:
    """Persona, topic and what was said last, perhaps begun as anybody may begin."""

    def layout(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
        said = [f"{line.name} says: {shortened(line.text, LONGEST)}" for line in _others(room, seat)[-1:]]
        question = f"What do you think, {seat.name}: {room.config.topic} Answer in two or three sentences."
        opening = [Message("assistant", OPENINGS[planned.turn * 3 % len(OPENINGS)])] if begun else []
        user = Message("user", "\n\n".join([*said, question]))
        return replace(request, messages=(_persona(seat), user, *opening), stop=(LINE,))

    return layout


def unbegun(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    del room, seat, planned
    return replace(request, messages=request.messages[:-1])


def begun_by_anybody(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    del room, seat
    if not request.messages[-1].content.startswith(_WORK):
        return request
    return _begun(request, OPENINGS[planned.turn * 3 % len(OPENINGS)])


def begun_by_work(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    """Every turn one of the openings out of its own work."""
    del room
    known = seat.persona.expertise
    kind = OF_FIELD[planned.turn % len(OF_FIELD)]
    return _begun(request, kind.format(field=known[planned.turn // 4 % len(known)]))


def whole_persona(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    del room, planned
    return replace(request, messages=(_persona(seat), *request.messages[1:]))


def greeted(request: Request, room: RoomState, seat: Seat, planned: Planned) -> Request:
    """Its greeting stands before, as an example of how it speaks."""
    del room, planned
    example = (Message("user", "Say hello."), Message("assistant", seat.persona.greeting))
    return replace(request, messages=(request.messages[0], *example, *request.messages[1:]))


LAYOUTS = (
    Layout("transcript of 20 in one message, `Name: text`", transcript(20)),
    Layout("transcript of 4 in one message, `Name: text`", transcript(4)),
    Layout("20 turns, `Name: text`", turns(20, "{name}: ")),
    Layout("20 turns, `[Name] text`", turns(20, "[{name}] ")),
    Layout("20 turns without names", turns(20, "")),
    Layout("as large models are sent", large),
    Layout("persona, topic, last message", last_only(begun=False)),
    Layout("the same, begun", last_only(begun=True)),
    Layout("shipped, not begun", unbegun),
    Layout("shipped, begun as anybody may", begun_by_anybody),
    Layout("shipped, begun by its fields only", begun_by_work),
    Layout("shipped, with the whole persona", whole_persona),
    Layout("shipped, with its greeting as an example", greeted),
    Layout("shipped, with penalties", shipped, {"presence_penalty": 0.5, "repeat_penalty": 1.1, "repeat_last_n": 256}),
    Layout("shipped", shipped),
)

_WORK = tuple(kind.partition("{")[0] for kind in (*OF_FIELD, *OF_ROLE))


def _persona(seat: Seat) -> Message:
    return Message("system", seat.persona.prompt)


def _others(room: RoomState, seat: Seat) -> Sequence[Line]:
    return [line for line in room.lines[-12:] if line.seat != seat.id]


def _turn(seat: Seat, line: Line, label: str) -> Message:
    if line.seat == seat.id:
        return Message("assistant", line.text)
    return Message("user", f"{label.format(name=line.name)}{line.text}")


def _begun(request: Request, opening: str) -> Request:
    return replace(request, messages=(*request.messages[:-1], Message("assistant", opening)))
