"""What somebody typed as a command's options, as values; what cannot be meant is refused with a sentence."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import discord
from pydantic import TypeAdapter, ValidationError

from rooms_bot.agents.choice import Agents
from rooms_bot.chat.escaping import plain
from rooms_bot.domain.lookalikes import looks_like
from rooms_bot.domain.personas import Line, Name, Phrase
from rooms_bot.domain.rooms import Limits
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _

OWN = "none"
"""Typed for what is to be the persona's own again."""

MOST_WORDS = 100
LOCALES = {one.value: one.name for one in discord.Locale}


def given(**typed: Any) -> Mapping[str, Any]:
    """The options that were given. Raises `Refused` where none was."""
    found = {name: value for name, value in typed.items() if value is not None}
    if not found:
        raise Refused("Please give at least one option.")
    return found


def limits(old: Limits, tokens: int | None, dollars: float | None) -> Limits | None:
    """A budget of which what was not given stays as it was; None where nothing was."""
    changes = {"tokens": tokens, "dollars": dollars}
    given = {unit: amount for unit, amount in changes.items() if amount is not None}
    return old.model_copy(update=given) if given else None


def seat(agents: Agents, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a `Seat` from the options of these names. Raises `Refused`."""
    readings: Mapping[str, Callable[[Any], Any]] = {
        "instructions": lambda text: "" if is_own(text) else text,
        "model": lambda name: None if is_own(name) else model(agents, name),
        "stance": lambda text: None if is_own(text) else _valid(Line, N_("The stance {reason}."), text),
        "temperature": float,
        "talkativeness": float,
    }
    return {name: read(typed[name]) for name, read in readings.items() if typed.get(name) is not None}


def is_own(text: str) -> bool:
    return text.strip().casefold() == OWN


def model(agents: Agents, name: str) -> str:
    """One that members may choose. Raises `Refused`."""
    if not agents.allowed(name):
        there = ", ".join(agents.choices)
        raise Refused("“{name}” cannot be chosen here. These can: {names}.", name=plain(name[:80]), names=there)
    return name


def moderator_name(room: RoomState, text: str) -> str:
    """A name that no agent here has. Raises `Refused`."""
    name = room.moderator.persona.name if is_own(text) else _valid(Name, N_("The name {reason}."), text)
    if looks_like(name, (seat.name for seat in room.seats.values())):
        raise Refused("An agent here has that name. Please take another one.")
    return name


def words(text: str) -> Sequence[str]:
    """Words separated by commas, each once; nothing for `none`. Raises `Refused`."""
    found = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip() and not is_own(text)))
    if len(found) > MOST_WORDS:
        raise Refused("That is {count} words, of which an agent has {most} at most.", count=len(found), most=MOST_WORDS)
    return tuple(_valid(Phrase, N_("A word {reason}."), word) for word in found)


def spoken(locale: str) -> str:
    """A locale's language in English, as prompts name it: `American English`, `German`."""
    return LOCALES.get(locale, "English").replace("_", " ").title()


def topic(text: str) -> str:
    """Raises `Refused` where there is nothing to talk about."""
    if not text.strip():
        raise Refused("Please give the room a topic.")
    return text


def _valid(kind: Any, refusal: str, text: str) -> str:
    """`kind` is a type of text with rules; the refusal has a place for the `reason`."""
    try:
        return str(TypeAdapter(kind).validate_python(text))
    except ValidationError as error:
        first = error.errors()[0]
        reason = str(first["ctx"]["error"]) if first["type"] == "value_error" else _("is empty or too long")
        raise Refused(refusal, reason=reason) from None
