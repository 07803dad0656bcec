"""The conversation lasts as long as the program, and becomes files that spare others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from rooms_bot.domain.events import Event
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Place, RoomConfig
from rooms_bot.engine.chronicle import KEPT
from rooms_bot.engine.house import House
from rooms_bot.errors import Refused
from rooms_bot.export.files import Format
from rooms_bot.store.ram import RamStore
from rooms_bot.terminal.keeping import Kept, free_name, path, save
from tests.engine.fakes import Cast, Page, TurnedClock, saying
from tests.models.rooms import TestRoom, seat

THEO, PLACE = Member(id=1, name="Theo"), Place(guild=1, channel=1, parent=1)


class Watched(Kept):
    """Tells when it was asked to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def forget(self, room: int) -> None:
        await super().forget(room)
        self.asked.set()


async def test_long_after_its_end_a_room_can_still_be_saved_and_extended() -> None:
    kept, clock, page = Watched(), TurnedClock(), Page()
    async with House(RamStore(), kept, lambda *_: page, Cast({"Ada": saying("one", "two")}), clock) as house:
        config = RoomConfig(topic="Bread", turns=1, pace=0, orchestrator_every=0)
        room = await house.open(PLACE, config, [Persona(name="Ada")], Persona(name="Moderator"), THEO)
        await page.told("closed")
        await clock.until_asleep(KEPT.total_seconds())
        clock.advance((KEPT + timedelta(hours=1)).total_seconds())
        async with asyncio.timeout(5):
            await kept.asked.wait()
        assert "said" in [event.what.kind async for event in kept.events(room.id)]
        await house.extend(room, THEO)
        assert await page.next(2) == ["Ada: one", "Ada: two"]


async def _nothing() -> AsyncIterator[Event]:
    nothing: list[Event] = []
    for event in nothing:
        yield event


async def test_a_file_that_is_there_is_spared_unless_it_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "talk.md"
    file.write_text("precious")
    with pytest.raises(Refused, match=r"There is a file .*talk.md already; give another name."):
        await save(Format.JSON, file, _nothing)
    assert file.read_text() == "precious"
    await save(Format.JSON, file, _nothing, anew=False)
    assert file.read_text() != "precious"
    with pytest.raises(Refused, match="cannot be written"):
        await save(Format.JSON, tmp_path, _nothing, anew=False)


def test_a_name_is_made_of_the_topic_and_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    room = TestRoom(seat(1, "Ada")).state
    first = free_name(Format.CSV, room)
    first.write_text("")
    assert free_name(Format.CSV, room) == first.with_stem(f"{first.stem}-2")
    assert first.parent == tmp_path
    monkeypatch.setenv("HOME", str(tmp_path))
    assert path("~/a.md") == path("a.md") == tmp_path / "a.md"
