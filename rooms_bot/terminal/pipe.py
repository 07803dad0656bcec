"""Lines from a standard input that is no terminal, while the room goes on."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

PIECE = 65_536


SOON = 0.3
"""Seconds in which what was written beforehand has come."""


class Pipe:
    """What comes in, read from now on.

    Read in a daemon thread, since an event loop cannot wait for a file, and with `os.read`, since Python cannot end
    while a thread holds the lock of `sys.stdin`.
    """

    def __init__(self, descriptor: int) -> None:
        self._loop, self._pieces, self._begun = asyncio.get_running_loop(), asyncio.Queue[bytes](), asyncio.Event()
        threading.Thread(target=_read, args=(descriptor, self._tell), daemon=True).start()

    async def ready(self) -> None:
        """Until something is there, the end included; soon in any case."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SOON):
                await self._begun.wait()

    async def lines(self) -> AsyncGenerator[str, None]:
        """Each line as it comes, without its end, until there are no more."""
        rest = b""
        while piece := await self._pieces.get():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield _text(line)
        if rest:
            yield _text(rest)

    def _tell(self, piece: bytes) -> None:
        with suppress(RuntimeError):  # the loop may have been closed meanwhile
            self._loop.call_soon_threadsafe(self._take, piece)

    def _take(self, piece: bytes) -> None:
        self._pieces.put_nowait(piece)
        self._begun.set()


def _read(descriptor: int, tell: Callable[[bytes], None]) -> None:
    """What cannot be read is at its end."""
    with suppress(OSError):
        while piece := os.read(descriptor, PIECE):
            tell(piece)
    tell(b"")


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").removesuffix("\r")
