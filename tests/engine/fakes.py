"""Small stand-ins for what a room works with, named for what they do."""

import asyncio
import heapq
import itertools
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Compacted, Event, Planned, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.errors import AgentUnreachable, OutletGone
from rooms_bot.ports import Agent, Errand, Message, Request, Selector, Standing, Wanted, always


class TurnedClock:
    """A clock that moves only when a test turns it."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = itertools.count()
        self._slept = asyncio.Condition()

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        entry = (self._now + seconds, next(self._count), woken)
        heapq.heappush(self._sleepers, entry)
        async with self._slept:
            self._slept.notify_all()
        try:
            await woken.wait()
        finally:
            if entry in self._sleepers:
                self._sleepers.remove(entry)
                heapq.heapify(self._sleepers)

    async def until_asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for about so long."""
        async with self._slept:
            await asyncio.wait_for(self._slept.wait_for(lambda: self._someone_until(self._now + seconds)), 5)

    def _someone_until(self, time: float) -> bool:
        return any(abs(due - time) < 0.01 for due, _, _ in self._sleepers)

    def advance(self, seconds: float) -> None:
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            heapq.heappop(self._sleepers)[2].set()


class Spoken:
    """An answer on a page. With `page.streams` its beginning stands there as a message of its own from the start.

    Where somebody is notified the whole is another message.
    """

    def __init__(self, page: "Page", seat: Seat, standing: Standing) -> None:
        self._page, self._seat, self._standing, self._posts = page, seat, standing, tuple[int, ...]()
        self._settled = False

    def grow(self, text: str) -> None:
        self._page.drafts.append(text)
        if self._page.streams and not self._posts:
            self._posts = (self._page.new_id(),)
            self._standing(self._posts)

    @property
    def is_open(self) -> bool:
        """Whether something stands there that was neither finished nor marked."""
        return bool(self._posts) and not self._settled

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        self._settled = True
        whole = await self._page.post(self._seat, text, pings)
        return whole if pings else self._posts or whole

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        self._settled = True
        return (f"{self._page.drafts[-1]} (cut off)", self._posts) if self._posts else ("", ())

    async def drop(self) -> None:
        self._page.withdrawn += self.is_open
        self._settled = True


