"""What of a message is code or a quote and not prose, as Discord reads Markdown, in linear time."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_TICKS = re.compile(r"`+")
_QUOTED = re.compile(r"^[ \t]*>(?![:;=._<]).*$", re.M)
"""A quoted line; `>:(` and the like are faces."""
_QUOTED_ON = re.compile(r"[ \t]*>>>\s")
_LINE_START = re.compile(r"(?:[ \t>*+-]|\d+[.)])*")
_LANGUAGE = re.compile(r"[\w+\-.#]{1,24}(?=[ \t]*\n)")


class Code(NamedTuple):
    """One stretch of code with its marks: `text[start:end]`."""

    start: int
    end: int
    fence: bool
    closed: bool


class Span(NamedTuple):
    start: int
    end: int


def code(text: str, without: Sequence[Span] = ()) -> list[Code]:
    """Fenced and inline code, in order; marks in `without` (in order) open and close nothing.

    A fence that is never closed goes to the end where it begins a line, and is three backticks where it does not.
    """
    runs = _outside([Span(*found.span()) for found in _TICKS.finditer(text)], without)
    closers = _closers(runs)
    found, at = [], 0
    while at < len(runs):
        (start, end), closer = runs[at], closers[at]
        fence = end - start >= 3
        if start and text[start - 1] == "\\":
            at += 1
        elif closer is not None:
            found.append(Code(start, runs[closer].end, fence, closed=True))
            at = closer + 1
        elif fence and _LINE_START.fullmatch(text, text.rfind("\n", 0, start) + 1, start):
            return [*found, Code(start, len(text), fence=True, closed=False)]
        else:
            at += 1
    return found


def _closers(runs: Sequence[Span]) -> list[int | None]:
    """For each run of backticks the place of the next that closes it: of its length, or three and more for a fence."""
    after: dict[int, int] = {}
    closers: list[int | None] = [None] * len(runs)
    for at in range(len(runs) - 1, -1, -1):
        kind = min(runs[at].end - runs[at].start, 3)
        closers[at] = after.get(kind)
        after[kind] = at
    return closers


def language(text: str, fence: Code) -> str:
    """What a fence says its code is written in, or nothing."""
    named = _LANGUAGE.match(text, fence.start + 3)
    return named.group() if named and named.end() < fence.end else ""


def unspoken(text: str) -> tuple[list[Code], list[Span]]:
    """The code and the quotes of a message, each in order; `>>>` quotes all that follows, as in Discord."""
    lines = [Span(*found.span()) for found in _QUOTED.finditer(text)]
    blocks = code(text, lines)
    quotes: list[Span] = []
    for line in _outside(lines, blocks):
        if _QUOTED_ON.match(text, line.start):
            return blocks, [*quotes, Span(line.start, len(text))]
        quotes.append(line)
    return blocks, quotes


def _outside(spans: Iterable[Span], covers: Sequence[Span] | Sequence[Code]) -> list[Span]:
    """Those that do not begin within a cover; both in order."""
    kept, at = [], 0
    for span in spans:
        while at < len(covers) and covers[at].end <= span.start:
            at += 1
        if at == len(covers) or span.start < covers[at].start:
            kept.append(span)
    return kept
