"""`rooms-bot` on a terminal of its own: what it shows, and keys pressed."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.cli.program import PATIENCE, environment

SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[ -/]*[0-~])")
CTRL_C, CTRL_D, ENTER, TAB = "\x03", "\x04", "\r", "\t"
ROWS, COLUMNS = 40, 100


class Terminal:
    """What stands on the master's side of a pseudoterminal."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self.process, self._master = process, master
        self._raw, self._read = b"", 0
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._take)

    def _take(self) -> None:
        piece = b""
        with suppress(OSError):  # what Linux answers once the other side is closed
            piece = os.read(self._master, 65_536)
        if not piece:
            asyncio.get_running_loop().remove_reader(self._master)
        self._raw += piece
        self._news.set()

    @property
    def raw(self) -> str:
        return self._raw.decode("utf-8", "replace")

    async def sees(self, words: str) -> str:
        """What was shown from the last look up to these words, without control sequences."""
        async with asyncio.timeout(PATIENCE):
            while words not in (shown := SEQUENCE.sub("", self.raw))[self._read :]:
                self._news.clear()
                try:
                    await self._news.wait()
                except asyncio.CancelledError:
                    print(f"{words!r} is not in {shown[self._read :]!r}")
                    raise
        end = shown.index(words, self._read) + len(words)
        seen, self._read = shown[self._read : end], end
        return seen

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def answers(self, question: str, answer: str = "") -> None:
        """Type this answer once the question is put."""
        await self.sees(question)
        self.press(answer + ENTER)

    async def completes(self, typed: str, word: str) -> None:
        """Type that much, and take what is proposed first once it is."""
        self.press(typed)
        await self.sees(f" {word} ")
        self.press(TAB + ENTER)

    async def ends(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    @property
    def echoes(self) -> bool:
        """Whether the terminal is left as a shell wants it."""
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)


@asynccontextmanager
async def on_terminal(folder: Path, *arguments: str, **given: str) -> AsyncIterator[Terminal]:
    """`rooms-bot chat` with these flags on a terminal; killed at the end if it still runs."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    shown = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "ROOMS_MODEL": "offline"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rooms_bot", "chat", *arguments),
        cwd=folder,
        env=environment(**shown | given),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    terminal = Terminal(process, master)
    try:
        yield terminal
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        terminal.close()
