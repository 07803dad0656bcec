"""What those are told who ask: how a room stands, who sits in it, what has changed."""

from collections.abc import Iterable, Iterator

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import MODES, introduce, listing, name_of, waiting_for
from rooms_bot.domain.rooms import Answering, RoomConfig, Seat, Selection
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.turns.argumentative import sides

LONGEST = 2000
"""Characters of a message."""

ANSWERING = {
    Answering.FREELY: "agents speak of their own accord",
    Answering.PEOPLE: "agents speak only when a person has",
}
SELECTION = {
    Selection.WORDS: "the words of a message alone tell whom it concerns",
    Selection.MODEL: "where its words leave it open, a model judges whom a message concerns",
}


def status(room: RoomState) -> str:
    """How the room stands."""
    config = room.config
    rules = [MODES[config.mode], *([SELECTION[config.selector]] if config.selector is Selection.MODEL else ())]
    rules += [ANSWERING[config.agents_answer]] if config.agents_answer is Answering.PEOPLE else ()
    lines = [
        f"**{plain(config.topic)}**",
        " ".join([_phase(room), *_doing(room)]),
        f"{'; '.join(rules).capitalize()}.",
        f"{room.turns_taken} turns taken, {room.turns_left} left, {room.passes} passed on.",
        f"Here are: {listing(f'{plain(seat.name)}{_mark(room, seat)}' for seat in room.seats.values())}.",
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
    if room.to_greet and room.phase is not Phase.CLOSED:
        yield f"{listing(name_of(room, seat) for seat in room.to_greet)} will say hello first."


def _digest(room: RoomState) -> Iterator[str]:
    if room.transcript.digests:
        yield f"The first {room.transcript.digests[-1].lines} messages are summed up for the agents."


def _mark(room: RoomState, seat: Seat) -> str:
    if room.benched(seat.id):
        return " (left out after failures)"
    if seat.id in room.muted:
        return " (only listens)"
    return f" (talkativeness {seat.eagerness:g})" if seat.eagerness < 1 else ""


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
    more = f"`/agent invite` could bring {listing(others)}." if others else ""
    return "\n".join([*seats, more])[:LONGEST]


def shown(room: RoomState, seat: Seat, voice: str, *, host: bool) -> str:
    """All there is to know of an agent; what it is to keep in mind is for hosts. `voice` is its model in words."""
    persona = seat.persona
    own = "" if persona.name == seat.name else f" (persona {plain(persona.name)})"
    lines = [
        f"{introduce(seat)}{own}{_mark(room, seat)}",
        plain(persona.description),
        f"Speaks with {voice}; in an argument on the side “{plain(sides(room.seats.values())[seat.id])}”.",
        f"Takes {seat.eagerness:.0%} of its chances to speak unasked.",
        "Remembers nothing: it sees only what it answers." if persona.memory == "none" else "",
        _words("Knows about", persona.expertise),
        _words("Found by the words", persona.expansion),
        _reminder(seat) if host else "",
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def moderation(room: RoomState, voice: str) -> str:
    """How the orchestrator stands; `voice` is its model in words."""
    every = room.config.orchestrator_every
    speaks = f"sums up every {every} turns" if every else "does not speak by itself"
    lines = [f"**{plain(room.moderator.name)}** {speaks}, with {voice}.", _reminder(room.moderator)]
    return "\n".join(line for line in lines if line)[:LONGEST]


def _reminder(seat: Seat) -> str:
    return f"Is to keep in mind: {plain(seat.instructions)}" if seat.instructions else ""


def _words(what: str, words: Iterable[str]) -> str:
    listed = ", ".join(map(plain, words))
    return f"{what}: {listed}." if listed else ""


def changes(old: RoomConfig, room: RoomState) -> str:
    """Which rules are others than they were, in words."""
    new = room.config
    sentences = {
        "topic": f"the topic is “{plain(new.topic)}”",
        "mode": f"who speaks: {MODES[new.mode]}",
        "agents_answer": ANSWERING[new.agents_answer],
        "selector": SELECTION[new.selector],
        "turns": f"the room ends after {room.turns_allowed} turns, of which {room.turns_taken} are taken",
        "pace": f"{new.pace:g} seconds pass between two agents' posts",
        "human_every": f"after {new.human_every} turns the agents wait for a person"
        if new.human_every
        else "the agents do not stop for people",
        "human_wait": f"a person is waited for for {new.human_wait:g} seconds",
        "language": f"the agents speak {plain(new.language)}",
    }
    said = [words for rule, words in sentences.items() if getattr(old, rule) != getattr(new, rule)]
    return "\n".join(f"{words[0].upper()}{words[1:]}." for words in said) or "That is how it was already."
