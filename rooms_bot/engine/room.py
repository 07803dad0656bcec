"""One room, one task: it alone appends to the room's events, and it is never too busy to listen."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import assert_never

from rooms_bot.domain.events import (
    Closed,
    Displayed,
    Event,
    Failed,
    Happening,
    Heard,
    Nearing,
    Paused,
    Planned,
    Resumed,
    Tally,
    Waiting,
)
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Phase
from rooms_bot.engine import commands
from rooms_bot.engine.absence import Absence
from rooms_bot.engine.chronicle import Chronicle
from rooms_bot.engine.display import Display
from rooms_bot.engine.errands import Errands
from rooms_bot.engine.inbox import Inbox
from rooms_bot.engine.listening import Listening
from rooms_bot.engine.parts import Desk, Parts
from rooms_bot.engine.turn import Turns
from rooms_bot.errors import OutletGone, Refused
from rooms_bot.i18n import N_
from rooms_bot.turns.decisions import Close, Greet, Pause, Speak, Wait
from rooms_bot.turns.order import decide
from rooms_bot.turns.selection import by_words

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=24)
"""A room in which nothing happens for this long closes by itself."""


class Room:
    """A room with its task. Everything that changes it goes through `hear`, `put` and `do`."""

    def __init__(self, number: int, events: Iterable[Event], parts: Parts) -> None:
        self.id = number
        self._parts = parts
        self._chronicle = Chronicle(number, events, parts.journal, parts.clock, parts.rows.save)
        self._inbox = Inbox()
        self._notices: deque[Event] = deque()
        self._listening = Listening(self._inbox, self.state, self._record, parts.clock)
        self.leaving = False
        """Whether its task is to end soon."""
        purse = parts.quotas.purse(number, self.state, self._warn)
        desk = Desk(self.state, purse, self._record, self._listening.meanwhile, self._inbox.put, lambda: self.leaving)
        self._turns = Turns(number, parts, desk, self._lose)
        self._absence = Absence(parts, desk, self._turns, self._inbox, self._chronicle.recall)
        self._errands = Errands(parts.minds, purse, parts.expand, self._inbox.put)
        self._display = Display(parts.outlet, parts.clock)
        self.listens = False
        """Whether its task runs, or is about to."""
        self.gone = asyncio.Event()
        """Its task is over, and the house knows it no more."""
        self.was_away = False
        """Whether an earlier process had it: what happened since then is found out first."""
        self.tally: Tally | None = None
        """How it stood, where nothing else of it was kept."""
        self._overrun = False
        """Whether what came last was let go."""
        self._stumbled: Planned | None = None
        """The turn being posted when a fault came."""

    # What others may ask of it

    @property
    def state(self) -> RoomState:
        """For reading."""
        return self._chronicle.state

    def hear(self, heard: Heard) -> bool:
        """Queue what a member said; False where so much waits already that it is let go.

        Not a coroutine on purpose: discord.py runs each event in a task of its
        own, and only a caller that never awaits keeps them in arrival order.
        """
        taken = self._inbox.deliver(commands.hear(heard))
        if not taken and not self._overrun:
            log.warning("room %s does not keep up with what is said there; some of it is let go", self.id)
        self._overrun = not taken
        return taken

    def put(self, act: commands.Command, *, vital: bool = False) -> None:
        """Queue something that happened in the channel; where too much waits already only what is `vital`."""
        self._inbox.deliver(act, vital=vital)

    @property
    def returning(self) -> bool:
        """Whether it is still being found out what was said and done in it: nothing can be asked of it yet."""
        return self.tally is not None

    def catch_up(self) -> None:
        """Discord may not have told everything: what was said meanwhile is read, and heard before what comes now."""
        if self.listens and not self.was_away and not self.over:
            self._inbox.hold()
            self._listening.missing = self._absence.mend
            self._inbox.nudge()

    async def do(self, act: commands.Command) -> None:
        """Carry out a command; returns once it counts. Raises `Refused`."""
        if self.leaving:
            raise Refused("The bot is about to restart. Please try again in a moment.")
        if not self.listens:
            raise Refused(commands.OVER)
        await self._inbox.ask(act)

    def leave(self) -> None:
        """End the task soon, without ending the room: thoughts are dropped, a running post is finished."""
        self.leaving = True
        self._inbox.nudge()

    def announce(self, event: Event) -> None:
        """Tell the channel of this event as soon as the task runs."""
        self._notices.append(event)

    def claim_panel(self) -> None:
        """Whoever calls this edits the panel now; the room leaves that alone for a while."""
        self._display.claim()

    def events(self) -> AsyncIterator[Event]:
        """All that has happened, as it is kept."""
        return self._chronicle.events()

    @property
    def over(self) -> bool:
        return self.state.phase is Phase.CLOSED

    # Its task

    async def run(self) -> None:
        """Live until the end and until what was said need no longer be kept, or until `leave`."""
        async with asyncio.TaskGroup() as tasks:
            self._listening.tasks = tasks
            display = tasks.create_task(self._display.keep(self.state))
            await self._return()
            await self._listening.drain()
            while not self.leaving and not self._forgotten():
                if not self.over:
                    self._errands.look(self.state, tasks)
                await self._step()
                await self._listening.drain()
            self._errands.drop()
            display.cancel()
        if self.over and not self.leaving:
            await self._chronicle.seal()
            await self._display.conclude(self.state)
        self.listens = False
        self._inbox.refuse_all(N_("This room is no longer here."))

    async def recover(self, *, ours: bool) -> None:
        """After an error in the middle of something: what was kept is known, and what was being posted is taken up.

        Where the fault is `ours` the turn is lost, not the room, if nothing of it was posted or it comes twice.
        """
        await self._chronicle.catch_up()
        turn, self.was_away = self.state.current, True
        if not ours or turn is None:
            return
        if not self.state.speaking or self._stumbled == turn:
            await self._record(Failed(turn=turn.turn, seat=turn.seat, reason=N_("was cut off by a fault of the bot")))
        self._stumbled = turn

    async def rest(self, seconds: float) -> None:
        """After an error, before it is tried again."""
        await self._listening.rest(seconds, lambda: self.leaving)

    async def _return(self) -> None:
        """Find out what happened while this process did not have the room."""
        if not self.was_away:
            return
        if (closed := self.state.closed) is not None and not self._chronicle.sealed:
            self.announce(Event(index=self.state.next_index - 1, at=self._chronicle.now(), what=closed))
        try:
            await self._absence.end(self.tally)
        except OutletGone as gone:
            await self._lose(gone)
        if self.state.panel is None and not self.over and not self.leaving:
            self.announce(Event(index=0, at=self.state.opened_at, what=self.state.opened))
        self.was_away, self.tally = self.leaving, None

    def _forgotten(self) -> bool:
        closed = self.state.closed
        if closed is None or self._notices:
            return False
        return closed.kept_until is None or closed.kept_until <= self._chronicle.now()

    async def _step(self) -> None:
        """One thing: say what is to be told, or wait, or take a turn."""
        if self._notices:
            await self._show(self._notices.popleft())
        elif self.state.closed is not None:
            await self._chronicle.seal()
            await self._listening.idle((self.state.closed.kept_until or self._chronicle.now()) - self._chronicle.now())
        elif self.state.phase is Phase.PAUSED or (self.state.waiting is not None and self.state.newcomer is None):
            await self._wait()
        elif self.state.current is not None:
            await self._turns.take_up(())
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        ranking = by_words(self.state)
        new = self.state.newcomer if self.state.waiting is not None else None
        decision = decide(self.state, ranking) if new is None else Greet(new)
        match decision:
            case Speak() | Greet() if (delay := self._delay(decision)) > 0:
                await self._listening.idle(timedelta(seconds=delay))
            case Speak():
                await self._turns.choose(decision, ranking)
            case Greet(seat=seat):
                await self._turns.greet(self.state.seat(seat))
            case Wait(waiting=waiting):
                await self._record(self._timed(waiting))
            case Pause(reason=reason):
                await self._record(Paused(reason=reason))
            case Close(reason=reason):
                await self._close(reason)
            case _:
                assert_never(decision)

    def _delay(self, move: Speak | Greet) -> float:
        """Seconds until the channel lets a post through, people have said all, and, unless they wait, the pace does."""
        room, now = self.state, self._chronicle.now()
        urgent = room.prompted or bool(room.asked_by_members)
        budget = self._parts.outlet.delay(urgent=urgent)
        if isinstance(move, Greet):
            return budget
        if room.hold_until is not None:
            budget = max(budget, (room.hold_until - now).total_seconds())
        if urgent or room.last_post_at is None:
            return budget
        return max(budget, room.config.pace - (now - room.last_post_at).total_seconds())

    def _timed(self, waiting: Waiting) -> Waiting:
        if waiting.reason in ("everyone passed", "people"):
            return waiting
        until = self._chronicle.now() + timedelta(seconds=self.state.config.human_wait)
        return waiting.model_copy(update={"until": until})

    async def _wait(self) -> None:
        """Until somebody does something, the wait is over, or nothing happened for a day."""
        last = (self.state.changed_at or self._chronicle.now()) + LONGEST_WAIT
        until = self.state.waiting.until if self.state.waiting and self.state.phase is Phase.LIVE else None
        if until is not None and until <= self._chronicle.now():
            await self._record(Resumed(reason="nobody came"))
        elif last <= self._chronicle.now():
            await self._close("idle")
        else:
            await self._listening.idle(min(until or last, last) - self._chronicle.now())

    async def _close(self, reason: str) -> None:
        await self._record(
            Closed.model_validate({"reason": reason, "unserved": commands.unserved(self.state)}),
        )

    # Events

    def _warn(self, nearing: Nearing) -> None:
        """Most of a budget is used."""
        self._inbox.put(lambda room: () if room.phase is Phase.CLOSED else (nearing,))

    async def _record(self, *happenings: Happening) -> None:
        """These happen now; the channel is told as soon as nothing else is being done."""
        self._notices.extend(await self._chronicle.record(*happenings))
        self._parts.rows.touch(self.id, self.state)
        self._display.touch()

    # Telling people

    async def _show(self, event: Event) -> None:
        told = await self._listening.meanwhile(self._tell(event))
        if isinstance(told, OutletGone):
            await self._lose(told)
        elif told is not None:
            await self._record(Displayed(post=told))

    async def _tell(self, event: Event) -> int | OutletGone | None:
        try:
            return await self._parts.outlet.show(event, self.state)
        except OutletGone as error:
            return error

    async def _lose(self, gone: OutletGone) -> None:
        """The channel is no more, and so neither is the room."""
        log.warning("room %s: %s", self.id, gone)
        if not self.over:
            self._notices.clear()
            await self._record(Closed(reason="gone", because=str(gone), unserved=commands.unserved(self.state)))
