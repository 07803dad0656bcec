"""Events to files, piece by piece: a room of 100,000 events needs no more memory than one of ten."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from unicodedata import normalize

from rooms_bot.domain.events import Event
from rooms_bot.export.csv import Csv
from rooms_bot.export.json import Json
from rooms_bot.export.markdown import Markdown
from rooms_bot.export.survey import Survey

BATCH = 100
"""So many events are written at a time, beside the event loop."""

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
    """The file's bytes. `events` is gone through several times: a list, or what begins anew with each `iter`."""
    survey = Survey()
    for event in events:
        survey.take(event)
    for event in events if survey.changes.any else ():
        survey.changes.match(event)
    writer = WRITERS[form](survey)
    yield _bytes(writer.head())
    for event in events:
        yield _bytes(writer.event(event))
    yield _bytes(writer.tail())


async def stream(form: Format, events: Callable[[], AsyncIterator[Event]]) -> AsyncIterator[bytes]:
    """The same from a journal: `stream(form, lambda: journal.events(room))`. What happens meanwhile is not in it.

    The event loop is not held up, however long the room and however fast the journal.
    """
    survey = Survey()
    async for batch in _batches(events()):
        for event in batch:
            survey.take(event)
    if survey.changes.any:
        async for batch in _batches(events()):
            for event in batch:
                survey.changes.match(event)
    writer = WRITERS[form](survey)
    yield _bytes(writer.head())
    async for batch in _batches(events()):
        known = [event for event in batch if event.index <= survey.last_index]
        for piece in await asyncio.to_thread(_written, writer, known):
            yield piece
    yield _bytes(writer.tail())


async def _batches(events: AsyncIterator[Event]) -> AsyncIterator[list[Event]]:
    """Others have their turn after each: a journal in memory never waits for anything."""
    batch: list[Event] = []
    async for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            yield batch
            batch = []
            await asyncio.sleep(0)
    yield batch


def _written(writer: Writer, events: Sequence[Event]) -> list[bytes]:
    return [_bytes(writer.event(event)) for event in events]


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
