"""A file for a place that takes files up to some size only: as it is, else zipped, else cut into pieces and zipped."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

IN_MEMORY = 4 * 2**20
"""Bytes. A longer file is put together in temporary files without a name, which are gone with the process.

Not where nothing may be written to the disk: then it is put together in memory, however long.
"""

FILES = 10
"""So many Discord takes with one message: https://discord.com/developers/docs/resources/message#create-message."""

SPARE = 1000
"""Bytes, and as many more for each million: no zip is larger than its content by more."""

CHUNK = 2**18


@dataclass(frozen=True, slots=True)
class Part:
    """`data` stands at its beginning; `size` is in bytes."""

    name: str
    data: io.BufferedIOBase
    size: int


class Files:
    """New files, closed with `until`; in memory, or in temporary ones where there may be some on the `disk`."""

    def __init__(self, until: ExitStack, *, disk: bool) -> None:
        self._until, self._disk = until, disk

    def new(self, in_memory: int = 1) -> IO[bytes]:
        """One that may take so many bytes before it is on the disk."""
        return self._until.enter_context(SpooledTemporaryFile(max_size=in_memory) if self._disk else io.BytesIO())


@asynccontextmanager
async def parted(
    name: str, pieces: AsyncIterator[bytes], limit: int, *, disk: bool = True
) -> AsyncIterator[list[Part]]:
    """The file `name` that `pieces` make up, as files of at most `limit` bytes, which are closed on leaving.

    If it fits it is the only one; else it is `name.zip`; else they are numbered zips, each of a piece of it. The
    pieces, one after the other, are the file; each begins where one of `pieces` does, unless that alone is too large.
    Without `disk` none of it is written there.
    """
    with ExitStack() as open_files:
        files = Files(open_files, disk=disk)
        whole = files.new(IN_MEMORY)
        cuts = await _write(pieces, whole, limit - SPARE - limit * SPARE // 10**6)
        yield await asyncio.to_thread(_parts, name, whole, cuts, limit, files)


def messages(parts: Iterable[Part], limit: int) -> Iterator[list[Part]]:
    """What goes into one message each, in order.

    Discord limits each file, https://discord.com/developers/docs/reference#uploading-files, and besides the request
    as a whole, https://discord.com/developers/docs/resources/message#create-message, so files of one message keep
    within `limit` together.
    """
    group: list[Part] = []
    for part in parts:
        if len(group) == FILES or (group and sum(other.size for other in group) + part.size > limit):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


async def _write(pieces: AsyncIterator[bytes], into: IO[bytes], room: int) -> list[int]:
    """Where to cut so that no more than `room` bytes lie between two cuts; the first is 0, the last the end."""
    if room < 1:
        raise ValueError(f"no zip is so small that it needs {SPARE} bytes or less")
    cuts, end = [0], 0
    async for piece in pieces:
        into.write(piece)
        if end > cuts[-1] and end + len(piece) - cuts[-1] > room:
            cuts.append(end)
        end += len(piece)
        while end - cuts[-1] > room:
            cuts.append(cuts[-1] + room)
    return [*cuts, end]


def _parts(name: str, whole: IO[bytes], cuts: list[int], limit: int, files: Files) -> list[Part]:
    size = cuts[-1]
    if size <= min(limit, IN_MEMORY):
        whole.seek(0)  # aiohttp would ask it for a descriptor, upon which a spooled file goes to disk
        return [Part(name, io.BytesIO(whole.read()), size)]
    if size <= limit:
        return [_part(name, whole)]
    zipped = _zipped(name, whole, 0, size, files)
    if zipped.size <= limit:
        return [zipped]
    zipped.data.close()
    pieces = zip(_numbered(name, len(cuts) - 1), pairwise(cuts), strict=True)
    return [_zipped(piece, whole, start, end, files) for piece, (start, end) in pieces]


def _numbered(name: str, count: int) -> Iterator[str]:
    """`pie-01-of-12.md`: sorted by name they are in order."""
    path = PurePath(name)
    for number in range(1, count + 1):
        yield f"{path.stem}-{number:0{len(str(count))}}-of-{count}{path.suffix}"


def _zipped(name: str, whole: IO[bytes], start: int, end: int, files: Files) -> Part:
    into = files.new()
    entry = ZipInfo(name)
    entry.compress_type, entry.file_size = ZIP_DEFLATED, end - start
    whole.seek(start)
    with ZipFile(into, "w") as archive, archive.open(entry, "w") as packed:
        for at in range(start, end, CHUNK):
            packed.write(whole.read(min(CHUNK, end - at)))
    return _part(f"{name}.zip", into)


def _part(name: str, data: IO[bytes]) -> Part:
    size = data.seek(0, io.SEEK_END)
    data.seek(0)
    return Part(name, cast(io.BufferedIOBase, data), size)
