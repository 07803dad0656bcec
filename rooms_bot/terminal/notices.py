"""What the one at the terminal is told besides what is said: in plain words, for small lines."""

import re
from collections.abc import Callable, Iterable

from rooms_bot.domain.events import Closed, Event, Failed, Left, Passed, Paused, Waiting
from rooms_bot.domain.rooms import MODERATOR, Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.export.sentences import CLOSED

Voice = Callable[[Seat], str]
"""Which model speaks for a seat and where it runs, in words."""

MODES = {
    Mode.ROUND_ROBIN: "everyone in turn",
    Mode.ARGUMENTATIVE: "side against side",
    Mode.DYNAMIC: "whoever knows most about it",
}
PHASES = {Phase.LIVE: "The room is live.", Phase.PAUSED: "The room is paused.", Phase.CLOSED: "The room is over."}
OVER = "The room is over. /extend lets it go on for as many turns again, /stop leaves."

_ELSEWHERE = re.compile(r"`/(?:room|agent|orchestrator) (\w+)[^`]*`|/(?:room|agent|orchestrator) (?=\w)")


def here(sentence: str) -> str:
    """A sentence of the engine's with commands as they are called here."""
    return _ELSEWHERE.sub(lambda found: f"/{found[1] or ''}", sentence)


def notice(event: Event, room: RoomState) -> str:
    """What is told of this event, if anything: what was asked for here has its answer already."""
    match event.what:
        case Left(name=name, by=None):
            return f"{name} leaves."
        case Passed(seat=seat, by=by):
            return f"{_name(room, seat)} {'is skipped' if by else 'passes'}."
        case Failed() as failed:
            return _failed(failed, room)
        case Waiting() as waiting:
            return _waiting(waiting, room)
        case Paused(by=None, reason=reason):
            return f"The room is paused{reason and f': {reason}'}. /resume lets it go on."
        case Closed() as closed:
            return f"The room is over after {room.turns_taken} turns: {CLOSED[closed.reason]}."
        case _:
            return ""


def _name(room: RoomState, seat: int) -> str:
    return room.seat(seat).name if seat == MODERATOR or seat in room.seats else "Somebody who left"


def _failed(failed: Failed, room: RoomState) -> str:
    name = _name(room, failed.seat)
    benched = failed.seat != MODERATOR and room.benched(failed.seat)
    left_out = f" That was the third time in a row: {name} is left out until /resume or until you ask @{name}."
    return f"{name} {failed.reason}.{left_out if benched else ''}"


def _waiting(waiting: Waiting, room: RoomState) -> str:
    if waiting.reason == "everyone passed":
        return "Everyone has passed. The room waits for you to say something."
    who = "The room" if waiting.seat is None else _name(room, waiting.seat)
    until = f", at most {_seconds(room.config.human_wait)}" if waiting.until else ""
    return f"{who} waits for you{until}. Enter alone lets them go on."


def _seconds(time: float) -> str:
    return f"{time:g} seconds" if time < 120 else f"{time / 60:g} minutes"


def opening(room: RoomState, voice: Voice) -> str:
    """The topic, who takes part, who speaks for them, and how to take part oneself."""
    seats = list(room.seats.values())
    every = room.config.orchestrator_every
    voices = ", ".join(dict.fromkeys(map(voice, seats)))
    lines = [
        room.config.topic,
        *(f"- {_introduced(seat)}" for seat in seats),
        *([f"- {_introduced(room.moderator)}, every {every} turns"] if every else []),
        f"{MODES[room.config.mode].capitalize()}, {room.config.turns} turns. They speak with {voices}.",
    ]
    return "\n".join(lines)


def _introduced(seat: Seat) -> str:
    return f"{seat.name}, {seat.persona.role}" if seat.persona.role else seat.name


def status(room: RoomState) -> str:
    """How the room stands."""
    spent, turn = room.spent, f" It is {_name(room, room.current.seat)}'s turn." if room.current else ""
    price = f"${spent.cost:.4f}" if spent.cost or not spent.unpriced else "of unknown price"
    lines = [
        room.config.topic,
        f"{_waiting(room.waiting, room) if room.waiting else PHASES[room.phase]}{turn}",
        f"{MODES[room.config.mode].capitalize()}; {room.turns_taken} turns taken, {room.turns_left} left, "
        f"{room.passes} passed on.",
        f"{spent.prompt_tokens} tokens read, {spent.completion_tokens} written: {price}.",
    ]
    return "\n".join(lines)


def roster(room: RoomState, names: Iterable[str]) -> str:
    """Who sits here and who could be invited."""
    taken = {seat.persona.name for seat in room.seats.values()}
    others = ", ".join(name for name in names if name not in taken)
    lines = [f"{_introduced(seat)}{_mark(room, seat)}" for seat in room.seats.values()]
    return "\n".join([*lines, f"/invite could bring {others}."] if others else lines)


def _mark(room: RoomState, seat: Seat) -> str:
    if room.benched(seat.id):
        return " (left out after failures)"
    return " (only listens)" if seat.id in room.muted else ""
