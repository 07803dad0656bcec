"""One text as several messages, cut where it hurts least: at a paragraph, a line, a sentence, a word, else anywhere.

Every part can be read alone: a code fence is closed at its end and reopened in the next, a quoted line stays quoted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category

from rooms_bot.turns.prose import Code, code, language

LIMIT = 2000
"""Characters of a message's content (Discord, error 50035). Counted here in UTF-16 units, never fewer than Discord's."""
LEAST = 64
"""The smallest limit that leaves room for text between the marks at both ends."""
_CLOSE = "\n```"
_PREFIX = re.compile(r"[ \t]*(?:>>>|>|-#) ")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]»*_~]{0,4}\s|[。！？][」』”’）]?")
_WORD = re.compile(r"\s")
_SEAMS = ((_PARAGRAPH, 0.4), (_LINE, 0.5), (_SENTENCE, 0.4), (_WORD, 0.1))
"""Where a text is cut best, and how full a part must then be at least for it to count."""


@dataclass(frozen=True, slots=True)
class Split:
    """`parts` are messages, `rest` is what there is beyond them, to be handed over as a file; often empty."""

    parts: list[str]
    rest: str = ""


def split(text: str, limit: int = LIMIT, most: int = 5) -> Split:
    """At most `most` parts of at most `limit` characters, none of them empty.

    Without the marks added at seams, and but for white space there, parts and rest are the text.
    """
    if limit < LEAST or most < 1:
        raise ValueError(f"parts of {limit} characters, {most} at most, cannot carry a text")
    parts: list[str] = []
    rest = _closed(text.strip("\n").rstrip())
    while rest.strip() and len(parts) < most:
        part, rest = _first(rest, limit)
        if part.strip():
            parts.append(part)
    return Split(parts, rest if rest.strip() else "")


def _closed(text: str) -> str:
    blocks = code(text)
    return text + _CLOSE if blocks and not blocks[-1].closed else text


def _first(text: str, limit: int) -> tuple[str, str]:
    """The first part, and what is left, with the marks that let each stand alone."""
    if _fits(text, limit):
        return text, ""
    blocks = code(text)
    cut = _cut(text, blocks, _reach(text, limit - len(_CLOSE)))
    inside = next((block for block in blocks if block.fence and block.start + 3 <= cut < block.end), None)
    if inside is None:
        part, rest = text[:cut].rstrip(), text[cut:]
        return _closed(part), _continued(text, cut, rest)
    part, rest = text[:cut].rstrip("\n"), text[cut:].removeprefix("\n")
    return part + _CLOSE, f"```{language(text, inside)}\n{rest}"


def _continued(text: str, cut: int, rest: str) -> str:
    """Within a quoted or small line the mark of it comes again; after the end of a line nothing does."""
    line = text.rfind("\n", 0, cut) + 1
    mark = _PREFIX.match(text, line, cut)
    if mark and mark.end() < cut and text[cut - 1] != "\n" and not rest.startswith("\n"):
        return mark.group().lstrip() + rest.lstrip(" \t")
    return rest.lstrip("\n") if rest.startswith("\n") else rest.lstrip(" \t").lstrip("\n")


# Where


def _cut(text: str, blocks: list[Code], reach: int) -> int:
    """The best place up to `reach`, outside code where there is one."""
    least = _marks(text)
    for seam, full in _SEAMS:
        places = [at for at in _places(seam, text, reach) if at > max(least, reach * full)]
        free = [at for at in places if not _within(blocks, at)]
        if free:
            return free[-1]
    for seam in (_LINE, _WORD):
        places = [at for at in _places(seam, text, reach) if at > max(least, reach * 0.1)]
        fenced = [at for at in places if _within(blocks, at, fence=True)] or places
        if fenced:
            return fenced[-1]
    return _whole_sign(text, max(reach, least + 1), least)
