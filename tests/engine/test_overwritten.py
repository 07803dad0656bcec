"""What is edited, deleted or forgotten is overwritten where it was kept, and so is all that was made of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rooms_bot.domain.events import Compacted, Event, Recalled
from rooms_bot.domain.rooms import Member, Memory, Place
from rooms_bot.domain.talk import BURST
from rooms_bot.engine import commands as ask
from rooms_bot.engine.house import House
from rooms_bot.engine.retention import Retention
from rooms_bot.engine.room import Room
from rooms_bot.export.files import Format, export
from rooms_bot.store.sql import SqlStore
from tests.engine.conftest import CHANNEL, Stage, all_events, heard, nothing
from tests.engine.conftest import Memory as Remembering
from tests.engine.fakes import Cast, Page, TurnedClock, saying

GUILD, MINE = 9, 400
SAM = Member(id=20_001, name="Zebulon", background="breeds okapis")
KIM = Member(id=20_002, name="Kim")


class Kept(Stage):
    """A stage over a database in a folder."""

    folder: Path

    async def all_of(self, room: Room) -> str:
        """Everything that is kept: the room's events, each file of the folder, and what exports are made of them."""
        await room.do(nothing)
        events = await all_events(room)
        texts = [event.model_dump_json() for event in events]
        texts += [file.read_bytes().decode("latin-1") for file in self.folder.iterdir() if file.is_file()]
        texts += [b"".join(export(form, events)).decode() for form in Format]
        return "\n".join(texts)

    async def holds(self, room: Room, *words: str) -> list[str]:
        """Which of these are kept anywhere."""
        everything = await self.all_of(room)
        return [word for word in words if word in everything]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Kept]:
    clock, cast, memory, pages = TurnedClock(), Cast({}), Remembering(), dict[int, Page]()

    def outlet(place: Place, number: int) -> Page:
        del number
        return pages.setdefault(place.channel, Page(clock.now))

    async with (
        SqlStore.open(f"sqlite+aiosqlite:///{tmp_path / 'rooms.sqlite'}", clock.now) as store,
        House(store, memory, outlet, cast, clock) as house,
    ):
        made = Kept(house, store, memory, clock, cast)  # type: ignore[arg-type] # a store is a store
        made.pages, made.folder = pages, tmp_path
        yield made


@asynccontextmanager
async def spoken(stage: Kept, memory: Memory) -> AsyncIterator[Room]:
    """A room in which Sam said something that an agent thought about, that was summed up, and that Kim answered."""
    answer = saying("<think>Zebulon wants a syzygy.</think>Bread.", "Salt.")
    room, page = await stage.open({"Ada": answer}, memory=memory, agents_answer="people")
    stage.house.hear(CHANNEL, heard("my quincunx", SAM, source=MINE).model_copy(update={"files": 1}))
    stage.house.attached(CHANNEL, MINE, "xylograph.txt", "a pangolin")
    await room.do(nothing)
    stage.clock.advance(BURST.total_seconds())
    await page.next(1)
    stage.cast.due_lines = 1
    stage.hear("my marzipan", KIM)
    await page.next(1)
    await summed_up(room)
    yield room


async def summed_up(room: Room) -> None:
    """The first line has been."""
    for _ in range(100):
        await room.do(nothing)
        if any(isinstance(event.what, Compacted) for event in await all_events(room)):
            return
    raise AssertionError("nothing was summed up")


def last(events: list[Event], kind: str) -> Event:
    return [event for event in events if event.what.kind == kind][-1]


@pytest.mark.parametrize("memory", Memory)
async def test_an_edit_overwrites_what_was_said_and_what_was_made_of_it(stage: Kept, memory: Memory) -> None:
    async with spoken(stage, memory) as room:
        assert await stage.holds(room, "digest of", "quincunx", "pangolin") == ["digest of", "quincunx", "pangolin"]
        stage.house.edited(CHANNEL, MINE, "my zugzwang")
        stage.cast.due_lines = 0
        assert await stage.holds(room, "quincunx", "digest of") == []
        stage.house.edited(CHANNEL, MINE, "my kerfuffle")
        assert await stage.holds(room, "quincunx", "zugzwang") == []
        assert await stage.holds(room, "kerfuffle", "marzipan") == ["kerfuffle", "marzipan"]
        assert last(await all_events(room), "edited").what.kind == "edited"


