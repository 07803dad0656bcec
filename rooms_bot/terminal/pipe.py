"""Lines from a standard input that is no terminal, while the room goes on."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

PIECE = 65_536


async def lines(descriptor: int) -> AsyncGenerator[str, None]:
    """Each line as it comes, without its end, until there are no more.

    Read in a daemon thread, since an event loop cannot wait for a file, and with `os.read`, since Python cannot end
    while a thread holds the lock of `sys.stdin`.
    """
    loop, pieces = asyncio.get_running_loop(), asyncio.Queue[bytes]()

    def tell(piece: bytes) -> None:
        with suppress(RuntimeError):  # the loop may have been closed meanwhile
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

    threading.Thread(target=_read, args=(descriptor, tell), daemon=True).start()
    rest = b""
    while piece := await pieces.get():
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield _text(line)
    if rest:
        yield _text(rest)


def _read(descriptor: int, tell: Callable[[bytes], None]) -> None:
    """What cannot be read is at its end."""
    with suppress(OSError):
        while piece := os.read(descriptor, PIECE):
            tell(piece)
    tell(b"")


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").removesuffix("\r")
