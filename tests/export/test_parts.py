"""The laws of files that are too large: what arrives is the file, and each part of it is accepted."""

import io
import random
import tempfile
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms_bot.export.files import Format, export, file_name, stream
from rooms_bot.export.parts import FILES, IN_MEMORY, SPARE, Part, messages, parted
from rooms_bot.store.ram import RamStore
from tests.export.samples import START, heard, room

WORDS = [f"{word:x}" for word in range(5000)]
SOME = random.Random(1)


def said(count: int) -> str:
    """So many words that hardly repeat: about half its size when zipped."""
    return " ".join(SOME.choices(WORDS, k=count))


async def each(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def unzipped(part: Part) -> tuple[str, bytes]:
    with ZipFile(part.data) as archive:
        assert archive.testzip() is None
        (name,) = archive.namelist()
        return name, archive.read(name)


async def test_what_fits_stays_as_it_is() -> None:
    async with parted("pie.md", each([b"# Pie", b"\n"]), 2000) as parts:
        assert [(part.name, part.data.read(), part.size) for part in parts] == [("pie.md", b"# Pie\n", 6)]


async def test_what_is_too_large_is_zipped() -> None:
    async with parted("pie.md", each([b"pie " * 1000]), 3000) as (part,):
        assert part.name == "pie.md.zip"
        assert part.size == len(part.data.read()) <= 3000
        assert unzipped(part) == ("pie.md", b"pie " * 1000)


@pytest.mark.parametrize("form", list(Format))
async def test_what_is_too_large_even_so_is_cut_between_events(form: Format) -> None:
    events = room(*(heard(said(50), source=source) for source in range(500)))
    journal, name = RamStore(), file_name(form, "pie", START)
    await journal.append(1, events)
    stem, _, ending = name.rpartition(".")
    pieces = list(export(form, events))
    begins = {sum(map(len, pieces[:place])) for place in range(len(pieces))}
    async with parted(name, stream(form, lambda: journal.events(1)), 10_000) as parts:
        assert all(part.size <= 10_000 for part in parts)
        count, whole = len(parts), b""
        for number, part in enumerate(parts, 1):
            inside, data = unzipped(part)
            assert part.name == f"{inside}.zip"
            assert inside == f"{stem}-{number:0{len(str(count))}}-of-{count}.{ending}"
            assert len(whole) in begins
            whole += data
        assert count >= 10
        assert whole == b"".join(pieces)
        assert [part.name for part in parts] == sorted(part.name for part in parts)


@given(st.lists(st.binary(max_size=5000)), st.integers(SPARE + 2, 8000))
@settings(deadline=None)
async def test_the_parts_together_are_the_very_bytes(pieces: list[bytes], limit: int) -> None:
    async with parted("x.md", each(pieces), limit) as parts:
        assert all(part.size <= limit for part in parts)
        zipped = parts[0].name.endswith(".zip")
        assert b"".join(unzipped(part)[1] if zipped else part.data.read() for part in parts) == b"".join(pieces)


async def test_one_event_that_is_too_large_alone_is_cut_within() -> None:
    data = random.Random(2).randbytes(9000)
    async with parted("x.md", each([data]), 4000) as parts:
        assert all(part.size <= 4000 for part in parts)
        assert b"".join(unzipped(part)[1] for part in parts) == data


async def test_a_name_in_any_script_survives_the_zip() -> None:
    async with parted("人工知能-π.csv", each([b"a" * 5000]), 2500) as (part,):
        assert unzipped(part)[0] == "人工知能-π.csv"


async def test_parts_are_closed_with_their_block() -> None:
    async with parted("x.md", each([random.Random(3).randbytes(9000)]), 4000) as parts:
        assert not any(part.data.closed for part in parts)
    assert all(part.data.closed for part in parts)


async def test_a_limit_without_room_for_a_zip_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes or less"):
        async with parted("x.md", each([b"a"]), SPARE):
            pass


async def _peak(megabytes: int) -> int:
    """Of memory, in bytes, while so much is cut into parts."""

    def pieces() -> Iterator[bytes]:
        source = random.Random(4)
        for _ in range(megabytes * 16):
            yield source.randbytes(2**16)

    tracemalloc.start()
    async with parted("x.csv", each(pieces()), 2**20) as parts:
        assert len(parts) > megabytes
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


async def test_the_parts_of_a_large_file_need_no_more_memory_than_those_of_a_small_one() -> None:
    assert await _peak(24) < await _peak(6) + 500_000 < 3 * IN_MEMORY


@given(st.lists(st.integers(0, 100)), st.integers(100, 300))
def test_a_message_holds_no_more_than_may_be_sent_at_once(sizes: list[int], limit: int) -> None:
    parts = [Part(str(place), io.BytesIO(), size) for place, size in enumerate(sizes)]
    groups = list(messages(parts, limit))
    assert [part for group in groups for part in group] == parts
    assert all(0 < len(group) <= FILES and sum(part.size for part in group) <= limit for group in groups)


@pytest.mark.parametrize("limit", [30 * 2**20, 2**20], ids=["whole", "cut"])
async def test_what_may_not_be_on_the_disk_is_never_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: int
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there is no such folder"))
    data = [SOME.randbytes(IN_MEMORY // 8) for _ in range(10)]
    async with parted("x.csv", each(data), limit, disk=False) as parts:
        read = [part.data.read() if limit > IN_MEMORY else unzipped(part)[1] for part in parts]
    assert b"".join(read) == b"".join(data)
    with pytest.raises(FileNotFoundError):
        async with parted("x.csv", each(data), limit):
            pass
