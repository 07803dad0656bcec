"""What somebody wants of a room, looked at: a member, a configuration and a cast, or the sentence why it cannot be."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MAX_SEATS, Member, RoomConfig, Seat
from rooms_bot.engine.casting import FEW, fitting, named
from rooms_bot.errors import PersonaError, Refused
from rooms_bot.export.files import ENDINGS, Format
from rooms_bot.ports import Profile
from rooms_bot.store.persona_files import load
from rooms_bot.terminal.flags import Wishes
from rooms_bot.terminal.harmless import harmless, one_line
from rooms_bot.terminal.keeping import path

GUILD, CHANNEL, YOU = 1, 1, 1
"""There is one place here and one person."""
FORMATS = {ENDINGS[form]: form for form in Format} | {form.value: form for form in Format}

RULES = {
    "topic": "topic",
    "mode": "mode",
    "turns": "turns",
    "every": "orchestrator_every",
    "human_every": "human_every",
    "pace": "pace",
    "language": "language",
}
"""Fields of `Wishes` to fields of `RoomConfig`."""

LIMITS = {
    "topic": "What the room is about has at most 300 characters",
    "mode": "The mode is round_robin, argumentative or dynamic",
    "turns": "The turns are a whole number from 1 to 500",
    "orchestrator_every": "The turns between two summaries are a whole number from 0 to 50",
    "human_every": "The turns until the agents wait for you are a whole number from 0 to 50",
    "pace": "The pace is a number of seconds from 0 to 120",
    "language": "The language has at most 60 characters",
    "name": "Your name has at most 80 characters",
    "background": "What the agents should know of you has at most 1000 characters",
    "temperature": "The temperature is a number from 0 to 2",
    "instructions": "Instructions have at most 4000 characters",
}
"""What each field that is checked may be, in words."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The personas there are, by casefolded name, and those of them that were brought along and take part."""

    personas: Mapping[str, Persona]
    guests: tuple[Persona, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is needed to open a room."""

    profile: Profile
    config: RoomConfig
    personas: tuple[Persona, ...]
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """An agent's name to the fields of its `Seat` that are not the persona's."""
    exports: tuple[tuple[Format, Path], ...] = ()

    @property
    def member(self) -> Member:
        return Member(id=YOU, name=self.profile.name, background=self.profile.background)


def shelf(personas: Mapping[str, Persona], files: Iterable[Path]) -> Shelf:
    """With the personas of these files, which replace others of their names. Raises `Refused`."""
    try:
        guests = {guest.name.casefold(): guest for guest in map(load, files)}
    except PersonaError as error:
        raise Refused(str(error)) from error
    return Shelf({**personas, **guests}, tuple(guests.values()))


def plan(wishes: Wishes, there: Shelf) -> Plan:
    """What the wishes come to. Raises `Refused` with a sentence about the first that cannot be."""
    given = {rule: getattr(wishes, wish) for wish, rule in RULES.items() if getattr(wishes, wish) is not None}
    topic = one_line(wishes.topic or "")
    if not topic:
        raise Refused("Please say what the room is about.")
    config = _checked(RoomConfig, {**given, "topic": topic})
    cast = _cast(wishes, there, config.topic)
    profile = {
        "guild": GUILD,
        "member": YOU,
        "name": one_line(wishes.name or "") or own_name(),
        "background": harmless(wishes.background or "").strip(),
    }
    return Plan(
        _checked(Profile, profile),
        config,
        cast,
        _changes(wishes, cast),
        tuple(_export(form, path(file)) for form, file in wishes.exports),
    )


def own_name() -> str:
    """What this machine calls the one who sits at it."""
    with suppress(KeyError, OSError, ImportError):  # what `getpass` raises where nobody has a name
        return one_line(getuser()).capitalize()[:80] or "You"
    return "You"


def _checked(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """Raises `Refused` that says what the first wrong field may be."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        given = len(first["input"]) if first["type"] == "string_too_long" else _quoted(first["input"])
        raise Refused(f"{LIMITS[str(first['loc'][0])]}, not {given}.") from None


def _quoted(value: object) -> str:
    text = one_line(str(value))
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _cast(wishes: Wishes, there: Shelf, topic: str) -> tuple[Persona, ...]:
    """The guests and whoever is named; if nobody is, those who fit best, up to a few in all."""
    if wishes.agents and wishes.agents.strip():
        others = named(there.personas.values(), wishes.agents)
    else:
        known = [persona for persona in there.personas.values() if persona not in there.guests]
        others = fitting(known, topic)[: max(0, FEW - len(there.guests))]
    cast = tuple(dict.fromkeys((*there.guests, *others)))
    if len(cast) > MAX_SEATS:
        raise Refused(f"That is {len(cast)} agents, of which a room has {MAX_SEATS} at most.")
    return cast


def _changes(wishes: Wishes, cast: Sequence[Persona]) -> Mapping[str, Mapping[str, Any]]:
    changes: dict[str, dict[str, Any]] = {}
    for wish in ("temperature", "instructions"):
        for words in getattr(wishes, wish):
            name, equals, value = words.partition("=")
            if not equals:
                raise Refused(f"--{wish} is NAME=VALUE, not {_quoted(words)}.")
            persona = present(cast, name)
            seat = {"id": 1, "name": persona.name, "persona": persona, wish: harmless(value).strip()}
            changes.setdefault(persona.name, {})[wish] = getattr(_checked(Seat, seat), wish)
    return changes


def present(cast: Iterable[Persona], name: str) -> Persona:
    """The one of that name, in any case, who takes part. Raises `Refused`."""
    here = {persona.name.casefold(): persona for persona in cast}
    if (found := here.get(name.strip().lstrip("@").casefold())) is None:
        there = ", ".join(persona.name for persona in here.values())
        raise Refused(f"Nobody here is called {_quoted(name)}. Here are: {there}.")
    return found


def _export(form: str, file: Path) -> tuple[Format, Path]:
    if form not in FORMATS:
        raise Refused(f"--export is md, csv or json, not {_quoted(form)}.")
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise Refused(f"--export cannot write {_quoted(file)}: that is a folder, or its folder is not there.")
    return FORMATS[form], file
