"""What somebody typed as a command's options, as values; what cannot be meant is refused with a sentence."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rooms_bot.agents.choice import Agents
from rooms_bot.domain.personas import Line, Name, Phrase
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import Refused

OWN = "none"
"""Typed for what is to be the persona's own again."""

MOST_WORDS = 100


def given(**options: Any) -> dict[str, Any]:
    """Those that were given. Raises `Refused` where none was."""
    found = {name: value for name, value in options.items() if value is not None}
    if not found:
        raise Refused("Please give at least one option.")
    return found


def or_own(text: str, own: Any = None) -> Any:
    """The text, or where `none` was typed what the persona brings itself."""
    return own if text.strip().casefold() == OWN else text


def line(what: str, text: str) -> str:
    """One line. Raises `Refused`."""
    return _valid(TypeAdapter(Line), what, text)


def moderator_name(room: RoomState, text: str) -> str:
    """A name that nobody here has. Raises `Refused`."""
    name = _valid(TypeAdapter(Name), "The name", text)
    if any(seat.name.casefold() == name.casefold() for seat in room.seats.values()):
        raise Refused("An agent here has that name. Please take another one.")
    return name


def words(text: str) -> Sequence[str]:
    """Words separated by commas, each once. Raises `Refused`."""
    found = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if len(found) > MOST_WORDS:
        raise Refused(f"That is {len(found)} words, of which an agent has {MOST_WORDS} at most.")
    return tuple(_valid(TypeAdapter(Phrase), "A word", word) for word in found)


def model(agents: Agents, name: str) -> str:
    """One that members may choose. Raises `Refused`."""
    if not agents.allowed(name):
        raise Refused(f"Members may choose these models here: {', '.join(agents.choices)}.")
    return name


def topic(text: str) -> str:
    """Raises `Refused` where there is nothing to talk about."""
    if not text.strip():
        raise Refused("Please give the room a topic.")
    return text


def _valid(kind: TypeAdapter[str], what: str, text: str) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        (first, *_) = error.errors()
        reason = str(first["ctx"]["error"]) if first["type"] == "value_error" else f"cannot be that: {first['msg']}"
        raise Refused(f"{what} {reason}.") from None
