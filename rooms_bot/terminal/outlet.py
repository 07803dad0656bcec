"""Where the room's words go: the screen."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from rooms_bot.domain.events import Closed, Event, Opened, Planned, Resumed
from rooms_bot.domain.rooms import Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.floor import others
from rooms_bot.errors import OutletGone
from rooms_bot.ports import Found, Standing, Uttered, Wanted, always
from rooms_bot.terminal.notices import Voice, guide, notice, opening
from rooms_bot.terminal.progress import Draft, Progress
from rooms_bot.terminal.screen import Screen


@dataclass(frozen=True, slots=True)
class OnScreen:
    """One turn's answer; see `Speech`."""

    outlet: "TerminalOutlet"
    seat: Seat
    grow: Draft

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        return await self.outlet.post(self.seat, text, pings)

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        return "", ()

    async def drop(self) -> None:
        """Nothing stands there before it is whole."""


class TerminalOutlet:
    """The outlet of the one room; `told` is called with each event once it has been shown.

    `deaf` is where nobody can say anything.
    """

    def __init__(self, screen: Screen, progress: Progress, voice: Voice, *, deaf: bool) -> None:
        self._screen, self._progress, self._voice, self._deaf = screen, progress, voice, deaf
        self.told: Callable[[Event], None] = lambda _: None
        self._ids = itertools.count(1)
        self.ended = asyncio.Event()
        """Set while the room is over and has said so."""

    def new_id(self) -> int:
        """The id of one more thing that stands on the screen."""
        return next(self._ids)

    def delay(self, *, urgent: bool = False) -> float:
        """A terminal takes everything at once."""
        del urgent
        return 0.0

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        """See `Outlet.post`."""
        del pings
        with self._while_there():
            self._screen.say(seat, text)
        return (self.new_id(),)

    async def withdraw(self, posts: Sequence[int]) -> None:
        """What a screen has shown it has shown."""

    async def refresh(self, room: RoomState) -> bool:
        """A terminal has no panel."""
        del room
        return True

    async def show(self, event: Event, room: RoomState) -> None:
        """See `Outlet.show`."""
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

    async def since(self, room: RoomState, post: int = 0) -> Sequence[Found]:
        """A screen tells nothing of what stood on it."""
        del room, post
        return ()

    @asynccontextmanager
    async def speech(
        self,
        seat: Seat,
        planned: Planned,
        room: RoomState,
        standing: Standing,
        wanted: Wanted = always,
        left: Sequence[Uttered] = (),
    ) -> AsyncIterator["OnScreen"]:
        """See `Outlet.speech`. What grows is a draft, which leaves the screen again; nothing stands there before."""
        del planned, standing, wanted, left
        with self._progress.of(seat, others(room, seat)) as draft:
            yield OnScreen(self, seat, draft)

    @contextmanager
    def _while_there(self) -> Iterator[None]:
        """Where nobody reads along any more the room will not come to say that it is over."""
        try:
            yield
        except OutletGone:
            self.ended.set()
            raise
