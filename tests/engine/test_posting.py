"""While an answer is being posted the room listens on; and what was left half said is taken back."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from rooms_bot.domain.events import Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.engine import commands as ask
from rooms_bot.engine import seating
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.ports import Request, RoomRecord
from rooms_bot.store.ram import RamStore
from tests.engine.conftest import CHANNEL, SAM, THEO, Stage, all_events, kinds, nothing
from tests.engine.fakes import Page, names, saying


class Slow:
    """An agent that begins to speak, and goes on once it is released."""

    def __init__(self) -> None:
        self.begun, self.release = asyncio.Event(), asyncio.Event()

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        yield "First this. "
        self.begun.set()
        await self.release.wait()
        yield "Then that."


class Gate:
    """Holds back posts until it is opened."""

    def __init__(self, page: Page) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        page.gate = self._pass

    async def _pass(self) -> None:
        self.reached.set()
        await self.opened.wait()


async def test_while_a_post_waits_the_room_is_stopped_at_once_and_says_so_once_it_is_settled(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=5)
    gate = Gate(page)
    await gate.reached.wait()
    await room.do(ask.stop(THEO))
    assert room.over
    assert "closed" not in kinds(page.notices)
    gate.opened.set()
    await page.told("closed")
    assert page.taken_back == page.post_ids
    assert (room.state.lines, "said" in kinds(await all_events(room))) == ([], False)


@pytest.mark.parametrize("act", [ask.skip(THEO), seating.remove("Ada", THEO)])
async def test_who_is_skipped_or_removed_while_their_post_waits_has_not_spoken(stage: Stage, act: ask.Command) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, turns=2)
    gate = Gate(page)
    await gate.reached.wait()
    await room.do(act)
    gate.opened.set()
    assert names(await page.next(2))[:2] == ["Ada", "Bob"]
    await room.do(nothing)
    assert page.taken_back == page.post_ids[:1]
    assert all(line.name == "Bob" for line in room.state.lines)


@pytest.mark.parametrize(
    "act",
    [
        ask.pause(THEO),
        seating.mute("Ada", True, THEO),
        seating.configure_seat("Ada", THEO, persona=Persona(name="Eve")),
        nothing,
    ],
)
async def test_anything_else_lets_it_stand(stage: Stage, act: ask.Command) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    gate = Gate(page)
    await gate.reached.wait()
    await room.do(act)
    gate.opened.set()
    assert await page.next(1) == ["Ada: a"]
    while not room.state.lines:
        await room.do(nothing)
    assert (page.taken_back, [line.text for line in room.state.lines]) == ([], ["a"])


async def test_what_a_person_says_while_a_post_waits_is_answered_after_it(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a", "to you")}, agents_answer="people", turns=5)
    await page.told("waiting")
    gate = Gate(page)
    stage.hear("hello")
    await gate.reached.wait()
    stage.hear("and what of rye?", SAM)
    await room.do(nothing)
    gate.opened.set()
    assert await page.next(2) == ["Ada: a", "Ada: to you"]
    assert [line.text for line in room.state.lines][:3] == ["hello", "and what of rye?", "a"]


async def test_next_is_not_lost_while_a_post_waits(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, agents_answer="people", turns=5)
    await page.told("waiting")
    gate = Gate(page)
    stage.hear("hello")
    await gate.reached.wait()
    await room.do(ask.hurry(THEO))
    gate.opened.set()
    assert names(await page.next(2)) == ["Ada", "Bob"]


async def test_what_is_deleted_before_it_is_all_posted_is_struck(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    gate = Gate(page)
    await gate.reached.wait()
    stage.house.deleted(77, page.coming)
    await room.do(nothing)
    gate.opened.set()
    await page.told("closed")
    assert [(line.name, line.text) for line in room.state.lines] == [("Ada", "")]


@pytest.mark.parametrize("act", [ask.stop(THEO), seating.remove("Ada", THEO)])
async def test_a_greeting_that_is_not_wanted_any_more_is_taken_back(stage: Stage, act: ask.Command) -> None:
    page = stage.pages[CHANNEL] = Page()
    gate = Gate(page)
    room, _ = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, cards={"Ada": {"greeting": "Hello."}})
    await gate.reached.wait()
    await room.do(act)
    gate.opened.set()
    assert await page.next(1) == ["Ada: Hello."]
    await room.do(nothing)
    while not page.taken_back:
        await room.do(nothing)
    assert page.taken_back == page.post_ids[:1]
    assert "greeted" not in kinds(await all_events(room))


async def test_a_lost_channel_marks_what_was_begun(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow}, turns=2)
    page.streams = True
    await slow.begun.wait()
    await room.do(nothing)
    page.gone = True
    slow.release.set()
    while not room.over:
        await room.do(nothing)
    (line,) = room.state.lines
    assert line.text.endswith("(cut off)")
    assert kinds(await all_events(room))[-2:] == ["failed", "closed"]


# After a crash


async def test_what_a_crash_left_half_said_is_taken_back_before_anything_else(stage: Stage) -> None:
    slow = Slow()
    room, page = await stage.open({"Ada": slow}, turns=1, memory="durable")
    page.streams = True
    await slow.begun.wait()
    await room.do(nothing)
    left = await all_events(room)
    assert kinds(left)[-1] == "posting"
    stands = room.state.standing
    slow.release.set()
    await page.told("closed")
    store, again = RamStore(), Page()
    number = await store.open_room(record_of(room))
    await store.append(number, left)
    stage.cast.agents["Ada"] = saying("It is baked.")
    async with House(store, RamStore(), lambda *_: again, stage.cast, stage.clock) as house:
        gate = Gate(again)
        await house.wake()
        await gate.reached.wait()
        assert again.taken_back == list(stands)
        gate.opened.set()
        assert await again.next(1) == ["Ada: It is baked."]


def record_of(room: Room) -> RoomRecord:
    state = room.state
    return RoomRecord(
        id=0,
        place=state.opened.place,
        config=state.config,
        moderator=state.moderator,
        seats=tuple(state.seats.values()),
        opened_by=state.opened.by,
        opened_at=state.opened_at,
    )


# Thoughts, and what is kept free


async def test_who_thought_aloud_without_marking_it_is_shown_whole_from_then_on(stage: Stage) -> None:
    ada = saying("So I speak.</think>\n\nOne.", "Two.")
    _, page = await stage.open({"Ada": ada, "Bob": saying("b")}, turns=4)
    page.streams = True
    assert names(await page.next(4)) == ["Ada", "Bob", "Ada", "Bob"]
    assert page.drafts == ["So I speak.</think>\n\nOne.", "b", "b"]


async def test_what_people_wait_for_may_use_what_is_kept_free(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a")}, agents_answer="people")
    await page.told("waiting")
    page.wait, page.scarce = 60, True
    stage.hear("@Ada?")
    assert await page.next(1) == ["Ada: a"]
