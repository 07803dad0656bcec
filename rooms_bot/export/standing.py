"""How a room stands, in words that every door has for it: its rules, its turns, and what is noted of a seat.

No Markdown but commands in backquotes, by their names in Discord; `name` makes names safe for where they are shown.
"""

from collections.abc import Callable, Iterator, Mapping

from rooms_bot.domain.events import Paused
from rooms_bot.domain.rooms import Answering, Mode, Seat, Selection
from rooms_bot.domain.state import RoomState

Name = Callable[[str], str]

MODES = {
    Mode.ROUND_ROBIN: "everyone in turn",
    Mode.ARGUMENTATIVE: "side against side",
    Mode.DYNAMIC: "whoever knows most about it",
}
ANSWERING = {
    Answering.FREELY: "agents speak of their own accord",
    Answering.PEOPLE: "agents speak only when a person has",
}
SELECTION = {
    Selection.WORDS: "the words of a message alone tell whom it concerns",
    Selection.MODEL: "where its words leave it open, a model judges whom a message concerns",
}


def sentences(*words: str) -> str:
    """Each with a capital and a full stop, a line each."""
    return "\n".join(f"{one[0].upper()}{one[1:]}." for one in words)


def rules(room: RoomState, name: Name = str) -> Mapping[str, str]:
    """By its field of `RoomConfig`, each rule that can be changed."""
    config = room.config
    are = "is" if room.turns_taken == 1 else "are"
    elsewhere = "" if config.mode is Mode.DYNAMIC else "in the mode dynamic: "
    return {
        "topic": f"the topic is “{name(config.topic)}”",
        "mode": f"{MODES[config.mode]} from now on",
        "agents_answer": ANSWERING[config.agents_answer],
        "selector": f"{elsewhere}{SELECTION[config.selector]}",
        "turns": f"the room ends after {counted(room.turns_allowed, 'turn')}, of which {room.turns_taken} {are} taken",
        "pace": _pace(config.pace),
        "human_every": _interval(config.human_every),
        "human_wait": f"the agents wait up to {counted(config.human_wait, 'second')} for a person",
        "language": f"the agents speak {name(config.language)}",
        "orchestrator_every": moderating(room, name),
    }


def in_force(room: RoomState) -> str:
    """The rules by which the next one speaks."""
    return "; ".join(_in_force(room))


def _in_force(room: RoomState) -> Iterator[str]:
    config = room.config
    yield MODES[config.mode]
    if config.mode is Mode.DYNAMIC and config.selector is Selection.MODEL:
        yield SELECTION[config.selector]
    if config.agents_answer is Answering.PEOPLE:
        yield ANSWERING[config.agents_answer]
    if config.human_every:
        yield _interval(config.human_every)
    if config.pace:
        yield _pace(config.pace)


def _pace(seconds: float) -> str:
    if not seconds:
        return "agents post without a pause"
    return f"at least {counted(seconds, 'second')} {'lies' if seconds == 1 else 'lie'} between two agents' posts"


def _interval(turns: int) -> str:
    if not turns:
        return "the agents do not stop for people"
    return f"after {counted(turns, 'turn')} the agents wait for a person"


def moderating(room: RoomState, name: Name = str) -> str:
    """When the orchestrator speaks."""
    every = room.config.orchestrator_every
    when = f"every {counted(every, 'turn')}" if every > 1 else "after every turn"
    return f"{name(room.moderator.name)} sums up {when if every else 'only when asked (`/orchestrator now`)'}"


def turns(room: RoomState) -> str:
    """How many were taken and are left."""
    passes = "1 of them a pass" if room.passes == 1 else f"{room.passes} of them passes"
    return f"{counted(room.turns_taken, 'turn')} taken ({passes}), {room.turns_left} left"


def counted(number: float, unit: str) -> str:
    """`1 turn`, `2 turns`."""
    return f"{number:g} {unit}{'' if number == 1 else 's'}"


def noted(*notes: str) -> str:
    """What is to be said of somebody in brackets, if anything."""
    said = "; ".join(note for note in notes if note)
    return said and f" ({said})"


def hindered(room: RoomState, seat: Seat) -> str:
    """Why the mode gives this seat no turns, if so."""
    if room.benched(seat.id):
        return "left out after failures"
    return "only listens" if seat.id in room.muted else ""


def reserved(seat: Seat) -> str:
    """How seldom it speaks unasked, if it does not always."""
    return f"talkativeness {seat.eagerness:g}" if seat.eagerness < 1 else ""


def paused(happened: Paused, room: RoomState, name: Name = str) -> str:
    """That nobody speaks, why, and what changes that."""
    if happened.by is None and room.seats and room.muted.issuperset(room.seats):
        first = next(iter(room.seats.values())).name.replace("`", "")
        return (
            "The room is paused: every agent here only listens. `/agent unmute` lets one take turns again; "
            f"`@{first}` asks one."
        )
    who = f" by {name(happened.by.name)}" if happened.by else ""
    why = f": {happened.reason}" if happened.reason else ""
    how = "lets it go on"
    if happened.by is None and room.muted:
        how = "brings back who was left out, `/agent unmute` who only listens"
    return f"The room is paused{who}{why}. `/room resume` {how}."
