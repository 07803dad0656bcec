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
from dataclasses import replace
from datetime import datetime

from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Compacted, Event, Heard, Planned, Usage, now_ms
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import MODERATOR, Member, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.errors import AgentUnreachable, OutletGone
from rooms_bot.ports import (
    Agent,
    Errand,
    Found,
    Message,
    Request,
    Selector,
    Standing,
    Struck,
    Uttered,
    Wanted,
    always,
)


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

    Where somebody is notified the whole is another message. Of what an earlier process `left` it keeps what is right.
    """

    def __init__(self, page: "Page", seat: Seat, standing: Standing, left: Sequence[Uttered] = ()) -> None:
        self._page, self._seat, self._standing = page, seat, standing
        self._posts, self._left = tuple(one.post for one in left), bool(left)
        self._settled = False

    def grow(self, text: str) -> None:
        self._page.drafts.append(text)
        if not self._page.streams or self._left:
            return
        if self._posts:
            self._page.change(self._posts[0], text)
        else:
            self._posts = (self._page.put(self._seat, text),)
            self._standing(self._posts)

    @property
    def is_open(self) -> bool:
        """Whether something stands there that was neither finished nor marked."""
        return bool(self._posts) and not self._settled

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        self._settled = True
        sheets, kept, spare = self._page.sheets(text), list[int](), list[int]()
        await self._page.let_through()
        new = not self._left
        for post in self._posts:
            is_whole = self._page.reads(post) == sheets[len(kept) : len(kept) + 1]
            if is_whole and (self._left or not pings):
                kept.append(post)
            elif not kept and not pings and self._is_beginning(post, sheets[0]):
                self._page.change(post, sheets[0])
                kept.append(post)
                new = True
            else:
                spare.append(post)
        if new or len(kept) < len(sheets):
            kept += await self._page.write(self._seat, sheets[len(kept) :], text, pings, kept)
        self._page.remove(spare)
        self._page.taken_back += spare if self._left else ()
        return tuple(kept)

    def _is_beginning(self, post: int, text: str) -> bool:
        return not self._left or any(text.startswith(words) for words in self._page.reads(post))

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        if len(self._posts) != 1:
            return "", ()
        self._settled = True
        text = f"{self._page.drafts[-1] if not self._left else ''.join(self._page.reads(self._posts[0]))} (cut off)"
        self._page.change(self._posts[0], text)
        return text, self._posts

    async def drop(self) -> None:
        if self.is_open:
            self._page.withdrawn += 1
            self._page.remove(self._posts)
        self._settled = True


class Page:
    """A channel that remembers what was posted and what people were told, and what stands in it.

    A house that is started over the page of an earlier one finds there what `stands`.
    """

    def __init__(self, now: Callable[[], float] = lambda: 1_800_000_000.0) -> None:
        self._now = now
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
        self.stands: dict[int, Found] = {}
        """What members and agents said there, by message, oldest first; to be changed as people would."""
        self._born: dict[int, float] = {}
        self.longest = 0
        """Characters of one message; 0 is no bound."""
        self.answer: Callable[[], Awaitable[object]] | None = None
        """Awaited after each message stands there and before whoever posted it learns of it: to be cut off there."""
        self.reading: Callable[[], Awaitable[object]] | None = None
        """Awaited before it is read what stands there."""
        self.looked: list[int] = []
        """Since which messages it was read."""
        self.blind = False
        """The bot may not read there."""

    def new_id(self) -> int:
        number = next(self._ids)
        self._born[number] = self._now()
        return number

    @property
    def coming(self) -> int:
        """The id of the next post."""
        ids, self._ids = itertools.tee(self._ids)
        return next(ids)

    def delay(self, *, urgent: bool = False) -> float:
        """Only what nobody waits for is held back where it is `scarce`."""
        return 0.0 if urgent and self.scarce else self.wait

    # What stands there

    def say(
        self, member: Member, text: str, reply_to: int | None = None, files: Sequence[tuple[str, str]] = ()
    ) -> Heard:
        """A member's message stands there; the house learns of it when it looks, or is told."""
        heard = Heard(source=self.new_id(), member=member, text=text, reply_to=reply_to, files=len(files))
        self.stands[heard.source] = Found(self._at(heard.source), heard, tuple(files))
        return heard

    def put(self, seat: Seat, text: str) -> int:
        """An agent's message stands there; nobody is told."""
        post = self.new_id()
        self.stands[post] = Found(self._at(post), Uttered(post, seat.name, text, text))
        return post

    def change(self, post: int, text: str) -> None:
        """An agent's message reads so from now on, where it stands."""
        found = self.stands.get(post)
        if found is not None and isinstance(found.what, Uttered):
            self.stands[post] = replace(found, what=replace(found.what, content=text, text=text))

    def remove(self, posts: Iterable[int]) -> None:
        for post in posts:
            self.stands.pop(post, None)

    def reword(self, source: int, text: str) -> None:
        """A member's message reads so from now on."""
        found = self.stands[source]
        if isinstance(found.what, Heard):
            self.stands[source] = replace(found, what=found.what.model_copy(update={"text": text}))

    def strike(self, source: int) -> None:
        """A message is deleted there; the house learns of it when it looks."""
        self.stands[source] = replace(self.stands[source], what=Struck(source))

    def reads(self, post: int) -> list[str]:
        """The words of a message; none where it does not stand."""
        found = self.stands.get(post)
        match found.what if found is not None else None:
            case Uttered(content=text) | Heard(text=text):
                return [text]
        return []

    def standing(self) -> list[str]:
        """What agents' messages say now, oldest first, each after its agent's name."""
        agents = [found.what for found in self.stands.values() if isinstance(found.what, Uttered)]
        return [f"{one.name}: {one.content}" for one in agents]

    def sheets(self, text: str) -> list[str]:
        """The messages that a text becomes."""
        size = self.longest or max(1, len(text))
        return [text[at : at + size] for at in range(0, max(1, len(text)), size)]

    def _at(self, message: int) -> datetime:
        return now_ms(self._born[message])

    async def since(self, room: RoomState, post: int = 0) -> Sequence[Found]:
        self.looked.append(post)
        if self.reading is not None:
            await self.reading()
        if self.gone:
            raise OutletGone("the channel is gone")
        start = self._born.get(post, 0.0) - 60
        seats = {seat.name: seat.id for seat in (room.moderator, *room.seats.values())}
        found = [one for message, one in self.stands.items() if self._born.get(message, start) >= start]
        return [] if self.blind else [_seated(one, seats) for one in found]

    # What the house does there

    async def withdraw(self, posts: Sequence[int]) -> None:
        self.taken_back += posts
        self.remove(posts)

    async def let_through(self) -> None:
        """Until the page takes a post."""
        if self.gone:
            raise OutletGone("the channel is gone")
        if self.gate is not None:
            await self.gate()

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        await self.let_through()
        return await self.write(seat, self.sheets(text), text, pings)

    async def write(
        self, seat: Seat, sheets: Sequence[str], text: str, pings: Collection[Member], kept: Sequence[int] = ()
    ) -> tuple[int, ...]:
        """These messages, `kept` being what stands already of `text`, which is remembered once all of it does."""
        posts: list[int] = []
        for sheet in sheets:
            posts.append(self.put(seat, sheet))
            if len(posts) == len(sheets):
                await self._remember(seat, text, pings, [*kept, *posts][0])
            if self.answer is not None:
                await self.answer()
        if not sheets:
            await self._remember(seat, text, pings, kept[0])
        return tuple(posts)

    async def _remember(self, seat: Seat, text: str, pings: Collection[Member], first: int) -> None:
        async with self._news:
            self.posts.append(f"{seat.name}: {text}")
            self.pings.append(tuple(member.id for member in pings))
            self.post_ids.append(first)
            self._news.notify_all()

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
        self,
        seat: Seat,
        planned: Planned,
        room: RoomState,
        standing: Standing,
        wanted: Wanted = always,
        left: Sequence[Uttered] = (),
    ) -> AsyncIterator["Spoken"]:
        del planned, room, wanted
        speech = Spoken(self, seat, standing, left)
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


def _seated(found: Found, seats: Mapping[str, int]) -> Found:
    what = found.what
    return replace(found, what=replace(what, seat=seats.get(what.name))) if isinstance(what, Uttered) else found


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
