"""The line on which somebody types while agents talk above it, and questions with one line for an answer."""

import asyncio
import io
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI, AnyFormattedText, merge_formatted_text
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout

from rooms_bot.terminal.harmless import one_line
from rooms_bot.terminal.progress import Progress
from rooms_bot.terminal.screen import Screen, style

Complete = Callable[[str], tuple[str, Sequence[str]]]
"""What of a text is being completed, which stands at its end, and what it could become."""


class Completions(Completer):
    """What `complete` proposes."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        del complete_event
        typed, words = self._complete(document.text_before_cursor)
        yield from (Completion(word, -len(typed)) for word in words)


class Keyboard:
    """Whatever is typed in a room. `interrupt` is called at Ctrl-C."""

    def __init__(
        self, screen: Screen, progress: Progress, name: str, complete: Complete, interrupt: Callable[[], None]
    ) -> None:
        self._screen, self._progress, self._name, self._complete = screen, progress, one_line(name), complete
        self._session = PromptSession[str](
            self._message,
            completer=Completions(complete),
            complete_while_typing=Condition(self._completes),
            reserve_space_for_menu=5,
            key_bindings=_keys(interrupt),
            erase_when_done=True,
            refresh_interval=1.0,
        )
        self._entered = asyncio.Queue[str | None]()
        self._session.default_buffer.accept_handler = self._enter
        progress.changed = self._session.app.invalidate

    async def open(self) -> None:
        """Show the line until Ctrl-D; it never goes away in between, when the terminal would see to the keys."""
        try:
            await self._session.prompt_async(handle_sigint=False)
        except EOFError:
            self._entered.put_nowait(None)

    async def lines(self) -> AsyncGenerator[str, None]:
        """What is typed, line by line, until Ctrl-D."""
        while (line := await self._entered.get()) is not None:
            yield line

    def _completes(self) -> bool:
        """Lines are left free for proposals only while there are any."""
        return bool(self._complete(self._session.default_buffer.document.text_before_cursor)[1])

    def _enter(self, buffer: Buffer) -> bool:
        self._entered.put_nowait(buffer.text)
        return False

    def _message(self) -> AnyFormattedText:
        """What is being said, who is thinking, and whose line this is."""
        own: AnyFormattedText = [("bold", f"{self._name}: ")]
        if (seat := self._progress.seat) is None:
            return own
        draft = self._progress.draft
        spoken = self._screen.spoken(seat.name, style(seat), draft)
        shown = ANSI(self._screen.drawn(spoken, self._session.app.output.get_size().rows // 2)) if draft else ""
        doing = f"{one_line(seat.name)} is {'speaking' if draft else 'thinking'} ({self._progress.seconds} s)\n"
        return merge_formatted_text([shown, [("fg:ansibrightblack", doing)], own])


def _keys(interrupt: Callable[[], None]) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        del event
        interrupt()

    return keys


class _Notes(io.TextIOBase):
    """Whatever is written here, from whichever thread, becomes a note on the screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen, self._loop = screen, asyncio.get_running_loop()

    def write(self, text: str) -> int:
        self._loop.call_soon_threadsafe(self._screen.note, text)
        return len(text)


@contextmanager
def strays(screen: Screen) -> Iterator[None]:
    """Logs, and what functions of the operator's print, stand above the line that is typed on."""
    notes = _Notes(screen)
    handlers = [one for one in logging.getLogger().handlers if isinstance(one, logging.StreamHandler)]
    with patch_stdout():
        streams = [(one, one.setStream(notes)) for one in handlers if one.stream.isatty()]
        try:
            yield
        finally:
            for handler, stream in streams:
                handler.setStream(stream)


async def asked(question: str, words: Iterable[str] = ()) -> str:
    """The answer to a question, completed from `words` after each comma. Raises `EOFError` at Ctrl-C and Ctrl-D."""
    known = list(words)

    def complete(before: str) -> tuple[str, Sequence[str]]:
        typed = before.rpartition(",")[2].lstrip()
        return typed, [word for word in known if word.casefold().startswith(typed.casefold())]

    session = PromptSession[str](
        completer=Completions(complete), interrupt_exception=EOFError, reserve_space_for_menu=5
    )
    answer = await session.prompt_async(
        f"{one_line(question)} ", complete_while_typing=bool(known), handle_sigint=False
    )
    return answer.strip()
