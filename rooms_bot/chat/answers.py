"""What those are told who ask: how a room stands, who sits in it, what has changed."""

from collections.abc import Iterable, Iterator

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import introduce, listing, name_of, side, waiting_for
from rooms_bot.domain.rooms import RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.export import standing
from rooms_bot.turns.argumentative import sides

LONGEST = 2000
"""Characters of a message."""

SAME = "That is how it was already."


def status(room: RoomState) -> str:
    """How the room stands."""
    lines = [
        f"**{plain(room.config.topic)}**",
        " ".join([_phase(room), *_doing(room)]),
        standing.sentences(standing.in_force(room), standing.turns(room)),
        f"Here are: {listing(f'{plain(seat.name)}{_mark(room, seat)}' for seat in room.seats.values())}.",
        standing.sentences(standing.moderating(room, plain)),
        *_digest(room),
        _spent(room),
    ]
    return "\n".join(lines)[:LONGEST]


def _phase(room: RoomState) -> str:
    if room.waiting is not None and room.phase is Phase.LIVE:
        return waiting_for(room.waiting, room)
    return {Phase.LIVE: "The room is live.", Phase.PAUSED: "The room is paused.", Phase.CLOSED: "The room is over."}[
        room.phase
    ]


def _doing(room: RoomState) -> Iterator[str]:
    if room.current is not None:
        yield f"It is {name_of(room, room.current.seat)}'s turn."
    if room.phase is not Phase.CLOSED and (new := [seat for seat in room.to_greet if seat not in room.muted]):
        yield f"{listing(name_of(room, seat) for seat in new)} will say hello first."


def _digest(room: RoomState) -> Iterator[str]:
    if room.transcript.digests:
        yield f"The first {room.transcript.digests[-1].lines} messages are summed up for the agents."


def _mark(room: RoomState, seat: Seat) -> str:
    return standing.noted(side(room, seat), standing.hindered(room, seat), standing.reserved(seat))


def _spent(room: RoomState) -> str:
    spent = room.spent
    price = f"${spent.cost:.4f}" if spent.cost or not spent.unpriced else "of unknown price"
    partly = ", some of it of unknown price" if spent.unpriced and spent.cost else ""
    return f"-# {spent.prompt_tokens} tokens read, {spent.completion_tokens} written: {price}{partly}."


def roster(room: RoomState, names: Iterable[str]) -> str:
    """Who sits here and who could be invited."""
    seats = [f"- {introduce(seat)}{_mark(room, seat)}" for seat in room.seats.values()]
    here = {seat.persona.name for seat in room.seats.values()}
    others = [plain(name) for name in names if name not in here]
    more = f"Not here yet (`/agent invite`): {listing(others)}." if others else ""
    return "\n".join([*seats, f"- {standing.moderating(room, plain)}", more])[:LONGEST]


def shown(room: RoomState, seat: Seat, voice: str, *, host: bool) -> str:
    """All there is to know of an agent; its instructions are for hosts. `voice` is how it speaks, in words."""
    persona = seat.persona
    own = "" if persona.name == seat.name else f" (persona {plain(persona.name)})"
    lines = [
        f"{introduce(seat)}{own}{standing.noted(standing.hindered(room, seat))}",
        plain(persona.description),
        f"Speaks {voice}{_warmth(seat)}; in an argument on the side “{plain(sides(room.seats.values())[seat.id])}”.",
        f"Takes {_share(seat)} of its chances to speak unasked." if seat.eagerness < 1 else "",
        "Remembers nothing: it sees only what it answers." if persona.memory == "none" else "",
        _words("Knows about", persona.expertise),
        _words("Found by the words", persona.expansion),
        _reminder(seat) if host else "",
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def _share(seat: Seat) -> str:
    return f"about {100 * seat.eagerness:.0f} %" if seat.eagerness else "none"


def _warmth(seat: Seat) -> str:
    degree = seat.persona.temperature if seat.temperature is None else seat.temperature
    return "" if degree is None else f", at temperature {degree:g}"


def otherwise(old: Seat, room: RoomState, seat: Seat, voice: str) -> str:
    """What of an agent is other than it was, in words; `voice` is how it speaks now."""
    sentences = {
        "name": f"**{plain(old.name)}** is now **{plain(seat.name)}**",
        "stance": f"in an argument its side is “{plain(sides(room.seats.values())[seat.id])}”",
        "talkativeness": f"it takes {_share(seat) if seat.eagerness < 1 else 'all'} of its chances to speak unasked",
        "instructions": "its instructions are others" if seat.instructions else "it has no instructions any more",
        "model": f"it speaks {voice}",
        "temperature": f"it speaks{_warmth(seat)[1:]}",
    }
    said = [words for rule, words in sentences.items() if getattr(old, rule) != getattr(seat, rule)]
    if old.name == seat.name and old.persona.expansion != seat.persona.expansion:
        said.append("it is found by other words")
    return standing.sentences(*said) or SAME


def moderation(room: RoomState, voice: str, *, host: bool) -> str:
    """How the orchestrator stands; its instructions are for hosts. `voice` is how it speaks, in words."""
    moderator = room.moderator
    lines = [
        standing.sentences(standing.moderating(room, lambda name: f"**{plain(name)}**")),
        f"It speaks {voice}{_warmth(moderator)}.",
        _reminder(moderator) if host else "",
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def _reminder(seat: Seat) -> str:
    return f"Instructions: {plain(seat.instructions)}" if seat.instructions else ""


def _words(what: str, words: Iterable[str]) -> str:
    listed = ", ".join(map(plain, words))
    return f"{what}: {listed}." if listed else ""


def changes(old: RoomConfig, room: RoomState) -> str:
    """Which rules are others than they were, in words."""
    words = standing.rules(room, plain)
    others = [rule for rule in words if getattr(old, rule) != getattr(room.config, rule)]
    return standing.sentences(*(words[rule] for rule in others)) or SAME
