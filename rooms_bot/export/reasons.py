"""Why an agent was given its turn, in words: who wanted it, or how the mode weighed the seats."""

from collections.abc import Callable, Iterator, Sequence

from rooms_bot.domain.events import Candidate, Choice, Planned, Why
from rooms_bot.domain.rooms import Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export import standing

Name = Callable[[str], str]

OPEN = 0.15
"""The confidence below which what judged has told as good as nothing."""

JUDGES = {
    "words": "the words of the newest message",
    "vectors": "what the newest message means",
    "model": "a model that read the newest messages",
}
FITS = {"words": "fits the words", "vectors": "fits what is meant", "model": "was judged to fit"}
PARTS = {
    "thread": "spoke last",
    "waited": "has waited",
    "share": "has had much of the floor",
    "pair": "spoke just before that",
    "cited": "is spoken of",
}
ORDERS = {
    Mode.ROUND_ROBIN: "it was next in order",
    Mode.ARGUMENTATIVE: "its side had not spoken last, and of that side it had waited longest",
    Mode.DYNAMIC: "the mode of that moment chose it",
}


def reasons(room: RoomState, name: Name = str) -> str:
    """Why the last agent to be given a turn was: a line, and for a choice one more for each seat it was made from.

    A last line names who could not be chosen, and why, as far as the room is still as it was then.

    No Markdown; `name` makes names safe for where they are to be shown.
    """
    planned = room.last_choice
    if planned is None:
        return "No agent has had a turn yet."
    has = "has the turn" if room.current == planned else "had the last turn"
    who = _seat(room, planned.seat, name)
    if planned.choice is None:
        return f"{who} {has}: {_why(room, planned, name)}."
    lines = [f"{who} {has}: {_judged(planned.choice)}."]
    if len(planned.choice.candidates) > 1:
        lines += _weighed(room, planned.seat, planned.choice, name)
    return "\n".join([*lines, *_others(room, planned, planned.choice, name)])


def _seat(room: RoomState, number: int, name: Name) -> str:
    return name(room.seats[number].name) if number in room.seats else "An agent that left"


def _why(room: RoomState, planned: Planned, name: Name) -> str:
    by = name(planned.by) or "somebody"
    match planned.why:
        case Why.ASKED:
            return f"{by} asked it"
        case Why.FORCED:
            return f"{by} gave it the turn"
        case Why.HANDED:
            return f"{by} handed over to it"
        case Why.REDIRECTED:
            return f"{by} turned to it"
        case _:
            return ORDERS[planned.mode or room.config.mode]


def _judged(choice: Choice) -> str:
    if len(choice.candidates) == 1:
        return "nobody else could speak"
    if choice.confidence < OPEN:
        return f"{JUDGES[choice.by]} left it open, so it was about whose turn it was"
    return f"it scored highest, by {JUDGES[choice.by]} ({100 * choice.confidence:.0f} % sure) and by whose turn it was"


def _weighed(room: RoomState, chosen: int, choice: Choice, name: Name) -> Iterator[str]:
    """The chosen one first, then the others as they were ranked."""
    for place, one in enumerate(sorted(choice.candidates, key=lambda one: one.seat != chosen), 1):
        parts = [f"{words} {value:+.2f}" for words, value in _parts(one, FITS[choice.by])]
        yield f"{place}. {_seat(room, one.seat, name)} {one.total:.2f}: {', '.join(parts) or 'nothing in particular'}"


def _others(room: RoomState, planned: Planned, choice: Choice, name: Name) -> Iterator[str]:
    """Who was no candidate."""
    before = room.floor[:-1] if room.current != planned and room.floor[-1:] == [planned.seat] else room.floor
    judged = {one.seat for one in choice.candidates}
    left = [seat for seat in room.seats.values() if seat.id not in judged]
    if left:
        told = [f"{name(seat.name)}{standing.noted(_hindrance(room, seat, before[-1:]))}" for seat in left]
        yield f"No candidates: {', '.join(told)}."


def _hindrance(room: RoomState, seat: Seat, last: Sequence[int]) -> str:
    """Empty where it cannot be told any more."""
    if hindered := standing.hindered(room, seat):
        return hindered
    if not seat.eagerness:
        return "speaks only when asked"
    if seat.id in last:
        return "spoke last"
    if seat.id in room.passed:
        return "passed"
    return f"held back: {standing.reserved(seat)}" if seat.eagerness < 1 else ""


def _parts(one: Candidate, fits: str) -> Iterator[tuple[str, float]]:
    for field, words in ({"relevance": fits} | PARTS).items():
        if value := getattr(one, field):
            yield words, value
