"""Where the room's words go: the screen."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager

from rooms_bot.domain.events import Closed, Event, Opened, Resumed
from rooms_bot.domain.rooms import Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.floor import others
from rooms_bot.errors import OutletGone
from rooms_bot.ports import Draft
from rooms_bot.terminal.notices import Voice, guide, notice, opening
from rooms_bot.terminal.progress import Progress
from rooms_bot.terminal.screen import Screen


class TerminalOutlet:
    """The outlet of the one room; `told` is called with each event once it has been shown.

    `deaf` is where nobody can say anything.
    """

    def __init__(self, screen: Screen, progress: Progress, voice: Voice, *, deaf: bool) -> None:
        self._screen, self._progress, self._voice, self._deaf = screen, progress, voice, deaf
        self.told: Callable[[Event], None] = lambda _: None
        self._ids = itertools.count(1)
        self._room: RoomState | None = None
        self.ended = asyncio.Event()
        """Set while the room is over and has said so."""

    def new_id(self) -> int:
        """The id of one more thing that stands on the screen."""
        return next(self._ids)

    def delay(self) -> float:
        """A terminal takes everything at once."""
        return 0.0

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """See `Outlet.post`."""
        del pings
        with self._while_there():
            self._screen.say(seat, text)
        return (self.new_id(),)

    async def show(self, event: Event, room: RoomState) -> None:
        """See `Outlet.show`."""
        self._room = room
        with self._while_there():
            self._screen.note(self._notice(event, room))
        if isinstance(event.what, Closed):
            self.ended.set()
        elif isinstance(event.what, Resumed):
            self.ended.clear()
        self.told(event)

    def _notice(self, event: Event, room: RoomState) -> str:
        if isinstance(event.what, Opened):
            return "\n".join([opening(room, self._voice), *([] if self._deaf else [guide(room)])])
        return notice(event, room, stays=not self._screen.plain)

    @asynccontextmanager
    async def thinking(self, seat: Seat) -> AsyncIterator[Draft]:
        """See `Outlet.thinking`."""
        with self._progress.of(seat, others(self._room, seat) if self._room else ()) as draft:
            yield draft

    @contextmanager
    def _while_there(self) -> Iterator[None]:
        """Where nobody reads along any more the room will not come to say that it is over."""
        try:
            yield
        except OutletGone:
            self.ended.set()
            raise
