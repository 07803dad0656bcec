"""Reads one persona from its Markdown file, and says what is wrong with the file and on which line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import PersonaError
from rooms_bot.i18n import _, number
from rooms_bot.store.faces import MAX_IMAGE, kind
from rooms_bot.store.front_matter import Malformed, Page, Where, split
from rooms_bot.store.persona_names import doubts

MAX_BYTES = 64 * 1024
MOST_UNKNOWN = 20
"""Keys that are not known and told of: each is compared with all that are."""

KEYS = tuple(field for field in Persona.model_fields if field != "prompt")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about a file. An error keeps the persona from being used, a warning does not."""

    file: Path
    line: int | None
    severity: Literal["error", "warning"]
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.severity}: {self.sentence}"

    def raised(self) -> PersonaError:
        """This finding as an error."""
        return PersonaError(str(self.file), self.sentence, self.line)


def load(path: Path) -> Persona:
    """The persona of a file, its avatar as an absolute path. Raises `PersonaError`, warnings are left out."""
    persona, findings = read(path)
    if persona is None:
        raise next(finding for finding in findings if finding.severity == "error").raised()
    return persona


def check(path: Path) -> list[Finding]:
    """All there is to say about a file, errors first; nothing if it is flawless."""
    return read(path)[1]


def read(path: Path) -> tuple[Persona | None, list[Finding]]:
    """The persona, None if there is an error among the findings."""
    try:
        return _found(path, split(_text(_raw(path))), path.absolute().parent)
    except Malformed as error:
        return None, [Finding(path, error.line or None, "error", str(error))]


def read_sent(raw: bytes, name: str) -> tuple[Persona | None, list[Finding]]:
    """The same for a file that somebody sent: nothing lies beside it, so that its `avatar` is not looked at."""
    try:
        return _found(Path(name), split(_text(raw)), None)
    except Malformed as error:
        return None, [Finding(Path(name), error.line or None, "error", str(error))]


def _found(path: Path, page: Page, folder: Path | None) -> tuple[Persona | None, list[Finding]]:
    persona, errors = _persona(page, folder)
    faults = [Finding(path, line, "error", sentence) for line, sentence in sorted(errors)]
    warnings = [Finding(path, line, "warning", sentence) for line, sentence in sorted(_warnings(page, persona))]
    return (None if faults else persona), faults + warnings


def _raw(path: Path) -> bytes:
    """Reads no more than may be, and nothing that would block."""
    try:
        if not path.is_file():
            raise Malformed("there is no such file", 0)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Malformed("the file cannot be read: {reason}", 0, reason=error.strerror) from error


def _text(raw: bytes) -> str:
    """Line breaks become the usual ones."""
    if len(raw) > MAX_BYTES:
        raise Malformed("the file is larger than {size} KiB", 0, size=MAX_BYTES // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("the file must be saved as UTF-8", raw[: error.start].count(b"\n") + 1) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _persona(page: Page, folder: Path | None) -> tuple[Persona | None, list[tuple[int, str]]]:
    fields = {key: value for key, value in page.values.items() if key in KEYS and value is not None}
    errors: list[tuple[int, str]] = []
    if folder is None:
        fields.pop("avatar", None)
    elif isinstance(fields.get("avatar"), str):
        image = folder / fields["avatar"]
        if reason := _image_fault(fields["avatar"], image):
            errors.append((page.line(("avatar",)), reason))
        fields["avatar"] = str(image)
    try:
        return Persona.model_validate({**fields, "prompt": page.body}), errors
    except ValidationError as error:
        return None, errors + [(_line(page, detail["loc"]), _sentence(detail)) for detail in error.errors()]


def _line(page: Page, where: Where) -> int:
    return page.body_line if where == ("prompt",) else page.line(where)


def _image_fault(name: str, image: Path) -> str:
    """Why this cannot be a face, or nothing. Only a bare file name can be meant, no way out of the folder."""
    if name != name.strip() or name.startswith(".") or not set(name).isdisjoint('/\\:\0\n"<>|?*'):
        return _("`avatar` must be the name of a file beside this one, not a path or an address")
    try:
        if not image.is_file():
            return _("`avatar` names {name}, and there is no such file beside this one").format(name=repr(name))
        with image.open("rb") as file:
            raw = file.read(MAX_IMAGE + 1)
    except OSError as error:
        return _("`avatar` cannot be read: {reason}").format(reason=error.strerror)
    if len(raw) > MAX_IMAGE:
        return _("`avatar` must have at most {size} KiB").format(size=MAX_IMAGE // 1024)
    return "" if kind(raw) else _("`avatar` must be a PNG, JPEG, GIF or WebP image")


def _warnings(page: Page, persona: Persona | None) -> Iterator[tuple[int, str]]:
    for key in islice((key for key in page.values if key not in KEYS), MOST_UNKNOWN):
        yield page.line((key,)), _unknown(key)
    if persona is None:
        return
    for sentence in doubts(persona.name):
        yield page.line(("name",)), sentence
    if not persona.prompt and not (persona.model or "").startswith("python/"):
        yield page.body_line, _("nothing stands below the front matter: that is where the character is told")


def _unknown(key: str) -> str:
    if key.casefold() in ("prompt", "system", "system_prompt", "body"):
        return _("{key} is not read: the prompt is the text below the front matter").format(key=repr(key))
    near = get_close_matches(key.strip().casefold().replace("-", "_")[:40], KEYS, n=1)
    if near:
        return _("{key} is not a known key: did you mean `{near}`?").format(key=repr(key[:40]), near=near[0])
    return _("{key} is not a known key: there are {keys}").format(key=repr(key[:40]), keys=", ".join(KEYS))


def faults(error: ValidationError) -> Sequence[str]:
    """What keeps something from being a persona, in words."""
    return [_sentence(detail) for detail in error.errors()]


def _sentence(detail: ErrorDetails) -> str:
    """Pydantic's finding, said to one who writes personas."""
    key, *entry = detail["loc"]
    subject = _("the text below the front matter") if key == "prompt" else f"`{key}`"
    if entry:
        subject = _("entry {number} of {list}").format(number=int(entry[0]) + 1, list=subject)
    if detail["type"] == "missing":
        return _("{subject} is missing: every persona needs one").format(subject=subject)
    return f"{subject} {_predicate(detail['type'], detail.get('ctx', {}), detail['msg'])}"


def _predicate(kind: str, limits: dict[str, Any], message: str) -> str:
    """What follows the subject; so it does in every language that has a catalogue."""
    match kind:
        case "string_type" | "string_unicode":
            return _("must be text")
        case "string_too_long":
            return _("must have at most {most} characters").format(most=limits["max_length"])
        case "string_too_short":
            return _("is empty")
        case "tuple_type":
            return _("must be a list, such as [logic, proofs]")
        case "too_long":
            return _("must have at most {most} entries").format(most=limits["max_length"])
        case "float_parsing" | "float_type" | "finite_number":
            return _("must be a number")
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return _("must be a whole number")
        case "greater_than_equal":
            return _("must be at least {least}").format(least=number(limits["ge"]))
        case "greater_than":
            return _("must be more than {least}").format(least=number(limits["gt"]))
        case "less_than_equal":
            return _("must be at most {most}").format(most=number(limits["le"]))
        case "literal_error":
            return _("must be {one_of}").format(one_of=str(limits["expected"]).replace("'", "`"))
        case "value_error":
            return str(limits["error"])
    return _("cannot be used: {reason}").format(reason=message)
