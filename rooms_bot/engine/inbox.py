"""What comes in to a room, in order of arrival, and a way to do something else while listening for it."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from rooms_bot.engine.commands import Command
from rooms_bot.errors import Refused


@dataclass(frozen=True, slots=True)
class Item:
    """Something that came in: what to make of it, and who waits to know that it was done."""

    act: Command
    done: "asyncio.Future[None] | None" = None

    def answer(self, error: Exception | None = None) -> None:
        """Tell the one who waits, if somebody still does."""
        if self.done is None or self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


class Inbox:
    """A queue that never blocks the one who puts in."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._news = asyncio.Event()

    def put(self, act: Command) -> None:
        """Queue something nobody waits for."""
        self._items.append(Item(act))
        self._news.set()

    async def ask(self, act: Command) -> None:
        """Queue a command and wait until it counts. Raises `Refused`."""
        item = Item(act, asyncio.get_running_loop().create_future())
        self._items.append(item)
        self._news.set()
        if item.done is not None:
            await item.done

    def nudge(self) -> None:
        """Wake the one who listens, with nothing new in."""
        self._news.set()

    def take(self) -> Iterator[Item]:
        """Everything that is in, oldest first, also what comes while it is being taken."""
        self._news.clear()
        while self._items:
            yield self._items.popleft()

    async def listen(self) -> None:
        """Until something is in, or a nudge came."""
        await self._news.wait()

    def refuse_all(self, sentence: str) -> None:
        """Nobody will take these any more."""
        for item in self.take():
            item.answer(Refused(sentence))
