"""Work that nobody waits for: done soon, once for all that came up meanwhile, and a last time on leaving."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from rooms_bot.clock import Clock


class Soon:
    """`async with` it. `work` is called after `ask`, once in `every` seconds at most, and deals with its own errors."""

    def __init__(self, work: Callable[[], Awaitable[None]], clock: Clock, every: float = 0) -> None:
        self._work, self._clock, self._every = work, clock, every
        self._asked, self._ending = asyncio.Event(), asyncio.Event()

    def ask(self) -> None:
        """There is something to do."""
        self._asked.set()

    async def __aenter__(self) -> Self:
        self._tasks = await asyncio.TaskGroup().__aenter__()
        self._tasks.create_task(self._go_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Not with the error: the last of it is to be done all the same."""
        self._ending.set()
        self._asked.set()  # also wakes who waits for it; the work finds out by itself whether there is any
        await self._tasks.__aexit__(None, None, None)

    async def _go_on(self) -> None:
        while not self._ending.is_set():
            await self._asked.wait()
            self._asked.clear()
            await self._work()
            await self._pause()
        await self._work()

    async def _pause(self) -> None:
        """Until the next time, or until the end."""
        if self._every <= 0:
            return
        async with asyncio.TaskGroup() as tasks:
            waits = [tasks.create_task(self._clock.sleep(self._every)), tasks.create_task(self._ending.wait())]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
