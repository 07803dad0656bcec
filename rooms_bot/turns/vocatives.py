"""Names a sentence is to without an @: set off by a comma at its head or end. About a name is not to it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category

from rooms_bot.turns.common_words import needs_at
from rooms_bot.turns.folding import wordy
from rooms_bot.turns.names import Book

_MARKS = "*_~"
_BEFORE = _MARKS + " @¿¡([{>#-–—•"
_AFTER = _MARKS + ")]}"
_ENDS = ".?!;…।|\n"
_BETWEEN = re.compile(r"[*_~]{0,6} ?(?:,|,? ?(?:&|\+|\band\b|\bund\b|\by\b|\be\b|\bet\b|和)) ?@?[*_~]{0,6}")
_HAIL = re.compile(
    r"(?:^|[.?!;…।\n(*_-] ?)(?:hey|hi|hello|dear|thanks|thank you|ok|okay|yes|no|so|and|but|now|well|oh|right|"
    r"good point|hallo|liebe|lieber|danke|ja|nein|und|also|aber|salut|bonjour|cher|chère|merci|oui|non|et|alors|"
    r"hola|gracias|sí|y|pero)"
    r",? ?[*_~]{0,3}$"
)
_HAIL_LENGTH = 24
_GOES_ON = re.compile(r" (?:and|und|y|e|et|or|oder|ou|o)\b| ?&")
"""After names: the list of them has not ended."""


class Mention(NamedTuple):
    """A name that stands as a word of its own: `text[start:end]`."""

    start: int
    end: int
    id: int


def vocatives(text: str, book: Book) -> Iterator[Mention]:
    """Where in a folded text somebody is called so, in order."""
    for group in _groups(text, list(mentions(text, book))):
        yield from _to_them(text, group)


def mentions(text: str, book: Book) -> Iterator[Mention]:
    """Names that stand as words of their own, save those that are common words."""
    start, end = 0, len(text)
    if not any(called in text for called in book.ids):  # nearly always, and much sooner told
        return
    while start < end:
        if text[start] in book.initials and not (start and wordy(text[start - 1])):
            found = book.at(text, start)
            if found is not None and found[1] is not None and not needs_at(text[start : found[0]]):
                yield Mention(start, found[0], found[1])
                start = found[0]
                continue
        start += 1


def _groups(text: str, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """Names in a list, `Ada, Bob and Carol`, belong together."""
    group = list(mentions[:1])
    for before, after in pairwise(mentions):
        if not _BETWEEN.fullmatch(text, before.end, after.start):
            yield group
            group = []
        group.append(after)
    if group:
        yield group


def _to_them(text: str, group: Sequence[Mention]) -> Sequence[Mention]:
    """Those of a list of names that the sentence is to."""
    first, last = group[0].start, group[-1].end
    before = _back(text, first)
    if _GOES_ON.match(text, last):
        return ()
    if before and text[before - 1] == "," and _is_end(text, last):
        return group
    if not _is_head(text, before, first):
        return ()
    if _is_set_off(text, last):
        return group
    gaps = {text[a.end : b.start].strip(_BEFORE) for a, b in pairwise(group)}
    return group[:-1] if gaps == {","} else _asked_alone(text, group)


def _back(text: str, start: int) -> int:
    while start and text[start - 1] in _BEFORE:
        start -= 1
    return start


def _is_head(text: str, before: int, start: int) -> bool:
    """Whether a sentence begins at `before`, or does so with a word of greeting."""
    if not before or text[before - 1] in _ENDS or category(text[before - 1]) == "So":
        return text[before - 1 : before] != "\ufffc"
    if text[before - 1] == ":" and text[before] == " ":
        return True
    return _HAIL.search(text, max(0, start - _HAIL_LENGTH), start) is not None


def _is_set_off(text: str, end: int) -> bool:
    """Whether a comma or colon follows, as in `Ada, …`, `**Ada**: …`, `Ada : …`."""
    while text[end : end + 1] and text[end] in _MARKS:
        end += 1
    if text[end : end + 2] == " :":
        end += 1
    after = text[end + 1 : end + 2]
    return text[end : end + 1] == "," or (text[end : end + 1] == ":" and not (after.isascii() and after.isalnum()))


def _is_end(text: str, end: int) -> bool:
    while text[end : end + 1] and text[end] in _AFTER:
        end += 1
    following = text[end : end + 2].lstrip(" ")[:1]
    return not following or following in _ENDS or category(following).startswith("S")


def _asked_alone(text: str, group: Sequence[Mention]) -> Sequence[Mention]:
    """`Ada?` is to her where it is all that is said."""
    start, end = group[0].start, group[-1].end
    short = len(text) - (end - start) < _HAIL_LENGTH
    alone = short and not text[:start].strip(_BEFORE) and text[end:].strip(_AFTER + " \n") in ("?", "??", "?!")
    return group if alone else ()
