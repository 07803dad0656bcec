"""How a room stands, in words that every door has for it: its rules, its turns, and what is noted of a seat.

No Markdown but commands in backquotes, by their names in Discord; `name` makes names safe for where they are shown.
"""

from collections.abc import Callable, Iterator, Mapping

from rooms_bot.domain.events import Paused
from rooms_bot.domain.rooms import Answering, Mode, RoomConfig, Seat, Selection
from rooms_bot.domain.state import RoomState
from rooms_bot.export import budgets
from rooms_bot.i18n import N_, NN_, Plural, _, ngettext, number

Name = Callable[[str], str]

MODES = {
    Mode.ROUND_ROBIN: N_("everyone in turn"),
    Mode.ARGUMENTATIVE: N_("side against side"),
    Mode.DYNAMIC: N_("whoever knows most about it"),
}
ANSWERING = {
    Answering.FREELY: N_("agents speak of their own accord"),
    Answering.PEOPLE: N_("agents speak only when a person has"),
}
SELECTION = {
    Selection.WORDS: N_("the words of a message alone tell whom it concerns"),
    Selection.MODEL: N_("where its words leave it open, a model judges whom a message concerns"),
}
UNITS: Mapping[str, Plural] = {
    "turn": NN_("{number} turn", "{number} turns"),
    "second": NN_("{number} second", "{number} seconds"),
    "after turn": NN_("after {number} turn", "after {number} turns"),
}
STREAMING = {True: N_("long answers are shown while they grow"), False: N_("long answers are shown only when whole")}


def sentences(*words: str) -> str:
    """Each with a capital and a full stop, a line each."""
    return "\n".join(f"{one[0].upper()}{one[1:]}." for one in words)


def rules(room: RoomState, name: Name = str) -> Mapping[str, str]:
    """By its field of `RoomConfig`, each rule that can be changed."""
    config = room.config
    return {
        "topic": _("the topic is “{topic}”").format(topic=name(config.topic)),
        "mode": _("{mode} from now on").format(mode=_(MODES[config.mode])),
        "agents_answer": _(ANSWERING[config.agents_answer]),
        "selector": _selector(config),
        "turns": _allowed(room),
        "pace": _pace(config.pace),
        "human_every": _interval(config.human_every),
        "human_wait": _patience(config.human_wait),
        "language": _("the agents speak {language}").format(language=name(config.language)),
        "orchestrator_every": moderating(room, name),
        "budget": budgets.limited(config.budget),
        "streaming": _(STREAMING[config.streaming]),
    }


def _selector(config: RoomConfig) -> str:
    rule = _(SELECTION[config.selector])
    return rule if config.mode is Mode.DYNAMIC else _("in the mode dynamic: {rule}").format(rule=rule)


def _allowed(room: RoomState) -> str:
    said = ngettext(
        "the room ends {after}, of which {taken} is taken",
        "the room ends {after}, of which {taken} are taken",
        room.turns_counted,
    )
    return said.format(after=after(room.turns_wanted), taken=room.turns_counted)


def in_force(room: RoomState) -> str:
    """The rules by which the next one speaks."""
    return "; ".join(_in_force(room))


def _in_force(room: RoomState) -> Iterator[str]:
    config = room.config
    yield _(MODES[config.mode])
    if config.mode is Mode.DYNAMIC and config.selector is Selection.MODEL:
        yield _(SELECTION[config.selector])
    if config.agents_answer is Answering.PEOPLE:
        yield _(ANSWERING[config.agents_answer])
    if config.human_every:
        yield _interval(config.human_every)
    if config.pace:
        yield _pace(config.pace)


def _pace(seconds: float) -> str:
    if not seconds:
        return _("agents post without a pause")
    return ngettext(
        "at least {number} second lies between two agents' posts",
        "at least {number} seconds lie between two agents' posts",
        seconds,
    ).format(number=number(seconds))


def _interval(turns: int) -> str:
    if not turns:
        return _("the agents do not stop for people")
    return ngettext(
        "after {number} turn the agents wait for a person", "after {number} turns the agents wait for a person", turns
    ).format(number=turns)


def _patience(seconds: float) -> str:
    return ngettext(
        "the agents wait up to {number} second for a person",
        "the agents wait up to {number} seconds for a person",
        seconds,
    ).format(number=number(seconds))


def moderating(room: RoomState, name: Name = str) -> str:
    """When the orchestrator speaks."""
    every = room.config.orchestrator_every
    if not every:
        said = _("{name} sums up only when asked (`/orchestrator now`)")
    elif every == 1:
        said = _("{name} sums up after every turn")
    else:
        said = ngettext("{name} sums up every {number} turn", "{name} sums up every {number} turns", every)
    return said.format(name=name(room.moderator.name), number=every)


def turns(room: RoomState) -> str:
    """How many were taken and are left."""
    said = ngettext(
        "{turns} taken ({passes} of them a pass), {left} left",
        "{turns} taken ({passes} of them passes), {left} left",
        room.passes,
    )
    return said.format(turns=counted(room.turns_counted, "turn"), passes=room.passes, left=room.turns_left)


def counted(count: float, unit: str) -> str:
    """`1 turn`, `2 turns`: of one of the `UNITS`."""
    return ngettext(*UNITS[unit], count).format(number=number(count))


def after(turns: int) -> str:
    """`after 20 turns`: a case of its own where languages have cases."""
    return counted(turns, "after turn")


def noted(*notes: str) -> str:
    """What is to be said of somebody in brackets, if anything."""
    said = "; ".join(note for note in notes if note)
    return said and f" ({said})"


def hindered(room: RoomState, seat: Seat) -> str:
    """Why the mode gives this seat no turns, if so."""
    if room.benched(seat.id):
        return _("left out after failures")
    return _("only listens") if seat.id in room.muted else ""


def reserved(seat: Seat) -> str:
    """How seldom it speaks unasked, if it does not always."""
    return _("talkativeness {share}").format(share=number(seat.eagerness)) if seat.eagerness < 1 else ""


def paused(happened: Paused, room: RoomState, name: Name = str) -> str:
    """That nobody speaks, why, and what changes that."""
    if happened.short is not None:
        return budgets.paused(happened.short)
    if happened.by is None and room.seats and room.muted.issuperset(room.seats):
        first = next(iter(room.seats.values())).name.replace("`", "")
        said = _(
            "The room is paused: every agent here only listens. `/agent unmute` lets one take turns again; "
            "`@{name}` asks one."
        )
        return said.format(name=first)
    how = _("`/room resume` lets it go on.")
    if happened.by is None and room.muted:
        how = _("`/room resume` brings back who was left out, `/agent unmute` who only listens.")
    return f"{_pause(happened, name)} {how}"


def _pause(happened: Paused, name: Name) -> str:
    by, reason = happened.by, _(happened.reason)
    if by is None:
        return _("The room is paused: {reason}.").format(reason=reason) if reason else _("The room is paused.")
    said = _("The room is paused by {name}: {reason}.") if reason else _("The room is paused by {name}.")
    return said.format(name=name(by.name), reason=reason)
