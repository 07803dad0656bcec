"""What comes in to a room, in order of arrival, and a way to do something else while listening for it."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rooms_bot.engine.commands import Command
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_

MOST = 1000
"""Things from the channel that wait in one inbox; what is more is let go."""
MOST_VITAL = 10 * MOST
"""The same of those that must not be missed: what is deleted is to be forgotten, and a channel is gone for good."""
MOST_ASKED = 100
"""Commands that wait in one inbox; what is more is refused."""
CROWDED = N_("So much is going on here that the room does not keep up. Please try again in a moment.")


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
        self._held: deque[Item] | None = None
        """What came from the channel since `hold`."""
        self._asked = 0
        self._news = asyncio.Event()

    def __len__(self) -> int:
        """How much waits in it."""
        return len(self._items) + len(self._held or ())

    def put(self, act: Command) -> None:
        """Queue something of the room's own, which nobody waits for."""
        self._items.append(Item(act))
        self._news.set()

    def deliver(self, act: Command, *, vital: bool = False) -> bool:
        """Queue something that happened in the channel; False where too much waits already, for what is `vital` too."""
        if len(self) >= (MOST_VITAL if vital else MOST):
            return False
        (self._items if self._held is None else self._held).append(Item(act))
        self._news.set()
        return True

    async def ask(self, act: Command) -> None:
        """Queue a command and wait until it counts. Raises `Refused`, also where too many wait already."""
        if self._asked >= MOST_ASKED:
            raise Refused(CROWDED)
        done = asyncio.get_running_loop().create_future()
        self._items.append(Item(act, done))
        self._news.set()
        self._asked += 1
        try:
            await done
        finally:
            self._asked -= 1

    def hold(self) -> None:
        """Keep back what happens in the channel from now on: something that happened before is still to come."""
        if self._held is None:
            self._held = deque()

    def release(self, earlier: Iterable[Command] = ()) -> None:
        """Let that follow now upon what happened `earlier`."""
        self._items.extend(Item(act) for act in earlier)
        self._items.extend(self._held or ())
        self._held = None
        self._news.set()

    def put_back(self, item: Item) -> None:
        """It could not be taken in; it comes first the next time."""
        self._items.appendleft(item)

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

    def refuse_asked(self, sentence: str) -> None:
        """Whoever waits is not to wait any longer; what nobody waits for stays in."""
        self._news.clear()
        for item in self._items:
            item.answer(Refused(sentence))
        self._items = deque(item for item in self._items if item.done is None)

    def refuse_all(self, sentence: str) -> None:
        """Nobody will take these any more."""
        self.release()
        for item in self.take():
            item.answer(Refused(sentence))