class Page:
    """A channel that remembers what was posted and what people were told."""

    def __init__(self) -> None:
        self.posts: list[str] = []
        self.notices: list[Event] = []
        self.pings: list[tuple[int, ...]] = []
        self.gone = False
        self.wait = 0.0
        self._ids: Iterator[int] = itertools.count(10_000)
        self._news = asyncio.Condition()
        self._read = 0
        self.gate: Callable[[], Awaitable[object]] | None = None
        self.post_ids: list[int] = []
        self.drafts: list[str] = []
        self.streams = False
        self.refreshed = self.withdrawn = 0
        self.taken_back: list[int] = []
        self.scarce = False

    def new_id(self) -> int:
        return next(self._ids)

    @property
    def coming(self) -> int:
        """The id of the next post."""
        ids, self._ids = itertools.tee(self._ids)
        return next(ids)

    def delay(self, *, urgent: bool = False) -> float:
        """Only what nobody waits for is held back where it is `scarce`."""
        return 0.0 if urgent and self.scarce else self.wait

    async def withdraw(self, posts: Sequence[int]) -> None:
        self.taken_back += posts

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        if self.gone:
            raise OutletGone("the channel is gone")
        if self.gate is not None:
            await self.gate()
        async with self._news:
            self.posts.append(f"{seat.name}: {text}")
            self.pings.append(tuple(member.id for member in pings))
            self.post_ids.append(next(self._ids))
            self._news.notify_all()
        return (self.post_ids[-1],)

    async def show(self, event: Event, room: RoomState) -> int | None:
        del room
        if self.gone:
            raise OutletGone("the channel is gone")
        async with self._news:
            self.notices.append(event)
            self._news.notify_all()
        return self.new_id() if event.what.kind == "opened" else None

    async def refresh(self, room: RoomState) -> bool:
        del room
        self.refreshed += 1
        return True

    @asynccontextmanager
    async def speech(
        self, seat: Seat, planned: Planned, room: RoomState, standing: Standing, wanted: Wanted = always
    ) -> AsyncIterator["Spoken"]:
        del planned, room, wanted
        speech = Spoken(self, seat, standing)
        yield speech
        await speech.drop()

    async def next(self, count: int) -> list[str]:
        """The next posts, as soon as there are so many."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.posts) >= self._read + count), 5)
        self._read += count
        return self.posts[self._read - count : self._read]

    async def told(self, kind: str, count: int = 1) -> Event:
        """The `count`th event of this kind that people were told of, as soon as they are."""

        def found() -> list[Event]:
            return [event for event in self.notices if event.what.kind == kind]

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(found()) >= count), 5)
        return found()[count - 1]


class Saying:
    """An agent that says these in turn, the last one for ever; an empty one is an empty answer."""

    def __init__(self, *texts: str) -> None:
        self.texts, self.requests = texts, 0
        self.seen: list[Request] = []

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        self.seen.append(request)
        text = self.texts[min(self.requests, len(self.texts) - 1)]
        self.requests += 1
        yield text
        yield Usage(prompt_tokens=10, completion_tokens=2, cost=0.001)


def saying(*texts: str) -> Saying:
    return Saying(*texts)


class Failing:
    """An agent whose provider never answers well, or only after so many failures."""

    def __init__(self, times: int = 10**9) -> None:
        self.left = times

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        self.left -= 1
        if self.left >= 0:
            raise AgentUnreachable("Error code: 401 - secret details of the provider")
        yield "back again"


def failing(times: int = 10**9) -> Failing:
    return Failing(times)


class Held:
    """An agent that thinks until it is released."""

    def __init__(self, text: str = "at last") -> None:
        self.text = text
        self.started, self.release = asyncio.Event(), asyncio.Event()
        self.dropped = 0

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        self.started.set()
        try:
            await self.release.wait()
        except asyncio.CancelledError:
            self.dropped += 1
            raise
        yield self.text


class Crashing:
    """An agent with a fault of ours: it raises what no agent should."""

    def __init__(self, times: int = 1) -> None:
        self.left = times

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        self.left -= 1
        if self.left >= 0:
            raise ZeroDivisionError("a bug")
        yield "well again"


class Cast:
    """Who thinks for whom, by name; who is not named passes."""

    def __init__(self, agents: Mapping[str, Agent]) -> None:
        self.agents = dict(agents)
        self.passing = saying("PASS")
        self.planned: list[Planned] = []
        self.sent: list[str] = []
        self.rankings: list[Ranking] = []
        self.due_lines = 0
        self.digesting: Held | None = None
        self.judging: Held | None = None
        self.words: dict[str, tuple[str, ...]] = {}
        self.price: Callable[[int, int], float | None] | None = None
        """Dollars for so many tokens read and written; without it turns cost nobody anything."""
        self.errand: Cost | None = None
        """What an errand takes at most."""
        self.estimate = 0
        self.longest: int | None = None
        """Tokens of each request by our count, and of its answer at most."""

    def agent(self, seat: Seat) -> Agent:
        return self.agents.get(seat.name, self.passing)

    def request(self, room: RoomState, seat: Seat, planned: Planned) -> Request:
        self.planned.append(planned)
        lines = tuple(Message("user", f"{line.name}: {line.text}") for line in room.lines)
        self.sent = [line.content for line in lines]
        return Request(
            seat=seat, model="test", messages=lines, timeout=5, max_tokens=self.longest, estimate=self.estimate
        )

    def cost(self, model: str, read: int, written: int) -> Cost | None:
        del model
        return None if self.price is None else Cost(read + written, self.price(read, written))

    def outlay(self, errand: Errand, room: RoomState) -> Cost | None:
        del errand, room
        return self.errand

    def selector(self, room: RoomState, ranking: Ranking) -> Selector | None:
        del room, ranking
        return self if self.rankings else None

    async def rank(self, room: RoomState, ranking: Ranking) -> Ranking:
        del room, ranking
        if self.judging is not None:
            self.judging.started.set()
            await self.judging.release.wait()
        return self.rankings.pop(0)

    def due(self, room: RoomState) -> int:
        there = any(digest.lines == self.due_lines for digest in room.transcript.digests)
        return self.due_lines if len(room.lines) >= self.due_lines and not there else 0

    async def digest(self, room: RoomState, lines: int) -> Compacted:
        text = f"digest of {[line.text for line in room.lines[:lines]]}"
        if self.digesting is not None:
            self.digesting.started.set()
            await self.digesting.release.wait()
        return Compacted(lines=lines, text=text)

    async def expand(self, persona: Persona) -> tuple[tuple[str, ...], Usage]:
        return self.words.get(persona.name, ()), Usage(prompt_tokens=5, completion_tokens=5, cost=0.001)


def names(posts: Iterable[str]) -> list[str]:
    """Who spoke."""
    return [post.split(":")[0] for post in posts]


def spoken_turns(state: RoomState) -> list[str]:
    return [line.name for line in state.lines if line.seat is not None and line.seat != MODERATOR]
