"""One text as several messages, cut where it hurts least: at a paragraph, a line, a sentence, a word, else anywhere.

Every part can be read alone: a code fence is closed at its end and reopened in the next, a quote stays a quote.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

from rooms_bot.turns.prose import Code, code, language

LIMIT = 2000
"""Characters of a message's content (Discord, error 50035), counted in UTF-16 units: no fewer than Discord's."""
LEAST = 64
"""The smallest limit that leaves room for text between the marks at both ends."""

_CLOSE = "\n```"
_PARAGRAPH = re.compile(r"(?=\n[ \t]*\n)")
_LINE = re.compile(r"(?=\n)")
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]»*_~]{0,4}(?=\s)|[。！？][」』”’）]?")
_ENDED = re.compile(rf"{_SENTENCE.pattern}|(?<=[^\W\d]{{2}})[.!?…]+[\"'”’)\]»*_~]{{0,4}}\Z")
"""The end of a sentence in a text that still grows: after a digit or a single letter a dot may be the middle of one."""
_WORD = re.compile(r"(?=\s)|[，、；：]")
_SEAMS = (
    (_PARAGRAPH, False, 0.4),
    (_LINE, False, 0.5),
    (_SENTENCE, False, 0.4),
    (_WORD, False, 0.4),
    (_LINE, True, 0.2),
    (_WORD, False, 0.0),
    (_WORD, True, 0.0),
)
"""What to look for, best first; whether within a fence; and how full a part must then be at least."""
_BLANK = re.compile(r"(?:[ \t]*\n)+")
_LINE_MARK = re.compile(r"[ \t]*(> |-# )")
_QUOTED_ON = re.compile(r"^[ \t]*>>> ", re.M)
_TOKEN = re.compile(r"<[^\s<>]{1,48}>")
"""A mention, an emoji, a time: of no use in halves."""


@dataclass(frozen=True, slots=True)
class Split:
    """`parts` are messages, `rest` is what there is beyond them, to be handed over as a file; mostly empty."""

    parts: list[str]
    rest: str = ""


def split(text: str, limit: int = LIMIT, most: int = 5) -> Split:
    """At most `most` parts of at most `limit` characters, none of them empty.

    Without the marks added at seams, and but for white space there, parts and rest are the text.
    """
    if limit < LEAST or most < 1:
        raise ValueError(f"parts of {limit} characters, {most} at most, cannot carry a text")
    parts: list[str] = []
    rest, mark = text.strip(), ""
    while rest and len(parts) < most:
        part, rest, mark = _first(mark, rest, limit)
        parts.append(part)
    return Split(parts, mark + rest if rest else "")


def _first(mark: str, text: str, limit: int) -> tuple[str, str, str]:
    """The first part, which begins with `mark`; what is left after it; and the mark that this begins with."""
    whole = mark + text
    if len(whole) <= limit and units(closed := _closed(whole)) <= limit:
        return closed, "", ""
    blocks = code(whole)
    cut = _cut(whole, blocks, len(mark), _reach(whole, limit - len(_CLOSE)))
    block = _around(blocks, cut)
    if block is None or not block.fence:
        return _closed(whole[:cut].rstrip()), whole[cut:].lstrip(), _mark(whole, blocks, cut)
    if block.closed and not whole[cut : block.end].strip("` \t\n"):
        return whole[:cut].rstrip() + _CLOSE, whole[block.end :].lstrip(), _mark(whole, blocks, block.end)
    rest = _BLANK.sub("", whole[cut:], count=1) if _BLANK.match(whole, cut) else whole[cut:]
    return _closed(whole[:cut].rstrip("\n"), block), rest, f"```{language(whole, block)}\n"


def _closed(part: str, within: Code | None = None) -> str:
    """With its fence closed, if one is open; `within` is the one that this is cut off from."""
    blocks = code(part)
    is_open = bool(blocks) and not blocks[-1].closed
    if within is not None:
        is_open |= all(block.start != within.start for block in blocks)
    return part + _CLOSE if is_open else part


def _mark(text: str, blocks: Sequence[Code], cut: int) -> str:
    """What the next part begins with to stay what it is: quoted, or small."""
    if any(_around(blocks, quote.start()) is None for quote in _QUOTED_ON.finditer(text, 0, cut)):
        return ">>> "
    marked = _LINE_MARK.match(text, text.rfind("\n", 0, cut) + 1, cut)
    return marked.group(1) if marked and not _BLANK.match(text, cut) else ""


def whole(draft: str) -> str:
    """As much of a text that still grows as reads well: up to a whole sentence or line.

    In code it is a whole line, and its fence is closed.
    """
    blocks = code(draft)
    ends = {found.end(): False for found in _ENDED.finditer(draft)} | dict.fromkeys(_ends_of_lines(draft), True)
    for place in sorted(ends, reverse=True):
        if _is_good(draft, blocks, place, fenced=ends[place]):
            return _closed(draft[:place].rstrip())
    return ""


def _ends_of_lines(draft: str) -> list[int]:
    return [found.start() for found in _LINE.finditer(draft)]


# Length


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def _reach(text: str, room: int) -> int:
    """How many of its characters have room."""
    end = min(room, len(text))
    while units(text[:end]) > room:
        end -= max(1, (units(text[:end]) - room) // 2)
    return end


# Where to cut


def _cut(text: str, blocks: Sequence[Code], least: int, reach: int) -> int:
    for seam, fenced, full in _SEAMS:
        for place in reversed([found.end() for found in seam.finditer(text, 0, reach + 2)]):
            if place <= max(least, reach * full):
                break
            if place <= reach and _is_good(text, blocks, place, fenced=fenced):
                return place
    return _anywhere(text, blocks, least, reach)


def _is_good(text: str, blocks: Sequence[Code], place: int, *, fenced: bool) -> bool:
    """Whether there is no code there or, if it may be `fenced`, the inside of a fence with something before it."""
    block = _around(blocks, place)
    if block is None:
        return True
    return fenced and block.fence and bool(text[_inside(text, block) : place].strip())


def _around(blocks: Sequence[Code], place: int) -> Code | None:
    """The code that a cut at `place` would go through."""
    at = bisect_left(blocks, place, key=lambda block: block.start) - 1
    return blocks[at] if at >= 0 and place < blocks[at].end else None


def _inside(text: str, fence: Code) -> int:
    """Where the code of a fence begins."""
    named = language(text, fence)
    return text.index("\n", fence.start) if named else fence.start + 3


def _anywhere(text: str, blocks: Sequence[Code], least: int, reach: int) -> int:
    """As late as can be, but not within what makes one sign, nor within marks."""
    cut = max(reach, least + 1)
    block = _around(blocks, cut)
    if block is not None and block.start > least and (not block.fence or cut <= _inside(text, block)):
        cut = block.start
    for token in _TOKEN.finditer(text, max(least, cut - 50), cut + 50):
        if token.start() < cut < token.end() and token.start() > least:
            cut = token.start()
    whole = cut
    while whole > max(least + 1, cut - 40) and _joined(text, whole):
        whole -= 1
    return cut if _joined(text, whole) else whole


def _joined(text: str, place: int) -> bool:
    """Whether what stands before and after `place` is one sign to a reader, or one run of backticks."""
    before, after = text[place - 1], text[place : place + 1]
    if not after:
        return False
    together = category(after).startswith("M") or "\u200d" in (before, after) or "\U0001f3fb" <= after <= "\U0001f3ff"
    flags = "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    return together or flags or "\U000e0020" <= after <= "\U000e007f" or (before in "`\\" and after == "`")
