"""What becomes of rooms whose channel or server is lost."""

import asyncio
from collections.abc import Callable

from rooms_bot.domain.events import Event
from rooms_bot.domain.state import RoomState
from rooms_bot.errors import OutletGone
from tests.engine.conftest import CHANNEL, Stage
from tests.engine.fakes import Page, saying

LOCKED = "the thread is locked"


class Losing(Page):
    """A channel that is lost while people are told of a wait: the gateway says so first, then the notice is refused."""

    def __init__(self, lose: Callable[[], object]) -> None:
        super().__init__()
        self._lose = lose

    async def show(self, event: Event, room: RoomState) -> int | None:
        if event.what.kind != "waiting":
            return await super().show(event, room)
        self._lose()
        while room.closed is None:  # noqa: ASYNC110 - nothing tells when the room has taken it in
            await asyncio.sleep(0)
        raise OutletGone("the bot may not post there any more")


async def test_a_channel_that_is_lost_in_the_middle_of_a_notice_is_told_of_once(stage: Stage) -> None:
    stage.pages[CHANNEL] = Losing(lambda: stage.house.vanished(CHANNEL, LOCKED))
    _, page = await stage.open({"Ada": saying("a")}, turns=3, human_every=1)
    end = (await page.told("closed")).what
    assert end.kind == "closed"
    assert end.because == LOCKED
    await stage.clock.until_asleep(15 * 60)
    assert [event.what.kind for event in page.notices].count("closed") == 1


async def test_a_room_that_has_lost_its_channel_still_says_its_last_word(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a")}, turns=3, human_every=1)
    await page.told("waiting")
    stage.house.vanished(CHANNEL, LOCKED)
    end = (await page.told("closed")).what
    assert end.kind == "closed"
    assert (end.reason, end.because) == ("gone", LOCKED)
    assert end.kept_until is not None


async def test_a_lost_server_takes_its_rooms_along_and_no_others(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, human_every=1)
    await page.told("waiting")
    guild = room.state.opened.place.guild
    stage.house.left(guild + 1, "the bot was removed from the server")
    stage.house.left(guild, "the bot was removed from the server")
    assert (await page.told("closed")).what.kind == "closed"
    assert room.state.closed is not None
    assert room.state.closed.because == "the bot was removed from the server"
