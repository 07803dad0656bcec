"""A house with a channel that remembers, and agents that are functions."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from rooms_bot.domain.events import Event, Happening, Heard
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.ports import Agent
from rooms_bot.store.ram import RamStore
from tests.engine.fakes import Cast, Page, TurnedClock

CHANNEL = 77
THEO = Member(id=1, name="Theo")
SAM = Member(id=2, name="Sam")
MODERATOR = Persona(name="Moderator")
_sources = itertools.count(500)


def heard(text: str, member: Member = THEO, reply_to: int | None = None, source: int | None = None) -> Heard:
    return Heard(source=next(_sources) if source is None else source, member=member, text=text, reply_to=reply_to)


class Memory(RamStore):
    """The memory of ephemeral rooms, which tells when it has forgotten one."""

    def __init__(self) -> None:
        super().__init__()
        self.forgot = asyncio.Event()

    async def forget(self, room: int) -> None:
        await super().forget(room)
        self.forgot.set()


class Stage:
    """A house to open rooms in, with what a test wants to look at."""

    def __init__(self, house: House, store: RamStore, memory: Memory, clock: TurnedClock, cast: Cast) -> None:
        self.house, self.store, self.memory, self.clock, self.cast = house, store, memory, clock, cast
        self.pages: dict[int, Page] = {}

    async def open(
        self,
        agents: Mapping[str, Agent],
        channel: int = CHANNEL,
        cards: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
        **config: Any,
    ) -> tuple[Room, Page]:
        """A room with these agents at pace 0, round robin, no orchestrator, unless told otherwise.

        `cards` are fields of their personas, by name.
        """
        self.cast.agents.update(agents)
        rules = RoomConfig.model_validate(
            {"topic": "forms", "mode": "round_robin", "orchestrator_every": 0, "pace": 0} | config
        )
        personas = [Persona(name=name, **cards.get(name, {})) for name in agents if name != "Moderator"]
        place = Place(guild=9, channel=channel, parent=channel)
        room = await self.house.open(place, rules, personas, MODERATOR, THEO)
        return room, self.pages[channel]

    async def forgotten(self) -> None:
        """Wait until a room has been forgotten; its task ends right after."""
        async with asyncio.timeout(5):
            await self.memory.forgot.wait()

    def hear(self, text: str, member: Member = THEO, **more: Any) -> bool:
        return self.house.hear(CHANNEL, heard(text, member, **more))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    clock, cast, store, memory = TurnedClock(), Cast({}), RamStore(), Memory()
    pages: dict[int, Page] = {}

    def outlet(place: Place, number: int) -> Page:
        del number
        return pages.setdefault(place.channel, Page(clock.now))

    async with House(store, memory, outlet, cast, clock) as house:
        made = Stage(house, store, memory, clock, cast)
        made.pages = pages
        yield made


def kinds(events: list[Event]) -> list[str]:
    return [event.what.kind for event in events]


async def all_events(room: Room) -> list[Event]:
    return [event async for event in room.events()]


def posted(state: RoomState) -> list[str]:
    return [f"{line.name}: {line.text}" for line in state.lines]


def nothing(room: RoomState) -> Sequence[Happening]:
    """A command that changes nothing: when it is done, so is all that came before."""
    del room
    return ()
