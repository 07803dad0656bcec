"""A conversation with the embedded model as it ships: the real house, the model seeded, each turn kept for counting."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from bench.rooms import HOST, PLACE, Minds, Outlet
from rooms_bot.agents.choice import LOCAL, Agents, Models
from rooms_bot.agents.litellm import LiteLLMAgent, Route
from rooms_bot.agents.local import LocalModel
from rooms_bot.agents.small import SmallAgent
from rooms_bot.clock import SystemClock
from rooms_bot.domain.events import Closed, Event, Heard, Planned, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Mode, RoomConfig, Seat
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.house import House
from rooms_bot.ports import Agent, Request
from rooms_bot.store.personas import read_library
from rooms_bot.store.ram import RamStore

EVERY = 10
"""Turns between two things that the member says."""

Compose = Callable[[Request, RoomState, Seat, Planned], Request]
"""Makes the request that is sent of the one that ships."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A way of asking; `sampling` overwrites what ships."""

    name: str
    compose: Compose
    sampling: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a conversation is about, and what the member says in it, in order."""

    topic: str
    remarks: tuple[str, ...]


@dataclass(slots=True)
class Turn:
    """One agent's turn: what the model was sent, what came of it and what was posted; empty where nothing was."""

    name: str
    request: Request
    raw: str = ""
    text: str = ""
    heard: int = 0
    """How many things the member had said, and"""
    told: int = 0
    """how many of them stood in the request."""

    @property
    def begun(self) -> str:
        """The words that the request began the answer with."""
        last = self.request.messages[-1]
        return last.content if last.role == "assistant" else ""


@dataclass(slots=True)
class Conversation:
    """All turns of a room; `remarks` are the member's words, by the count of turns before them."""

    topic: str
    mode: Mode
    turns: list[Turn] = field(default_factory=list)
    remarks: dict[int, str] = field(default_factory=dict)


class Seeded:
    """Routes to the embedded model: each call has a seed of its own, and none reads what another left in the cache."""

    def __init__(self, local: LocalModel, sampling: Mapping[str, Any], name: str) -> None:
        self._local, self._sampling, self._seed = local, sampling, zlib.crc32(name.encode()) % 2**31

    async def route(self, model: str) -> Route:
        route = await self._local.route(model)
        self._seed += 1
        body = {**route.options["extra_body"], **self._sampling, "cache_prompt": False, "seed": self._seed}
        return replace(route, options={**route.options, "extra_body": body})


class Recorder(Minds):
    """Composes as the program does, lets the layout change it, and keeps what came of it."""

    def __init__(self, agents: Agents, model: Agent, compose: Compose, into: Conversation) -> None:
        super().__init__(agents)
        self._model, self._compose, self._into = model, compose, into

    def agent(self, seat: Seat) -> Agent:
        del seat
        return self

    def request(self, room: RoomState, seat: Seat, planned: Planned) -> Request:
        request = self._compose(super().request(room, seat, planned), room, seat, planned)
        whole = "\n".join(message.content for message in request.messages)
        remarks = self._into.remarks.values()
        told = sum(remark in whole for remark in remarks)
        self._into.turns.append(Turn(seat.name, request, heard=len(remarks), told=told))
        return request

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        async with aclosing(self._model.stream(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    self._into.turns[-1].raw += piece
                yield piece


class Watcher(Outlet):
    """Keeps what is posted in each turn, greetings aside; `closed` is set when the room is over."""

    def __init__(self, into: Conversation, member: Callable[[int], None]) -> None:
        super().__init__(self._posted)
        self._into, self._member, self.closed = into, member, asyncio.Event()

    async def post(self, seat: Seat, text: str, pings: Collection[Member] = ()) -> tuple[int, ...]:
        if self._into.turns:
            self._into.turns[-1].text = text
        return await super().post(seat, text, pings)

    async def _posted(self, count: int) -> None:
        del count
        self._member(len(self._into.turns))

    async def show(self, event: Event, room: RoomState) -> None:
        del room
        if isinstance(event.what, Closed):
            self.closed.set()


async def conversation(
    local: LocalModel, layout: Layout, scene: Scene, mode: Mode, cast: Sequence[Persona], turns: int
) -> Conversation:
    """One room from its opening to its end, without the orchestrator; the same every time, as far as llama.cpp is."""
    into = Conversation(scene.topic, mode)

    def member(count: int) -> None:
        """What is said while an agent's words are being posted is heard right after them."""
        place = count // EVERY - 1
        if count % EVERY == 0 and 0 <= place < len(scene.remarks):
            into.remarks[count] = scene.remarks[place]
            house.hear(PLACE.channel, Heard(source=count, member=HOST, text=scene.remarks[place]))

    watcher, seeded = Watcher(into, member), Seeded(local, layout.sampling, f"{scene.topic} {mode}")
    config = RoomConfig(topic=scene.topic, mode=mode, turns=turns, pace=0, orchestrator_every=0)
    async with Agents(Models(default=LOCAL)) as agents:
        minds = Recorder(agents, SmallAgent(LiteLLMAgent(seeded.route)), layout.compose, into)
        async with House(RamStore(), RamStore(), lambda *_: watcher, minds, SystemClock()) as house:
            await house.open(PLACE, config, cast, read_library().moderator, HOST)
            await watcher.closed.wait()
    return into
