"""Events to files, piece by piece: a room of 100,000 events needs no more memory than one of ten."""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from unicodedata import normalize

from rooms_bot.domain.events import Event
from rooms_bot.export.csv import Csv
from rooms_bot.export.json import Json
from rooms_bot.export.markdown import Markdown
from rooms_bot.export.survey import Survey

SLUG = 50
"""Characters of the topic in a file's name; a file system takes 255 bytes."""


class Format(StrEnum):
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


class Writer(Protocol):
    """Made with the survey of the room; each piece follows the one before."""

    def head(self) -> str: ...

    def event(self, event: Event) -> str: ...

    def tail(self) -> str: ...


WRITERS: dict[Format, Callable[[Survey], Writer]] = {Format.MARKDOWN: Markdown, Format.CSV: Csv, Format.JSON: Json}
ENDINGS = {Format.MARKDOWN: "md", Format.CSV: "csv", Format.JSON: "json"}


def export(form: Format, events: Iterable[Event]) -> Iterator[bytes]:
    """The file's bytes. `events` is gone through twice: a list, or anything that begins anew with each `iter`."""
    survey = Survey()
    for event in events:
        survey.take(event)
    writer = WRITERS[form](survey)
    yield _bytes(writer.head())
    for event in events:
        yield _bytes(writer.event(event))
    yield _bytes(writer.tail())


async def stream(form: Format, events: Callable[[], AsyncIterator[Event]]) -> AsyncIterator[bytes]:
    """The same from a journal: `stream(form, lambda: journal.events(room))`. What happens meanwhile is not in it."""
    survey = Survey()
    async for event in events():
        survey.take(event)
    writer = WRITERS[form](survey)
    yield _bytes(writer.head())
    async for event in events():
        if event.index <= survey.last_index:
            yield _bytes(writer.event(event))
    yield _bytes(writer.tail())


def file_name(form: Format, topic: str, at: datetime) -> str:
    """Letters and digits of any script, hyphens, the date: safe on every system."""
    words = re.findall(r"[^\W_]+", normalize("NFKC", topic).lower())
    slug = "-".join(words)
    if len(slug) > SLUG:
        slug = slug[: SLUG + 1].rpartition("-")[0] or slug[:SLUG]
    return f"{slug or 'room'}-{at:%Y-%m-%d}.{ENDINGS[form]}"


def _bytes(text: str) -> bytes:
    """Half a surrogate pair, which is no character, becomes a question mark."""
    return text.encode("utf-8", "replace")
