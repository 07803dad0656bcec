"""What is printed, above the line on which somebody types: speech under coloured names, notes in small dim lines.

Where the output is no terminal it is plain text. What a text brings along cannot begin a line, so nobody can be forged.
"""

import os
import sys
from typing import TextIO

from prompt_toolkit.application import get_app_or_none
from rich.console import Console
from rich.text import Text

from rooms_bot.domain.rooms import MODERATOR, Seat
from rooms_bot.errors import OutletGone
from rooms_bot.terminal.harmless import harmless, one_line

_BASIC = ("cyan", "magenta", "green", "yellow", "blue", "red")
COLOURS = (*_BASIC, *(f"bright_{colour}" for colour in _BASIC))
"""Of seats, in the order of their numbers."""
INDENT = "  "
NARROW = 20
"""Columns below which lines are not wrapped."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Whoever read along has left, which is no fault; Python must not try to write what is left either."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())
        raise OutletGone("nobody reads along any more")


class Screen:
    """All that is shown. `plain` is without colours, control sequences and line breaks of our own."""

    def __init__(self, plain: bool, file: TextIO | None = None) -> None:
        self.plain = plain
        colours = {"color_system": None, "force_terminal": False} if plain else {"force_terminal": True}
        self._console = _Console(file=file or sys.stdout, highlight=False, markup=False, emoji=False, **colours)

    def say(self, seat: Seat, text: str) -> None:
        """An agent's words. Raises `OutletGone`."""
        self._print(self.spoken(seat.name, style(seat), text))

    def hear(self, name: str, text: str) -> None:
        """The words of whoever sits here."""
        self._print(self.spoken(name, "bold", text))

    def note(self, text: str) -> None:
        """A line of ours about what happened, or several; nothing if it is empty."""
        for line in filter(None, harmless(text).splitlines()):
            self._print(Text(f"· {line}" if self.plain else line, style="dim"))

    def spoken(self, name: str, colour: str, text: str) -> Text:
        """Words under a name, as they are printed."""
        words = Text.assemble((one_line(name), f"bold {colour}"), ": ", harmless(text).strip())
        width = self._console.width - len(INDENT)
        first, *others = words.split() if self.plain or width < NARROW else words.wrap(self._console, width)
        for line in (first, *others):
            line.rstrip()
        return Text("\n").join([first, *(Text(INDENT if line else "").append_text(line) for line in others)])

    def drawn(self, text: Text, most: int) -> str:
        """The last `most` lines of it, as a terminal is sent them."""
        with self._console.capture() as capture:
            self._console.print(Text("\n").join(text.split()[-most:]), soft_wrap=True)
        return capture.get()

    def _print(self, text: Text) -> None:
        """Where somebody is typing, that line makes room and is drawn again below.

        prompt_toolkit's `in_terminal` would let the terminal echo what is typed meanwhile and take Ctrl-D for itself.
        """
        app = get_app_or_none()
        typing = app if app is not None and app.is_running else None
        if typing:
            typing.renderer.erase()
        self._console.print(text, soft_wrap=True)
        if typing:
            typing.renderer.request_absolute_cursor_position()
            typing.invalidate()


def style(seat: Seat) -> str:
    """A seat's colour, always the same."""
    return "white" if seat.id == MODERATOR else COLOURS[(seat.id - 1) % len(COLOURS)]
