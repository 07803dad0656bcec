"""Reads Character Cards, the files in which chat programs exchange characters: JSON, alone or hidden in a PNG.

Version 2 (github.com/malfoyslastname/character-card-spec-v2), and of versions 1 and 3 what agrees with it. Whoever made
the card is not trusted: only texts are taken, and none of them says which model speaks or where anything lies.
"""

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import category

from pydantic import ValidationError

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_, _
from rooms_bot.store import png
from rooms_bot.store.persona_files import faults

MAX_JSON = 1024 * 1024
LONGEST_PROMPT, LONGEST_GREETING, LONGEST_DESCRIPTION, MOST_TAGS = 32_000, 2000, 300, 64

LEFT_OUT = {
    "character_book": N_("the lorebook"),
    "alternate_greetings": N_("the other greetings"),
    "post_history_instructions": N_("the instructions after the conversation"),
    "extensions": N_("what other programs keep in it"),
    "assets": N_("pictures and sounds"),
}
"""Fields that stand for nothing here."""

_PLACE = re.compile(r"\{\{\s*(char|user|original)\s*\}\}|<(bot|char|user)>", re.I)
_START = re.compile(r"^\s*<start>\s*$", re.I | re.M)
_SIGN = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f"
    "|(?<=[^\x00-\u05ff\u2000-\u200f])[\u200c\u200d](?=[^\x00-\u05ff\u2000-\u200f]))|.",
    re.S,
)
"""One sign; in a group what needs those that do not show: flags of tags, joined emojis, scripts from Arabic on."""
_MARKUP = re.compile(r"<[^<>]{0,500}>|\b(?:https?://|www\.)\S+")

Card = Mapping[str, Any]


def hidden(picture: bytes) -> tuple[Persona, list[str]]:
    """The persona of a PNG, and what to say about it. Raises `Refused`."""
    try:
        texts = png.texts(picture, ("ccv3", "chara"), MAX_JSON * 4 // 3 + 4)
    except png.Swollen:
        raise _too_large() from None
    packed = texts.get("ccv3") or texts.get("chara")
    if not packed:
        raise Refused("There is no character in this picture: it is a Character Card only with one.")
    try:
        return read(b64decode(packed))
    except NotBase64:
        raise Refused("The character in this picture is damaged.") from None


def read(raw: bytes) -> tuple[Persona, list[str]]:
    """The persona of a card, and sentences about what of it was left out. Raises `Refused`, and nothing else."""
    if len(raw) > MAX_JSON:
        raise _too_large()
    try:
        whole = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("This is no JSON, or it is damaged.") from None
    card = whole.get("data") if isinstance(whole, dict) and isinstance(whole.get("data"), dict) else whole
    if not isinstance(card, dict) or not _line(card.get("name")):
        raise Refused("This is no Character Card: it does not say who it is.")
    notes: list[str] = []
    try:
        return Persona.model_validate(_fields(card, notes)), [*notes, *_unused(card)]
    except ValidationError as error:
        raise Refused("This card cannot be used: {faults}.", faults="; ".join(faults(error)[:3])) from None


def _too_large() -> Refused:
    return Refused("A Character Card has at most {size} KiB of text.", size=MAX_JSON // 1024)


def _fields(card: Card, notes: list[str]) -> dict[str, Any]:
    name = _line(card["name"])
    tags = card.get("tags")
    lines = [_line(tag) for tag in tags] if isinstance(tags, list) else []
    return {
        "name": name,
        "description": _description(card, notes),
        "expertise": tuple(dict.fromkeys(tag for tag in lines if 0 < len(tag) <= 100))[:MOST_TAGS],
        "greeting": _greeting(card, name, notes),
        "prompt": _prompt(card, name, notes),
    }


def _prompt(card: Card, name: str, notes: list[str]) -> str:
    """The card's texts one below the other; its examples go where all is too long, and nothing is ever cut."""
    told = {
        key: _named(_text(card.get(key)), name) for key in ("system_prompt", "description", "personality", "scenario")
    }
    heads = {"personality": "Personality: ", "scenario": "Scenario: "}
    prompt = "\n\n".join(f"{heads.get(key, '')}{text}" for key, text in told.items() if text)
    examples = _named(_START.sub("", _text(card.get("mes_example"))).strip(), name)
    whole = "\n\n".join(part for part in (prompt, examples and f"Examples of how {name} speaks:\n{examples}") if part)
    if len(whole) <= LONGEST_PROMPT:
        return whole
    if len(prompt) > LONGEST_PROMPT:
        sentence = N_("The card's texts have {count} characters together, of which a persona takes {most} at most.")
        raise Refused(sentence, count=len(prompt), most=LONGEST_PROMPT)
    notes.append(_("Its examples are left out: with them the prompt would be too long."))
    return prompt


def _greeting(card: Card, name: str, notes: list[str]) -> str:
    greeting = _named(_text(card.get("first_mes")), name, user="everyone")
    if len(greeting) <= LONGEST_GREETING:
        return greeting
    sentence = _("Its first message is left out: it has {count} characters, of which a greeting takes {most} at most.")
    notes.append(sentence.format(count=len(greeting), most=LONGEST_GREETING))
    return ""


def _description(card: Card, notes: list[str]) -> str:
    """The maker's notes as one line, without markup and addresses."""
    line = " ".join(_MARKUP.sub(" ", _line(card.get("creator_notes"))).split())
    if len(line) <= LONGEST_DESCRIPTION:
        return line
    notes.append(_("Its description is shortened."))
    return line[: LONGEST_DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def _unused(card: Card) -> Iterator[str]:
    unused = [_(what) for key, what in LEFT_OUT.items() if card.get(key)]
    if unused:
        yield _("Left out: {things}.").format(things=", ".join(unused))


def _named(text: str, name: str, user: str = "the user") -> str:
    """With the names that the card leaves open."""
    names = {"char": name, "bot": name, "user": user, "original": ""}
    return _PLACE.sub(lambda found: names[(found[1] or found[2]).lower()], text).strip()


def _text(value: object) -> str:
    """Whatever it is, a text that can be kept: without control characters and halves of characters."""
    if not isinstance(value, str):
        return ""
    whole = value.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(char for char in whole if category(char) != "Cc" or char in "\t\n").strip()


def _line(value: object) -> str:
    """The same on one line, in one direction of writing."""
    shown = (one[0] for one in _SIGN.finditer(_text(value)) if one[1] or category(one[0]) != "Cf")
    return " ".join("".join(shown).split())
