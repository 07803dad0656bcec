"""Who a message is addressed to: `@Name`, a native mention, or a name set off by a comma.

Names are read outside code, quotes, e-mail and web addresses, longest first, whatever their case or Unicode form, in
time linear in the text: each place is compared with the names by length, and nothing is searched twice.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rooms_bot.turns.folding import Folded, fold, unspaced, wordy
from rooms_bot.turns.names import Book, Named, book_of
from rooms_bot.turns.prose import Span, unspoken
from rooms_bot.turns.vocatives import mentions, vocatives

__all__ = ["Call", "Named", "addressed", "calls", "cited"]

_NATIVE = re.compile(r"<@!?(\d{1,20})>")
"""A mention as Discord writes it."""
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w.-])[\w-]+\.[\w.-]+/[^\s<>\"]*")


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


def cited(text: str, names: Sequence[Named]) -> set[int]:
    """Ids of those named anywhere in this text, be it to them or about them; not by names that are common words."""
    book = book_of(tuple(names))
    return {one.id for one in mentions(_prose(text).text, book)} if book.lengths else set()


def calls(text: str, names: Sequence[Named], *, vocative: bool = False) -> list[Call]:
    """Where in the text somebody is addressed, in order."""
    reading, book = _prose(text), book_of(tuple(names))
    if not book.lengths:
        return []
    found = [*_natives(reading, book), *_ats(reading, book)]
    if vocative:
        found += (_call(reading, one.start, one.start, one.end, one.id) for one in vocatives(reading.text, book))
    return sorted(found)


def _prose(text: str) -> Folded:
    """The text as it is compared, with code and addresses as one sign each and quotes as the end of a line."""
    blocks, quotes = unspoken(text)
    covers = [(Span(block.start, block.end), "\ufffc") for block in blocks]
    covers += [(quote, "\n") for quote in quotes]
    if "/" in text or "www." in text:
        covers += [(Span(*found.span()), "\ufffc") for found in _ADDRESS.finditer(text)]
    return fold(text, sorted(covers))


def _natives(reading: Folded, book: Book) -> Iterator[Call]:
    for found in _NATIVE.finditer(reading.text):
        number = int(found.group(1))
        if number in book.members:
            yield _call(reading, found.start(), found.start(), found.end(), number)


def _ats(reading: Folded, book: Book) -> Iterator[Call]:
    text, start = reading.text, -1
    while (start := text.find("@", start + 1)) >= 0:
        before = text[start - 1 : start]
        if before and wordy(before) and not unspaced(before):
            continue
        name = start + 1
        while name < len(text) and name - start <= 4 and text[name] in '*_~["“':
            name += 1
        found = book.at(text, name)
        if found is not None:
            yield _call(reading, start, name, found[0], found[1])


def _call(reading: Folded, start: int, name: int, end: int, number: int | None) -> Call:
    return Call(reading.at[start], reading.at[name], reading.at[end], number)
