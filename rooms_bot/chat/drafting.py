"""What somebody types into the form of a persona, and the persona that it makes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import discord
from pydantic import ValidationError

from rooms_bot.chat.meanwhile import changed
from rooms_bot.chat.splitting import units
from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.store.persona_files import faults
from rooms_bot.store.persona_writing import page

LONGEST = 4000
"""Characters of a form's field."""

_COMMA = re.compile(r"[,;\n，、；]")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form, as they were filled in."""

    name: str = ""
    role: str = ""
    expertise: str = ""
    """Separated by commas."""
    prompt: str = ""
    picture: discord.Attachment | None = None

    def page(self) -> str:
        """As a persona file, whatever may be wrong with it."""
        return page({"name": self.name, "role": self.role, "expertise": split(self.expertise)}, self.prompt)


def typed_of(persona: Persona) -> Typed:
    """How the form is filled in to change this one. Raises `Refused` where it does not hold all of it."""
    typed = _shown(persona)
    if max(units(typed.prompt), units(typed.expertise)) > LONGEST:
        raise Refused(
            "{name} has more text than the {most} characters that a form's field holds. `/persona export` gives you "
            "its file: change that, and hand it in with `/persona import`.",
            name=persona.name,
            most=LONGEST,
        )
    return typed


def _shown(persona: Persona) -> Typed:
    return Typed(persona.name, persona.role, ", ".join(persona.expertise), persona.prompt)


def drafted(typed: Typed, old: Persona | None = None) -> Persona:
    """The persona that was typed; what the form does not show stays as `old` has it. Raises `Refused`."""
    same = old is not None and typed.expertise == ", ".join(old.expertise)
    fields = {} if old is None else old.model_dump()
    fields |= {"name": typed.name, "role": typed.role, "prompt": typed.prompt.replace("\r\n", "\n").strip()}
    fields["expertise"] = old.expertise if old is not None and same else split(typed.expertise)
    try:
        return Persona.model_validate(fields)
    except ValidationError as error:
        raise Refused("This cannot be kept: {faults}.", faults="; ".join(faults(error)[:5])) from None


def rebased(typed: Typed, opened: Persona, now: Persona) -> Typed:
    """What was typed into a form that was `opened` for a persona which others may have changed: over what it is `now`.

    Raises `Outdated` where they changed the same.
    """
    changes = changed(_fields(_shown(opened)), _fields(typed), _fields(_shown(now)))
    return replace(_shown(now), **changes, picture=typed.picture)


def _fields(typed: Typed) -> Mapping[str, str]:
    """Line ends and what is blank at the ends are not of the typist's making."""
    texts = {"name": typed.name, "role": typed.role, "expertise": typed.expertise, "prompt": typed.prompt}
    return {name: text.replace("\r\n", "\n").strip() for name, text in texts.items()}


def split(text: str) -> list[str]:
    """The parts of a list with commas, each once."""
    return list(dict.fromkeys(part.strip() for part in _COMMA.split(text) if part.strip()))
