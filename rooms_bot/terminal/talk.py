"""What somebody says, asks and interrupts while a room goes on."""

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing

from rooms_bot.clock import Clock
from rooms_bot.domain.events import Event, Heard, Passed
from rooms_bot.domain.talk import Phase
from rooms_bot.engine import commands
from rooms_bot.errors import OutletGone
from rooms_bot.terminal.harmless import harmless
from rooms_bot.terminal.keyboard import Keyboard
from rooms_bot.terminal.notices import OVER
from rooms_bot.terminal.orders import Desk, carry_out, completions
from rooms_bot.terminal.outlet import TerminalOutlet
from rooms_bot.terminal.pipe import Pipe
from rooms_bot.terminal.plan import CHANNEL
from rooms_bot.terminal.progress import Progress
from rooms_bot.terminal.screen import Screen

TWICE = 2.0
"""Seconds within which a second Ctrl-C ends the room."""
AGAIN = f"Ctrl-C again within {TWICE:g} seconds ends the room."
MOST = 4000
"""Characters of one message, as Discord takes from whoever pays for it."""
FOR_PEOPLE = ("everyone passed", "people")
"""Waits that only somebody's words end."""


class Talk:
    """The one side of the conversation that no agent has."""

    def __init__(self, desk: Desk, outlet: TerminalOutlet, screen: Screen, progress: Progress, clock: Clock) -> None:
        self._desk, self._outlet, self._screen = desk, outlet, screen
        self._progress, self._clock = progress, clock
        self._left = asyncio.Event()
        self._interrupted = -math.inf
        self._alone = False
        """Whether nobody can say anything any more."""
        outlet.told, desk.leave = self._told, self.leave

    async def typed(self) -> None:
        """Until whoever types wants to leave; a room that is over can still be extended."""
        keyboard = Keyboard(self._screen, self._progress, self._desk.member.name, self._complete, self.interrupt)
        async with asyncio.TaskGroup() as tasks:
            shown = tasks.create_task(keyboard.open())
            await self._until(self._left, keyboard.lines())
            shown.cancel()

    async def piped(self, pipe: Pipe | None) -> None:
        """Until the room is over, with what comes in, if anything can."""
        await self._until(self._outlet.ended, pipe.lines() if pipe else _nothing())

    def interrupt(self) -> None:
        """Stop the thought; the second time, or where nobody thinks, the room."""
        now = self._clock.now()
        if self._progress.seat is None or now - self._interrupted < TWICE:
            self.leave()
        else:
            self._interrupted = now
            self._desk.room.put(commands.skip(self._desk.member, self._desk.room.state.current))

    def leave(self) -> None:
        """End the room."""
        self._desk.room.put(commands.stop(self._desk.member))
        self._left.set()

    async def _until(self, end: asyncio.Event, said: AsyncGenerator[str, None]) -> None:
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen(said))
            await end.wait()
            listening.cancel()

    async def _listen(self, said: AsyncGenerator[str, None]) -> None:
        try:
            async with aclosing(said):
                async for line in said:
                    await self._take(harmless(line).strip())
        except OutletGone:
            self._outlet.ended.set()
        if self._screen.plain:
            self._alone = True
            self._go_on_alone()
        else:
            self.leave()

    async def _take(self, line: str) -> None:
        """A command, words, or nothing, which ends a wait."""
        room, member = self._desk.room, self._desk.member
        if not line:
            room.put(commands.go_on(member))
        elif line.startswith("/"):
            self._screen.note(await carry_out(self._desk, line))
        elif room.over:
            self._screen.note(OVER)
        else:
            if len(line) > MOST:
                self._screen.note(f"That was {len(line)} characters: only the first {MOST} are heard.")
                line = line[:MOST]
            self._desk.house.hear(CHANNEL, Heard(source=self._outlet.new_id(), member=member, text=line))
            self._screen.hear(member.name, line)

    def _complete(self, before: str) -> tuple[str, list[str]]:
        state = self._desk.room.state
        seats = [seat.name for seat in (*state.seats.values(), state.moderator)]
        return completions(before, seats, [persona.name for persona in self._desk.personas.values()])

    def _told(self, event: Event) -> None:
        interrupted = self._clock.now() - self._interrupted < TWICE and not self._left.is_set()
        if interrupted and isinstance(event.what, Passed) and event.what.by:
            self._screen.note(AGAIN)
        if self._alone:
            self._go_on_alone()

    def _go_on_alone(self) -> None:
        """A wait for somebody ends at once where nobody can come; one that nothing else ends is the room's end."""
        room, member = self._desk.room, self._desk.member
        waiting = room.state.waiting
        if room.state.phase is Phase.PAUSED or (waiting and waiting.reason in FOR_PEOPLE):
            room.put(commands.stop(member))
        elif waiting:
            room.put(commands.go_on(member))


async def _nothing() -> AsyncGenerator[str, None]:
    return
    yield
