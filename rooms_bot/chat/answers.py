"""What those are told who ask: who sits in a room, who somebody is, what has changed."""

from collections.abc import Iterable

from rooms_bot.chat.escaping import plain
from rooms_bot.chat.render import introduce, listing, side
from rooms_bot.domain.rooms import RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.export import standing
from rooms_bot.i18n import N_, _, number
from rooms_bot.turns.argumentative import sides

LONGEST = 2000
"""Characters of a message."""

SAME = N_("That is how it was already.")


def _mark(room: RoomState, seat: Seat) -> str:
    return standing.noted(side(room, seat), standing.hindered(room, seat), standing.reserved(seat))


def roster(room: RoomState, names: Iterable[str]) -> str:
    """Who sits here and who could be invited."""
    seats = [f"- {introduce(seat)}{_mark(room, seat)}" for seat in room.seats.values()]
    here = {seat.persona.name for seat in room.seats.values()}
    others = [plain(name) for name in names if name not in here]
    more = _("Not here yet (`/agent invite`): {names}.").format(names=listing(others)) if others else ""
    return "\n".join([*seats, f"- {standing.moderating(room, plain)}", more])[:LONGEST]


def shown(room: RoomState, seat: Seat, voice: str, *, host: bool) -> str:
    """All there is to know of an agent; its instructions are for hosts. `voice` is how it speaks, in words."""
    persona = seat.persona
    own = "" if persona.name == seat.name else _(" (persona {name})").format(name=plain(persona.name))
    side = plain(_(sides(room.seats.values())[seat.id]))
    lines = [
        f"{introduce(seat)}{own}{standing.noted(standing.hindered(room, seat))}",
        plain(persona.description),
        _("It speaks {voice}; in an argument on the side “{side}”.").format(voice=f"{voice}{_warmth(seat)}", side=side),
        _("It takes {share} of its chances to speak unasked.").format(share=_share(seat)) if seat.eagerness < 1 else "",
        _("It remembers nothing: it sees only what it answers.") if persona.memory == "none" else "",
        _words(_("It knows about: {words}."), persona.expertise),
        _words(_("It is found by the words: {words}."), persona.expansion),
        _reminder(seat) if host else "",
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def _share(seat: Seat) -> str:
    return _("about {share:.0f} %").format(share=100 * seat.eagerness) if seat.eagerness else _("none")


def _warmth(seat: Seat) -> str:
    degree = seat.persona.temperature if seat.temperature is None else seat.temperature
    return "" if degree is None else _(", at temperature {degree}").format(degree=number(degree))


def otherwise(old: Seat, room: RoomState, seat: Seat, voice: str) -> str:
    """What of an agent is other than it was, in words; `voice` is how it speaks now."""
    share = _share(seat) if seat.eagerness < 1 else _("all")
    sentences = {
        "name": _("**{was}** is now **{name}**").format(was=plain(old.name), name=plain(seat.name)),
        "stance": _("in an argument its side is “{side}”").format(side=plain(_(sides(room.seats.values())[seat.id]))),
        "talkativeness": _("it takes {share} of its chances to speak unasked").format(share=share),
        "instructions": _("its instructions are others") if seat.instructions else _("it has no instructions any more"),
        "model": _("it speaks {voice}").format(voice=voice),
        "temperature": _("it speaks {voice}").format(voice=_warmth(seat).removeprefix(", ")),
    }
    said = [words for rule, words in sentences.items() if getattr(old, rule) != getattr(seat, rule)]
    if old.name == seat.name and old.persona.expansion != seat.persona.expansion:
        said.append(_("it is found by other words"))
    return standing.sentences(*said) or _(SAME)


def moderation(room: RoomState, voice: str, *, host: bool) -> str:
    """How the orchestrator stands; its instructions are for hosts. `voice` is how it speaks, in words."""
    moderator = room.moderator
    lines = [
        standing.sentences(standing.moderating(room, _bold)),
        _("It speaks {voice}.").format(voice=f"{voice}{_warmth(moderator)}"),
        _reminder(moderator) if host else "",
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def _bold(name: str) -> str:
    return f"**{plain(name)}**"


def _reminder(seat: Seat) -> str:
    return _("Instructions: {text}").format(text=plain(seat.instructions)) if seat.instructions else ""


def _words(sentence: str, words: Iterable[str]) -> str:
    listed = ", ".join(map(plain, words))
    return sentence.format(words=listed) if listed else ""


def changes(old: RoomConfig, room: RoomState) -> str:
    """Which rules are others than they were, in words."""
    words = standing.rules(room, plain)
    others = [rule for rule in words if getattr(old, rule) != getattr(room.config, rule)]
    return standing.sentences(*(words[rule] for rule in others)) or _(SAME)