@pytest.mark.parametrize("memory", Memory)
async def test_a_deletion_overwrites_it_with_its_edits_and_files(stage: Kept, memory: Memory) -> None:
    async with spoken(stage, memory) as room:
        stage.cast.due_lines = 0
        stage.house.edited(CHANNEL, MINE, "my zugzwang")
        stage.house.deleted(CHANNEL, MINE)
        assert await stage.holds(room, "quincunx", "zugzwang", "pangolin", "digest of") == []
        assert await stage.holds(room, "marzipan") == ["marzipan"]
        assert last(await all_events(room), "deleted").what.kind == "deleted"


@pytest.mark.parametrize("memory", Memory)
async def test_of_who_is_forgotten_nothing_is_left_and_of_others_everything(stage: Kept, memory: Memory) -> None:
    gone = ("quincunx", "zugzwang", "pangolin", "xylograph", "digest of", "syzygy", "Zebulon", "okapis")
    async with spoken(stage, memory) as room:
        stage.cast.due_lines = 0
        again = Recalled(name=SAM.name, text="my syzygy", posts=(399,), member=SAM)
        await room.do(lambda _: (again,))
        stage.house.edited(CHANNEL, MINE, "my zugzwang")
        await stage.house.forget_member(GUILD, SAM.id)
        assert await stage.holds(room, *gone) == []
        assert await stage.holds(room, "marzipan", "Kim", "Bread.") == ["marzipan", "Kim", "Bread."]
        assert last(await all_events(room), "forgotten").what.kind == "forgotten"


async def test_of_a_durable_room_that_is_over_and_in_the_database_alone_too(stage: Kept) -> None:
    async with spoken(stage, Memory.DURABLE) as room:
        stage.cast.due_lines = 0
        await room.do(ask.stop(KIM))
        await stage.clock.until_asleep(15 * 60)
        stage.clock.advance(15 * 60)
        await room.gone.wait()
        await stage.house.forget_member(GUILD, SAM.id)
        found = await stage.house.find(room.id)
        events = [event async for event in found.events()]
    everything = "\n".join(event.model_dump_json() for event in events)
    files = "\n".join(file.read_bytes().decode("latin-1") for file in stage.folder.iterdir() if file.is_file())
    for gone in ("quincunx", "pangolin", "xylograph", "digest of", "syzygy", "Zebulon", "okapis"):
        assert gone not in everything
        assert gone not in files
    assert "marzipan" in everything


@pytest.mark.parametrize("memory", Memory)
async def test_what_is_too_old_leaves_the_file_and_its_log(stage: Kept, memory: Memory) -> None:
    async with (
        spoken(stage, memory) as room,
        Retention(stage.house, stage.store, stage.clock, 1) as retention,
    ):
        stage.cast.due_lines = 0
        await retention.look()
        assert await stage.holds(room, "quincunx", "syzygy") == ["quincunx", "syzygy"]
        stage.clock.advance(23 * 3600)
        stage.hear("my kerfuffle", KIM)
        await stage.pages[CHANNEL].next(1)
        stage.clock.advance(2 * 3600)
        await retention.look()
        gone = ("quincunx", "pangolin", "marzipan", "digest of", "Bread.")
        assert await stage.holds(room, *gone) == []
        assert await stage.holds(room, "kerfuffle", "expired") == ["kerfuffle", "expired"]


async def test_thoughts_that_are_too_old_are_in_no_file(stage: Kept) -> None:
    async with spoken(stage, Memory.DURABLE) as room, Retention(stage.house, stage.store, stage.clock, 1) as retention:
        stage.clock.advance(23 * 3600)
        stage.hear("my kerfuffle", KIM)
        await stage.pages[CHANNEL].next(1)
        stage.clock.advance(2 * 3600)
        await retention.look()
        assert await stage.holds(room, "syzygy") == []
