"""Why an agent was given its turn, in words: who wanted it, or how the mode weighed the seats."""

from collections.abc import Callable, Iterator, Sequence

from rooms_bot.domain.events import Candidate, Choice, Planned, Why
from rooms_bot.domain.rooms import Mode, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export import standing
from rooms_bot.i18n import N_, _, number

Name = Callable[[str], str]

OPEN = 0.15
"""The confidence below which what judged has told as good as nothing."""

LEFT_OPEN = {
    "words": N_("the words of the newest message left it open, so it was about whose turn it was"),
    "vectors": N_("what the newest message means left it open, so it was about whose turn it was"),
    "model": N_("a model that read the newest messages left it open, so it was about whose turn it was"),
}
SCORED = {
    "words": N_("it scored highest, by the words of the newest message ({sure} % sure) and by whose turn it was"),
    "vectors": N_("it scored highest, by what the newest message means ({sure} % sure) and by whose turn it was"),
    "model": N_("it scored highest, by a model that read the newest messages ({sure} % sure) and by whose turn it was"),
}
FITS = {"words": N_("fits the words"), "vectors": N_("fits what is meant"), "model": N_("was judged to fit")}
PARTS = {
    "thread": N_("spoke last"),
    "waited": N_("has waited"),
    "share": N_("has had much of the floor"),
    "pair": N_("spoke just before that"),
    "cited": N_("is spoken of"),
}
ORDERS = {
    Mode.ROUND_ROBIN: N_("it was next in order"),
    Mode.ARGUMENTATIVE: N_("its side had not spoken last, and of that side it had waited longest"),
    Mode.DYNAMIC: N_("the mode of that moment chose it"),
}
WISHES = {
    Why.ASKED: N_("{name} asked it"),
    Why.FORCED: N_("{name} gave it the turn"),
    Why.AGAIN: N_("{name} asked for another answer"),
    Why.HANDED: N_("{name} handed over to it"),
    Why.REDIRECTED: N_("{name} turned to it"),
}


def reasons(room: RoomState, name: Name = str) -> str:
    """Why the last agent to be given a turn was: a line, and for a choice one more for each seat it was made from.

    A last line names who could not be chosen, and why, as far as the room is still as it was then.

    No Markdown; `name` makes names safe for where they are to be shown.
    """
    planned = room.last_choice
    if planned is None:
        return _("No agent has had a turn yet.")
    lines = [_turn(room, planned, name)]
    if planned.choice is not None and len(planned.choice.candidates) > 1:
        lines += _weighed(room, planned.seat, planned.choice, name)
    return "\n".join([*lines, *(_others(room, planned, planned.choice, name) if planned.choice else ())])


def given(room: RoomState, planned: Planned, name: Name = str) -> Iterator[str]:
    """Why a turn was given to its seat: a phrase, and for a choice a line more for each seat it was made from."""
    yield _reason(room, planned, name)
    if planned.choice is not None and len(planned.choice.candidates) > 1:
        yield from _weighed(room, planned.seat, planned.choice, name)


def _reason(room: RoomState, planned: Planned, name: Name) -> str:
    return _why(room, planned, name) if planned.choice is None else _judged(planned.choice)


def _turn(room: RoomState, planned: Planned, name: Name) -> str:
    has = room.current == planned
    said = _("{name} has the turn: {reason}.") if has else _("{name} had the last turn: {reason}.")
    return said.format(name=_seat(room, planned.seat, name), reason=_reason(room, planned, name))


def _seat(room: RoomState, number: int, name: Name) -> str:
    return name(room.seats[number].name) if number in room.seats else _("An agent that left")


def _why(room: RoomState, planned: Planned, name: Name) -> str:
    if planned.why in WISHES:
        return _(WISHES[planned.why]).format(name=name(planned.by) or _("somebody"))
    if planned.why is Why.SUMMARY:
        return _("it was time to sum up")
    return _(ORDERS[planned.mode or room.config.mode])


def _judged(choice: Choice) -> str:
    if len(choice.candidates) == 1:
        return _("nobody else could speak")
    if choice.confidence < OPEN:
        return _(LEFT_OPEN[choice.by])
    return _(SCORED[choice.by]).format(sure=f"{100 * choice.confidence:.0f}")


def _weighed(room: RoomState, chosen: int, choice: Choice, name: Name) -> Iterator[str]:
    """The chosen one first, then the others as they were ranked."""
    for place, one in enumerate(sorted(choice.candidates, key=lambda one: one.seat != chosen), 1):
        parts = [
            f"{_(words)} {'-' if value < 0 else '+'}{number(abs(value), 2)}"
            for words, value in _parts(one, FITS[choice.by])
        ]
        told = ", ".join(parts) or _("nothing in particular")
        yield f"{place}. {_seat(room, one.seat, name)} {number(one.total, 2)}: {told}"


def _others(room: RoomState, planned: Planned, choice: Choice, name: Name) -> Iterator[str]:
    """Who was no candidate."""
    before = room.floor[:-1] if room.current != planned and room.floor[-1:] == [planned.seat] else room.floor
    judged = {one.seat for one in choice.candidates}
    left = [seat for seat in room.seats.values() if seat.id not in judged]
    if left:
        told = [f"{name(seat.name)}{standing.noted(_hindrance(room, seat, before[-1:]))}" for seat in left]
        yield _("No candidates: {names}.").format(names=", ".join(told))


def _hindrance(room: RoomState, seat: Seat, last: Sequence[int]) -> str:
    """Empty where it cannot be told any more."""
    if hindered := standing.hindered(room, seat):
        return hindered
    if not seat.eagerness:
        return _("speaks only when asked")
    if seat.id in last:
        return _("spoke last")
    if seat.id in room.passed:
        return _("passed")
    return _("held back: {why}").format(why=standing.reserved(seat)) if seat.eagerness < 1 else ""


def _parts(one: Candidate, fits: str) -> Iterator[tuple[str, float]]:
    for field, words in ({"relevance": fits} | PARTS).items():
        if value := getattr(one, field):
            yield words, value
