"""Opens a file that somebody sent as a persona: the project's own Markdown, or a Character Card. Nothing is trusted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import Refused
from rooms_bot.i18n import _
from rooms_bot.store import cards, png
from rooms_bot.store.faces import MAX_IMAGE, kind
from rooms_bot.store.persona_files import Finding, read_sent

MAX_FILE = 8 * 1024 * 1024
"""Bytes of a card's picture, the largest of what may be sent."""
MOST_FAULTS = 8
FUNCTION = "python/"


@dataclass(frozen=True, slots=True)
class Import:
    """What was in the file; `notes` are sentences about what was not taken from it."""

    persona: Persona
    picture: bytes | None = None
    notes: Sequence[str] = ()


def opened(raw: bytes, allowed: Callable[[str], bool]) -> Import:
    """The persona of a file, whose kind its first bytes tell. Raises `Refused`, and nothing else, for any bytes.

    `allowed` knows the models that members may choose; another is left out, and a function always is.
    """
    if len(raw) > MAX_FILE:
        raise Refused("That file is larger than {size} MiB.", size=MAX_FILE // 1024 // 1024)
    picture, notes = None, list[str]()
    if raw.startswith(png.HEAD):
        persona, notes = cards.hidden(raw)
        picture = _picture(raw, notes)
    elif kind(raw):
        raise Refused("Of pictures, only PNGs can be Character Cards.")
    elif raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        persona, notes = cards.read(raw)
    else:
        persona, notes = _markdown(raw)
    return Import(_without_strange_model(persona, allowed, notes), picture, notes)


def _picture(raw: bytes, notes: list[str]) -> bytes | None:
    """The card's picture as a face, where it is small enough for one."""
    picture = png.bare(raw)
    if picture and len(picture) <= MAX_IMAGE:
        return picture
    if picture:
        sentence = _("Its picture is left out: it has {size} KiB, of which a face has {most} at most.")
        notes.append(sentence.format(size=-(-len(picture) // 1024), most=MAX_IMAGE // 1024))
    return None


def _markdown(raw: bytes) -> tuple[Persona, list[str]]:
    persona, findings = read_sent(raw, "")
    if persona is None:
        wrong = [_placed(finding) for finding in findings if finding.severity == "error"]
        raise Refused("This persona file cannot be used:\n{faults}", faults="\n".join(wrong[:MOST_FAULTS]))
    return persona, [_placed(finding) for finding in findings[:MOST_FAULTS]]


def _placed(finding: Finding) -> str:
    """With the line, and cut where somebody's own words in it are too long."""
    said = finding.sentence if len(finding.sentence) <= 200 else f"{finding.sentence[:199]}…"
    ended = said if said.endswith(("?", ".", "…")) else f"{said}."
    return _("Line {line}: {fault}").format(line=finding.line, fault=ended) if finding.line else ended


def _without_strange_model(persona: Persona, allowed: Callable[[str], bool], notes: list[str]) -> Persona:
    model = persona.model
    if model is None or (allowed(model) and not model.startswith(FUNCTION)):
        return persona
    notes.append(_("Its model is left out: it is none of those that can be chosen here."))
    return persona.model_copy(update={"model": None})
