"""A room in this process alone: the real house with a store in RAM, and an outlet that takes every post at once."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

from rooms_bot.agents.choice import Agents
from rooms_bot.clock import SystemClock
from rooms_bot.domain.costs import Cost
from rooms_bot.domain.events import Compacted, Event, Planned, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.domain.talk import Ranking
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.ports import Agent, Errand, Found, Request, Selector, Standing, Uttered, Wanted, always
from rooms_bot.store.personas import read_library
from rooms_bot.store.ram import RamStore

NAMES = ("Ada", "Kenji", "Noor", "Yusuf")
TOPIC = "What should our town do with the old railway line?"
HOST = Member(id=1, name="Theo")
PLACE = Place(guild=9, channel=77, parent=77)


class Unseen:
    """An answer that nobody watches growing."""

    def __init__(self, outlet: "Outlet", seat: Seat) -> None:
        self._outlet, self._seat = outlet, seat

    def grow(self, text: str) -> None:
        """Nobody looks."""

    async def finish(self, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        return await self._outlet.post(self._seat, text, pings)

    async def cut(self) -> tuple[str, tuple[int, ...]]:
        return "", ()

    async def drop(self) -> None:
        """Nothing stands before it is whole."""


class Outlet:
    """Takes every post at once, and calls `posted` with their count before the room goes on."""

    def __init__(self, posted: Callable[[int], Awaitable[None]]) -> None:
        self.count, self._posted = 0, posted

    def delay(self, *, urgent: bool = False) -> float:
        del urgent
        return 0.0

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        del seat, text, pings
        self.count += 1
        await self._posted(self.count)
        return (10_000 + self.count,)

    async def show(self, event: Event, room: RoomState) -> None:
        """Nobody looks."""

    async def withdraw(self, posts: Sequence[int]) -> None:
        """Nobody looks."""

    async def refresh(self, room: RoomState) -> bool:
        del room
        return True

    async def since(self, room: RoomState, post: int = 0) -> Sequence[Found]:
        """Nobody was away."""
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
    ) -> AsyncIterator["Unseen"]:
        del planned, room, standing, wanted, left
        yield Unseen(self, seat)


class Minds:
    """The requests that `agents` make; `agent` answers all of them, or `agents` do. The newest are kept."""

    def __init__(self, agents: Agents, agent: Agent | None = None) -> None:
        self._agents, self._agent = agents, agent
        self.requests: list[Request] = []

    def agent(self, seat: Seat) -> Agent:
        return self._agent or self._agents.agent(seat)

    def request(self, room: RoomState, seat: Seat, planned: Planned) -> Request:
        self.requests.append(self._agents.request(room, seat, planned))
        return self.requests[-1]

    def selector(self, room: RoomState, ranking: Ranking) -> Selector | None:
        return self._agents.selector(room, ranking)

    def due(self, room: RoomState) -> int:
        return self._agents.due(room)

    async def digest(self, room: RoomState, lines: int) -> Compacted:
        return await self._agents.digest(room, lines)

    def cost(self, model: str, read: int, written: int) -> Cost | None:
        return self._agents.cost(model, read, written)

    def outlay(self, errand: Errand, room: RoomState) -> Cost | None:
        return self._agents.outlay(errand, room)

    async def expand(self, persona: Persona) -> tuple[tuple[str, ...], Usage]:
        return await self._agents.expand(persona)


class Ready:
    """A model of zero latency: its answers are there, a word a piece."""

    def __init__(self, answers: list[list[str]]) -> None:
        self._answers, self._given = answers, 0

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        self._given += 1
        for piece in self._answers[self._given % len(self._answers)]:
            yield piece
        yield Usage(prompt_tokens=10, completion_tokens=60, cost=0.0)


@asynccontextmanager
async def opened(minds: Minds, posted: Callable[[int], Awaitable[None]]) -> AsyncIterator[Room]:
    """A room of four in the usual mode, the orchestrator summing up as usual, at pace 0, without an end."""
    library, store, outlet = read_library(), RamStore(), Outlet(posted)
    rules = RoomConfig(topic=TOPIC, pace=0)
    config = rules.model_copy(update={"turns": 100_000})  # people may have 500 at a time
    async with House(store, RamStore(), lambda *_: outlet, minds, SystemClock()) as house:
        personas = [library.personas[name.casefold()] for name in NAMES]
        yield await house.open(PLACE, config, personas, library.moderator, HOST)


def cpu() -> float:
    """CPU milliseconds of this process."""
    return time.process_time() * 1000
