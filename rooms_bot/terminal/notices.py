"""What the one at the terminal is told besides what is said: in plain words, for small lines."""

import re
from collections.abc import Callable, Iterable, Iterator

from rooms_bot.domain.events import Closed, Event, Failed, Left, Passed, Paused, Waiting
from rooms_bot.domain.rooms import MODERATOR, Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.export import standing
from rooms_bot.export.sentences import CLOSED
from rooms_bot.turns.argumentative import sides

Voice = Callable[[Seat], str]
"""With which model a seat speaks and where that runs, in words."""

PHASES = {Phase.LIVE: "The room is live.", Phase.PAUSED: "The room is paused.", Phase.CLOSED: "The room is over."}
MORE = "/extend lets it go on for as many turns again, /stop leaves."
OVER = f"The room is over. {MORE}"

_ELSEWHERE = re.compile(r"`/(?:room|agent|orchestrator) (\w+)[^`]*`|/(?:room|agent|orchestrator) (\w+)|`(@[^`]*)`")
_OTHERWISE = {"now": "summary"}
"""Commands that are called otherwise here."""


def here(sentence: str) -> str:
    """A sentence for every door with commands as they are called here, and without backquotes."""

    def called(found: re.Match[str]) -> str:
        command = found[1] or found[2]
        return found[3] or f"/{_OTHERWISE.get(command, command)}"

    return _ELSEWHERE.sub(called, sentence)


def notice(event: Event, room: RoomState, *, stays: bool) -> str:
    """What is told of this event, if anything: what was asked for here has its answer already.

    `stays` is where somebody can still ask for more once the room is over.
    """
    match event.what:
        case Left(name=name, by=None):
            return f"{name} leaves."
        case Passed(seat=seat, by=by):
            return f"{_name(room, seat)} {'is skipped' if by else 'passes'}."
        case Failed() as failed:
            return _failed(failed, room)
        case Waiting() as waiting:
            return _waiting(waiting, room)
        case Paused(by=None) as paused:
            return here(standing.paused(paused, room))
        case Closed(reason="turns"):
            return f"{_all(room.turns_taken)} and the room is over.{f' {MORE}' if stays else ''}"
        case Closed(reason=reason):
            return f"The room is over after {standing.counted(room.turns_taken, 'turn')}: {CLOSED[reason]}."
        case _:
            return ""


def _name(room: RoomState, seat: int) -> str:
    return room.seat(seat).name if seat == MODERATOR or seat in room.seats else "Somebody who left"


def _all(turns: int) -> str:
    return "The one turn is taken" if turns == 1 else f"All {turns} turns are taken"


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
    """The topic, who takes part and who speaks for them."""
    config, seats = room.config, list(room.seats.values())
    voices = ", ".join(dict.fromkeys(map(voice, seats)))
    lines = [
        config.topic,
        *(f"- {_introduced(room, seat)}" for seat in seats),
        *([f"- {standing.moderating(room)}"] if config.orchestrator_every else []),
        f"{standing.MODES[config.mode].capitalize()}, {standing.counted(config.turns, 'turn')}. They speak {voices}.",
    ]
    return "\n".join(lines)


def guide(room: RoomState) -> str:
    """How to take part oneself."""
    first = next(iter(room.seats.values())).name
    return (
        f"Say something at any time; @{first} asks {first}. "
        "/help names the commands, Ctrl-C skips a thought, /stop ends the room."
    )


def _introduced(room: RoomState, seat: Seat, *notes: str) -> str:
    side = sides(room.seats.values())[seat.id] if room.config.mode is Mode.ARGUMENTATIVE else ""
    role = seat.persona.role and f", {seat.persona.role}"
    return f"{seat.name}{role}{standing.noted(side, *notes)}"


def status(room: RoomState) -> str:
    """How the room stands."""
    spent, turn = room.spent, f" It is {_name(room, room.current.seat)}'s turn." if room.current else ""
    price = f"${spent.cost:.4f}" if spent.cost or not spent.unpriced else "of unknown price"
    lines = [
        room.config.topic,
        f"{_waiting(room.waiting, room) if room.waiting else PHASES[room.phase]}{turn}",
        here(standing.sentences(standing.in_force(room), standing.turns(room), standing.moderating(room))),
        *_digest(room),
        f"{spent.prompt_tokens} tokens read, {spent.completion_tokens} written: {price}.",
    ]
    return "\n".join(lines)


def _digest(room: RoomState) -> Iterator[str]:
    if room.transcript.digests:
        yield f"The first {room.transcript.digests[-1].lines} messages are summed up for the agents."


def roster(room: RoomState, names: Iterable[str]) -> str:
    """Who sits here and who could be invited."""
    taken = {seat.persona.name for seat in room.seats.values()}
    others = ", ".join(name for name in names if name not in taken)
    lines = [_introduced(room, seat, standing.hindered(room, seat)) for seat in room.seats.values()]
    return "\n".join([*lines, f"Not here yet (/invite): {others}."] if others else lines)
