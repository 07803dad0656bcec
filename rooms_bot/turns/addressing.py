"""Who a message is addressed to: `@Name`, a native mention, or a name set off by a comma; *about* a name is not *to* it.

Names are read outside code, quotes, e-mail and web addresses, longest first, whatever their case or Unicode form, in
time linear in the text: each place is compared with the names by length, and nothing is ever read twice.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category

from rooms_bot.turns.folding import Folded, continues, fold, folded, unspaced, wordy
from rooms_bot.turns.names import needs_at
from rooms_bot.turns.prose import Span, unspoken

ALL = "all"
"""`@all` names everyone."""

_NATIVE = re.compile(r"<@!?(\d{15,20})>")
"""A mention as Discord writes it; ids have 17 to 20 digits (the first accounts' 15)."""
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w.-])[\w-]+\.[\w.-]+/[^\s<>\"]*")
_ARTICLES = frozenset("the a an der die das le la les el los las il lo dr dr. mr mr. mrs mrs. ms ms. prof prof.".split())
_MARKS = "*_~"
_BEFORE = _MARKS + " \"'“„«¿¡([{>#-–—•"
_AFTER = _MARKS + "\"'”“»)]}"
_ENDS = ".?!;…।|\n"
_BETWEEN = re.compile(r"[*_~]{0,6} ?(?:,|,? ?(?:&|\+|\band\b|\bund\b|\by\b|\be\b|\bet\b|和)) ?[*_~]{0,6}")
_HAIL = re.compile(
    r"(?:^|[.?!;…।\n\"“(*_-] ?)(?:hey|hi|hello|dear|thanks|thank you|ok|okay|yes|no|so|and|but|now|well|oh|right|good point|"
    r"hallo|liebe|lieber|danke|ja|nein|und|also|aber|salut|bonjour|cher|chère|merci|oui|non|et|alors|hola|gracias|sí|y|pero)"
    r",? ?[*_~]{0,3}$"
)
_HAIL_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be addressed."""

    id: int
    name: str


class Call(NamedTuple):
    """Somebody named at a place of the text: `text[start:end]`, where the name itself begins at `name`.

    `id` is None for `@all`.
    """

    start: int
    name: int
    end: int
    id: int | None


def addressed(
    text: str,
    names: Sequence[Named],
    *,
    vocative: bool,
    speaker: int | None = None,
    everyone: Collection[int] | None = None,
) -> tuple[int, ...]:
    """Ids of those this text is to, in the order named, each once, `speaker` never.

    With `vocative` a name set off by a comma at the head or end of a sentence counts too. `everyone` are the ids that
    `@all` stands for, in the order of `names`; None: all of them. Of two with one name the first is meant.
    """
    every = [one.id for one in names if everyone is None or one.id in everyone]
    found: dict[int, None] = {}
    for call in calls(text, names, vocative=vocative):
        found |= dict.fromkeys(every if call.id is None else [call.id])
    return tuple(number for number in found if number != speaker)


def calls(text: str, names: Sequence[Named], *, vocative: bool = False) -> list[Call]:
    """Where in the text somebody is addressed, in order."""
    reading, book = _prose(text), _book(tuple(names))
    if not book.lengths:
        return []
    found = [*_natives(text, reading, book), *_ats(reading, book)]
    if vocative:
        found += _vocatives(reading, book)
    return sorted(found)


def _prose(text: str) -> Folded:
    """The text as it is compared, with code and addresses as one sign each and quotes as the end of a line."""
    blocks, quotes = unspoken(text)
    covers = [(Span(block.start, block.end), "\ufffc") for block in blocks]
    covers += [(quote, "\n") for quote in quotes]
    if "/" in text or "www." in text:
        covers += [(Span(*found.span()), "\ufffc") for found in _ADDRESS.finditer(text)]
    return fold(text, sorted(covers))


# Names


@dataclass(frozen=True, slots=True)
class _Book:
    """What each of the names can be called, by how it is compared."""

    ids: dict[str, int | None]
    members: frozenset[int]
    lengths: tuple[int, ...]
    """Longest first."""
    initials: frozenset[str]

    def at(self, text: str, start: int) -> tuple[int, int | None] | None:
        """The end and owner of the longest name that stands at `start` as a word of its own."""
        if start >= len(text) or text[start] not in self.initials:
            return None
        for length in self.lengths:
            called = text[start : start + length]
            if len(called) == length and called in self.ids and _is_whole(text, start + length):
                return start + length, self.ids[called]
        return None


@lru_cache(maxsize=256)
def _book(names: tuple[Named, ...]) -> _Book:
    ids: dict[str, int | None] = {}
    short: dict[str, set[int]] = {}
    for one in names:
        ids.setdefault(folded(one.name).lstrip("@"), one.id)
        for alias in _aliases(folded(one.name).lstrip("@")):
            short.setdefault(alias, set()).add(one.id)
    for alias, owners in short.items():
        if len(owners) == 1:
            ids.setdefault(alias, *owners)
    ids[ALL] = None
    ids.pop("", None)
    lengths = tuple(sorted({len(called) for called in ids}, reverse=True))
    return _Book(ids, frozenset(one.id for one in names), lengths if names else (), frozenset(key[0] for key in ids))


def _aliases(name: str) -> set[str]:
    """The part before a parenthesis, the first word, and each without its accents."""
    outer = name.partition("(")[0].strip()
    words = [word.strip(".,:;!?()[]\"'") for word in outer.split() if word not in _ARTICLES]
    first = next((word for word in words if any(map(wordy, word))), "")
    short = {outer, first if len(first) > 1 else "", *map(_plain, (name, outer, first))}
    return short - {"", name}


def _plain(name: str) -> str:
    """A Latin name without its accents; of other scripts nothing, where marks are letters."""
    bare = "".join(char for char in folded(name, form="NFKD") if not category(char).startswith("M"))
    return bare if bare.isascii() and len(bare) > 1 else ""


def _is_whole(text: str, end: int) -> bool:
    """Whether a name may end here: not in `@Bobby`, `@bob-o`, `@bob.smith`, `@bob@host`, but in `@Bob's` and `@艾达你好`."""
    if end == len(text) or continues(text[end]):
        return end == len(text)
    if not wordy(text[end - 1]):
        return True
    if text[end] in "-_.@":
        after = text[end + 1 : end + 2]
        return not (after and wordy(after) and not unspaced(after))
    return not wordy(text[end]) or unspaced(text[end]) or unspaced(text[end - 1])


# Ways of addressing


def _natives(text: str, reading: Folded, book: _Book) -> Iterator[Call]:
    for found in _NATIVE.finditer(text):
        number = int(found.group(1))
        if number in book.members and reading.shows(found.start()):
            yield Call(found.start(), found.start(), found.end(), number)


def _ats(reading: Folded, book: _Book) -> Iterator[Call]:
    text, start = reading.text, -1
    while (start := text.find("@", start + 1)) >= 0:
        before = text[start - 1 : start]
        if before and wordy(before) and not unspaced(before):
            continue
        name = start + 1
        while name < len(text) and name - start <= 4 and text[name] in "*_~[\"“":
            name += 1
        found = book.at(text, name)
        if found is not None:
            yield Call(reading.at[start], reading.at[name], reading.at[found[0]], found[1])


class _Mention(NamedTuple):
    start: int
    end: int
    id: int


def _vocatives(reading: Folded, book: _Book) -> Iterator[Call]:
    text = reading.text
    for group in _groups(text, list(_mentions(text, book))):
        for one in _to_them(text, group):
            yield Call(reading.at[one.start], reading.at[one.start], reading.at[one.end], one.id)


def _mentions(text: str, book: _Book) -> Iterator[_Mention]:
    """Names that stand as words of their own, save those that are common words."""
    start, end = 0, len(text)
    while start < end:
        if text[start] in book.initials and not (start and wordy(text[start - 1])):
            found = book.at(text, start)
            if found is not None and found[1] is not None and not needs_at(text[start : found[0]]):
                yield _Mention(start, found[0], found[1])
                start = found[0]
                continue
        start += 1


def _groups(text: str, mentions: Sequence[_Mention]) -> Iterator[list[_Mention]]:
    """Names in a list, `Ada, Bob and Carol`, belong together."""
    group = list(mentions[:1])
    for before, after in pairwise(mentions):
        if not _BETWEEN.fullmatch(text, before.end, after.start):
            yield group
            group = []
        group.append(after)
    if group:
        yield group


def _to_them(text: str, group: Sequence[_Mention]) -> Sequence[_Mention]:
    """Those of a list of names that the sentence is to."""
    first, last = group[0].start, group[-1].end
    before = _back(text, first)
    if _is_head(text, before, first):
        if _is_set_off(text, last):
            return group
        commas = [text[a.end : b.start].strip(_BEFORE) for a, b in pairwise(group)]
        return group[:-1] if commas and set(commas) == {","} else _asked_alone(text, group)
    comma = before > 0 and text[before - 1] == ","
    return group if comma and _is_end(text, last) else ()


def _back(text: str, start: int) -> int:
    while start and text[start - 1] in _BEFORE:
        start -= 1
    return start


def _is_head(text: str, before: int, start: int) -> bool:
    """Whether a sentence begins at `before`, or does so with a word of greeting."""
    if not before or text[before - 1] in _ENDS or (text[before - 1] == ":" and text[before : before + 1] == " "):
        return True
    return _HAIL.search(text[max(0, start - _HAIL_LENGTH) : start]) is not None


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
    following = text[end:].lstrip(" ")[:1] if text[end : end + 1] == " " else text[end : end + 1]
    return not following or following in _ENDS or category(following).startswith("S")


def _asked_alone(text: str, group: Sequence[_Mention]) -> Sequence[_Mention]:
    """`Ada?` is to her where it is all that is said."""
    alone = not text[: group[0].start].strip(_BEFORE) and text[group[-1].end :].strip(_AFTER + " ") in ("?", "??", "?!")
    return group if alone else ()
