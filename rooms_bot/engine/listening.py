"""A room is never too busy to listen: whatever it does, all that comes in is taken in meanwhile, in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from rooms_bot.clock import Clock
from rooms_bot.domain.state import RoomState
from rooms_bot.engine import commands
from rooms_bot.engine.inbox import MOST, Inbox
from rooms_bot.errors import Refused, RoomsError
from rooms_bot.i18n import N_

T = TypeVar("T")

RESTING = N_("The bot's database cannot be used just now. The room goes on as soon as it can; nothing is lost.")


class Listening:
    """What comes into the `inbox` of a room is recorded with `record`. `tasks` is set for as long as the room runs."""

    tasks: asyncio.TaskGroup

    def __init__(self, inbox: Inbox, room: RoomState, record: Callable[..., Awaitable[None]], clock: Clock) -> None:
        self._inbox, self._room, self._record, self._clock = inbox, room, record, clock
        self._early: deque[commands.Command] = deque(maxlen=MOST)
        """What is about messages that may be of the answer that is being posted, the newest of it."""
        self.missing: Callable[[], Coroutine[Any, Any, None]] | None = None
        """What is to be begun since Discord may have kept something back."""

    async def drain(self) -> None:
        """Take in everything that came."""
        if self.missing is not None:
            mend, self.missing = self.missing, None
            self.tasks.create_task(mend())
        while self._early and not self._room.speaking:
            self._inbox.put(self._early.popleft())
        for item in self._inbox.take():
            try:
                await self._record(*item.act(self._room))
                item.answer()
            except commands.Early:
                self._early.append(item.act)
            except Refused as error:
                item.answer(error)
            except RoomsError:  # the database's
                if item.done is None:
                    self._inbox.put_back(item)
                item.answer(Refused(RESTING))
                raise
            finally:
                item.answer(Refused("That could not be done, through a fault of the bot. Please try again."))

    async def meanwhile(self, work: Coroutine[Any, Any, T], dropped: Callable[[], bool] | None = None) -> T | None:
        """What `work` returns; None once it was `dropped`.

        What may not be dropped is not broken off where the database fails meanwhile, either.
        """
        task = self.tasks.create_task(work)
        task.add_done_callback(lambda _: self._inbox.nudge())
        try:
            while not task.done():
                await self._inbox.listen()
                await self.drain()
                if dropped is not None and dropped():
                    return None
        except RoomsError:
            if dropped is None:
                await asyncio.wait([task])
            raise
        finally:
            await _end(task)
        if task.cancelled():  # by nobody here: not to be taken for the end of the room's own task
            raise RuntimeError("what the room was doing was cancelled from outside")
        return task.result()

    async def idle(self, time: timedelta) -> None:
        """For so long, or until something comes in."""
        await self.meanwhile(self._clock.sleep(max(0.0, time.total_seconds())), lambda: True)

    async def rest(self, seconds: float, enough: Callable[[], bool]) -> None:
        """Before what failed is tried again, take nothing in; whoever asks for something meanwhile is told so."""
        async with asyncio.TaskGroup() as tasks:
            sleep = tasks.create_task(self._clock.sleep(seconds))
            sleep.add_done_callback(lambda _: self._inbox.nudge())
            while not sleep.done() and not enough():
                self._inbox.refuse_asked(RESTING)
                await self._inbox.listen()
            sleep.cancel()


async def _end(task: "asyncio.Task[Any]") -> None:
    """Cancel it where it is not done, and wait until it is."""
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
