"""The laws of all formats: one way in, little memory, a name that is safe everywhere."""

import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Event, Heard
from rooms_bot.export.files import Format, export, file_name, stream
from rooms_bot.store.ram import RamStore
from tests.export.samples import ALICE, START, heard, room, whole, written

FORMATS = pytest.mark.parametrize("form", list(Format))


class LongRoom:
    """So many events that a file made whole would show in memory; each is made when it is asked for."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self) -> Iterator[Event]:
        yield from room()
        for index in range(3, self.count):
            what = Heard(source=index, member=ALICE, text="word " * 200)
            yield Event(index=index, at=START + timedelta(seconds=index), what=what)


def _peak(form: Format, count: int) -> int:
    tracemalloc.start()
    size = sum(len(piece) for piece in export(form, LongRoom(count)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > (count - 3) * 1000
    return peak


@FORMATS
def test_a_long_room_needs_no_more_memory_than_a_short_one(form: Format) -> None:
    _peak(form, 10)  # what is made once
    assert _peak(form, 1500) < _peak(form, 300) + 50_000


@FORMATS
async def test_a_journal_gives_the_same_file(form: Format) -> None:
    journal = RamStore()
    await journal.append(1, whole())
    pieces = [piece async for piece in stream(form, lambda: journal.events(1))]
    assert b"".join(pieces).decode() == written(form, whole())


@FORMATS
async def test_what_happens_while_a_file_is_written_is_not_in_it(form: Format) -> None:
    lengths = iter([4, 5])

    async def growing() -> AsyncIterator[Event]:
        for event in room(heard("first"), heard("second"))[: next(lengths)]:
            yield event

    pieces = [piece async for piece in stream(form, growing)]
    assert b"".join(pieces).decode() == written(form, room(heard("first")))


@FORMATS
def test_half_a_character_spoils_no_file(form: Format) -> None:
    assert "a?b" in written(form, room(heard("a\ud83db")))


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("Is π tasty?", "is-π-tasty-2026-03-01.csv"),
        ("../../etc/passwd", "etc-passwd-2026-03-01.csv"),
        ("CON", "con-2026-03-01.csv"),
        ("…!?", "room-2026-03-01.csv"),
        ("人工知能", "人工知能-2026-03-01.csv"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-2026-03-01.csv"),
    ],
)
def test_a_file_is_called_by_topic_and_date(topic: str, name: str) -> None:
    assert file_name(Format.CSV, topic, START) == name


@given(st.text(max_size=300))
@settings(deadline=None)
def test_a_files_name_is_safe_everywhere(topic: str) -> None:
    name = file_name(Format.MARKDOWN, topic, START)
    stem, date = name[: -len("-2026-03-01.md")], name[-len("-2026-03-01.md") :]
    assert date == "-2026-03-01.md"
    assert 0 < len(name.encode()) <= 255
    assert all(char.isalnum() or char == "-" or not char.isascii() for char in stem)
    assert not set(name) & set('/\\:*?"<>|\0 \n')
