"""Reads one persona from its Markdown file, and says what is wrong with the file and on which line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rooms_bot.domain.personas import Persona
from rooms_bot.errors import PersonaError
from rooms_bot.store.front_matter import Malformed, Page, Where, split
from rooms_bot.store.persona_names import doubts

MAX_BYTES = 64 * 1024
MAX_IMAGE = 256 * 1024
"""An application emoji's image has at most 256 KiB (Discord's documentation, Emoji resource)."""

KEYS = tuple(field for field in Persona.model_fields if field != "prompt")

IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


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
        page = split(_text(path))
    except Malformed as error:
        return None, [Finding(path, error.line or None, "error", error.reason)]
    persona, errors = _persona(path, page)
    faults = [Finding(path, line, "error", sentence) for line, sentence in sorted(errors)]
    warnings = [Finding(path, line, "warning", sentence) for line, sentence in sorted(_warnings(page, persona))]
    return (None if faults else persona), faults + warnings


def _text(path: Path) -> str:
    """Reads no more than may be, and nothing that would block. Line breaks become the usual ones."""
    try:
        if not path.is_file():
            raise Malformed("there is no such file", 0)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Malformed(f"the file cannot be read: {error.strerror}", 0) from error
    if len(raw) > MAX_BYTES:
        raise Malformed(f"the file is larger than {MAX_BYTES // 1024} KiB", 0)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("the file must be saved as UTF-8", raw[: error.start].count(b"\n") + 1) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _persona(path: Path, page: Page) -> tuple[Persona | None, list[tuple[int, str]]]:
    fields = {key: value for key, value in page.values.items() if key in KEYS and value is not None}
    errors: list[tuple[int, str]] = []
    if isinstance(fields.get("avatar"), str):
        image = path.absolute().parent / fields["avatar"]
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
        return "`avatar` must be the name of a file beside this one, not a path or an address"
    try:
        if not image.is_file():
            return f"`avatar` names {name!r}, and there is no such file beside this one"
        with image.open("rb") as file:
            raw = file.read(MAX_IMAGE + 1)
    except OSError as error:
        return f"`avatar` cannot be read: {error.strerror}"
    if len(raw) > MAX_IMAGE:
        return f"`avatar` must have at most {MAX_IMAGE // 1024} KiB"
    webp = raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"
    return "" if webp or raw.startswith(IMAGES) else "`avatar` must be a PNG, JPEG, GIF or WebP image"


def _warnings(page: Page, persona: Persona | None) -> Iterator[tuple[int, str]]:
    for key in page.values:
        if key not in KEYS:
            yield page.line((key,)), _unknown(key)
    if persona is None:
        return
    for sentence in doubts(persona.name):
        yield page.line(("name",)), sentence
    if not persona.prompt and not (persona.model or "").startswith("python/"):
        yield page.body_line, "nothing stands below the front matter: that is where the character is told"


def _unknown(key: str) -> str:
    if key.casefold() in ("prompt", "system", "system_prompt", "body"):
        return f"{key!r} is not read: the prompt is the text below the front matter"
    near = get_close_matches(key.strip().casefold().replace("-", "_")[:40], KEYS, n=1)
    guess = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(KEYS)}"
    return f"{key[:40]!r} is not a known key: {guess}"


def _sentence(detail: ErrorDetails) -> str:
    """Pydantic's finding, said to one who writes personas."""
    key, *entry = detail["loc"]
    subject = "the text below the front matter" if key == "prompt" else f"`{key}`"
    if entry:
        subject = f"entry {int(entry[0]) + 1} of {subject}"
    if detail["type"] == "missing":
        return f"{subject} is missing: every persona needs one"
    return f"{subject} {_predicate(detail['type'], detail.get('ctx', {}), detail['msg'])}"


def _predicate(kind: str, limits: dict[str, Any], message: str) -> str:
    match kind:
        case "string_type" | "string_unicode":
            return "must be text"
        case "string_too_long":
            return f"must have at most {limits['max_length']} characters"
        case "string_too_short":
            return "is empty"
        case "tuple_type":
            return "must be a list, such as [logic, proofs]"
        case "too_long":
            return f"must have at most {limits['max_length']} entries"
        case "float_parsing" | "float_type" | "finite_number":
            return "must be a number"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be at least {limits['ge']:g}"
        case "greater_than":
            return f"must be more than {limits['gt']:g}"
        case "less_than_equal":
            return f"must be at most {limits['le']:g}"
        case "literal_error":
            return "must be " + str(limits["expected"]).replace("'", "`")
        case "value_error":
            return str(limits["error"])
    return f"cannot be used: {message}"
