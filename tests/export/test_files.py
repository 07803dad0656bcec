"""The laws of all formats: one way in, little memory, a name that is safe everywhere."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Attached, Deleted, Edited, Event, Forgotten, Generated, Happening, Heard, Said
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Member
from rooms_bot.export.files import BATCH, Format, export, file_name, stream
from rooms_bot.export.survey import Survey
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


def _mixed(count: int) -> Iterator[Event]:
    """Turns of three events each and what people say between them; one message in a hundred is edited."""
    yield from room()
    for index in range(3, count):
        turn, source = index // 4, 10**18 + index
        steps: tuple[Happening, ...] = (
            Generated(turn=turn, seat=1, text="word " * 40),
            Said(turn=turn, seat=1, text="word " * 40, posts=(source,)),
            heard("word " * 40, source=source),
            Edited(source=source - 1, text="other") if index % 400 == 3 else heard("word", source=source),
        )
        yield Event(index=index, at=START + timedelta(seconds=index), what=steps[index % 4])


async def _streamed(form: Format, count: int) -> int:
    """The most memory that was used, in bytes."""

    async def events() -> AsyncIterator[Event]:
        for event in _mixed(count):
            yield event

    size = 0
    tracemalloc.start()
    async for piece in stream(form, events):
        size += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > count * 100
    return peak


@pytest.mark.slow
@FORMATS
async def test_a_hundred_thousand_events_need_no_more_memory_than_a_thousand(form: Format) -> None:
    await _streamed(form, 1000)  # what is made once
    assert await _streamed(form, 100_000) < await _streamed(form, 1000) + 500_000


@FORMATS
async def test_others_have_their_turn_while_a_long_room_is_written(form: Format) -> None:
    journal, turns, written = RamStore(), 0, asyncio.Event()
    await journal.append(1, list(_mixed(1000)))

    async def other() -> None:
        nonlocal turns
        while not written.is_set():
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(other())
        async for _ in stream(form, lambda: journal.events(1)):
            pass
        written.set()
    assert turns >= 2 * 1000 / BATCH


def test_the_sample_room_has_each_kind_of_event() -> None:
    assert {type(event.what) for event in whole()} == set(get_args(Happening))


def test_the_survey_adds_up_to_what_the_rooms_state_does() -> None:
    survey, state = Survey(), fold(whole())
    for event in whole():
        survey.take(event)
    assert survey.spent == state.spent
    assert (survey.turns, survey.passes, survey.turns_allowed) == (state.turns_taken, state.passes, state.turns_allowed)
    assert survey.members == state.members


@FORMATS
async def test_what_was_deleted_or_forgotten_is_in_no_file(form: Format) -> None:
    bob = Member(id=102, name="Bob")
    events = room(
        heard("secret one", source=1, files=1),
        Attached(source=1, name="secret.txt", text="secret two"),
        Said(turn=0, seat=1, text="secret three", posts=(2, 3)),
        heard("secret four", bob, source=4, files=1),
        Edited(source=4, text="secret five"),
        Attached(source=4, name="secret.txt", text="secret six"),
        Deleted(source=1),
        Deleted(source=3),
        Forgotten(member=102),
        heard("public", bob, source=5),
    )
    journal = RamStore()
    await journal.append(1, events)
    streamed = b"".join([piece async for piece in stream(form, lambda: journal.events(1))]).decode()
    for file in (written(form, events), streamed):
        assert "secret" not in file
        assert "public" in file


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
