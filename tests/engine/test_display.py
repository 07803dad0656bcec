"""The panel is brought up to date after changes, but not all the time, and shows how it ended."""

import asyncio

from rooms_bot.domain.state import RoomState
from rooms_bot.engine import commands
from rooms_bot.engine.display import EVERY
from tests.engine.conftest import THEO, Stage, nothing
from tests.engine.fakes import Page, saying


class Panel(Page):
    """A page whose panel remembers what it showed; `busy` refuses an edit so often."""

    def __init__(self) -> None:
        super().__init__()
        self.showed: list[tuple[str, str]] = []
        self.busy = 0
        self.edited = asyncio.Condition()

    async def refresh(self, room: RoomState) -> bool:
        async with self.edited:
            if self.busy:
                self.busy -= 1
                self.edited.notify_all()
                return False
            self.showed.append((room.phase, room.config.topic))
            self.edited.notify_all()
        return True

    async def until_shown(self, count: int) -> None:
        async with self.edited, asyncio.timeout(5):
            await self.edited.wait_for(lambda: len(self.showed) >= count)

    async def until_free(self) -> None:
        async with self.edited, asyncio.timeout(5):
            await self.edited.wait_for(lambda: not self.busy)


def panel_in(stage: Stage, channel: int) -> Panel:
    made = Panel()
    stage.pages[channel] = made
    return made


async def test_many_changes_are_one_edit_in_fifteen_seconds(stage: Stage) -> None:
    panel = panel_in(stage, 77)
    room, _ = await stage.open({"Ada": saying("crumb")}, human_every=1)
    await panel.until_shown(1)
    for topic in ("rye", "spelt", "oats"):
        await room.do(commands.configure(THEO, topic=topic))
    await room.do(nothing)
    assert len(panel.showed) == 1
    await stage.clock.until_asleep(EVERY)
    stage.clock.advance(EVERY)
    await panel.until_shown(2)
    assert panel.showed[-1] == ("live", "oats")


async def test_a_change_is_shown_at_once_where_the_last_edit_is_old_enough(stage: Stage) -> None:
    panel = panel_in(stage, 77)
    room, _ = await stage.open({"Ada": saying("crumb")}, human_every=1)
    await panel.until_shown(1)
    await room.do(commands.pause(THEO))
    await stage.clock.until_asleep(EVERY)
    stage.clock.advance(EVERY)
    await panel.until_shown(2)
    stage.clock.advance(EVERY)
    await room.do(commands.stop(THEO))
    await panel.until_shown(3)
    assert [phase for phase, _ in panel.showed[1:]] == ["paused", "closed"]


async def test_what_somebody_else_edits_is_the_edit_of_these_fifteen_seconds(stage: Stage) -> None:
    panel = panel_in(stage, 77)
    room, _ = await stage.open({"Ada": saying("crumb")}, human_every=1)
    await panel.until_shown(1)
    stage.clock.advance(EVERY)
    room.claim_panel()
    await room.do(commands.pause(THEO))
    await stage.clock.until_asleep(EVERY)
    assert len(panel.showed) == 1
    stage.clock.advance(EVERY)
    await panel.until_shown(2)


async def test_an_edit_that_had_to_wait_is_made_later(stage: Stage) -> None:
    panel = panel_in(stage, 77)
    panel.busy = 1
    await stage.open({"Ada": saying("crumb")}, human_every=1)
    await panel.until_free()
    assert panel.showed == []
    await stage.clock.until_asleep(EVERY)
    stage.clock.advance(EVERY)
    await panel.until_shown(1)


async def test_the_end_is_shown_also_where_nothing_is_kept_beyond_it(stage: Stage) -> None:
    panel = panel_in(stage, 77)
    room, _ = await stage.open({"Ada": saying("crumb")}, human_every=1)
    await panel.until_shown(1)
    await room.do(commands.stop(THEO))
    await room.do(commands.discard(THEO))
    await panel.until_shown(2)
    assert panel.showed[-1][0] == "closed"
