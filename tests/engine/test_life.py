"""A room from its opening to its end, and what survives a fault."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rooms_bot.domain.events import Event, now_ms
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Memory, Place, RoomConfig, Seat
from rooms_bot.engine import commands as ask
from rooms_bot.engine.house import House
from rooms_bot.errors import Refused
from rooms_bot.ports import RoomRecord
from rooms_bot.store.failures import StoreFailed
from rooms_bot.store.ram import RamStore
from tests.engine.conftest import CHANNEL, MODERATOR, SAM, THEO, Stage, all_events, kinds
from tests.engine.fakes import Cast, Crashing, Held, Page, TurnedClock, names, saying

PLACE = Place(guild=9, channel=CHANNEL, parent=CHANNEL)


async def test_of_two_who_start_at_the_same_moment_one_gets_a_room_and_one_an_answer(stage: Stage) -> None:
    rules = RoomConfig(topic="forms", turns=1)
    results = await asyncio.gather(
        *(stage.house.open(PLACE, rules, [Persona(name="Ada")], MODERATOR, who) for who in (THEO, SAM)),
        return_exceptions=True,
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1
    assert "open here already" in str(refused[0])
    assert len(stage.house.rooms()) == 1


async def test_after_the_end_the_channel_takes_another_room(stage: Stage) -> None:
    _, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    second, _ = await stage.open({"Bob": saying("b")}, turns=2)
    assert stage.house.room(CHANNEL) is second


async def test_continue_gives_as_many_turns_again(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a"), "Bob": saying("b")}, turns=3)
    await page.told("closed")
    await stage.house.extend(room, THEO)
    await page.told("closed", 2)
    assert names(page.posts) == ["Ada", "Bob", "Ada", "Bob", "Ada", "Bob"]


async def test_continue_is_refused_where_another_room_is_open_now(stage: Stage) -> None:
    first, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    await stage.open({"Bob": saying("PASS")})
    with pytest.raises(Refused, match="Another room"):
        await stage.house.extend(first, THEO)


async def test_what_was_said_is_forgotten_a_quarter_of_an_hour_after_the_end(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    assert len(await all_events(room)) > 3
    await stage.clock.until_asleep(15 * 60)
    stage.clock.advance(15 * 60)
    await stage.forgotten()
    assert await all_events(room) == []
    with pytest.raises(Refused, match="no longer kept"):
        await stage.house.find(room.id)


async def test_discard_forgets_at_once(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("a")}, turns=1)
    await page.told("closed")
    await room.do(ask.discard(THEO))
    await stage.forgotten()
    assert await all_events(room) == []


async def test_stop_drops_the_thought_and_ends_the_room(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held})
    await held.started.wait()
    await room.do(ask.stop(THEO))
    closed = (await page.told("closed")).what
    assert closed.kind == "closed"
    assert closed.reason == "stopped"
    assert closed.kept_until is not None
    assert held.dropped == 1
    assert page.posts == []


async def test_pause_drops_the_thought_and_resume_takes_the_turn_again(stage: Stage) -> None:
    held = Held("said after all")
    room, page = await stage.open({"Ada": held}, turns=1)
    await held.started.wait()
    await room.do(ask.pause(THEO))
    await page.told("paused")
    held.release.set()
    await room.do(ask.resume(THEO))
    assert await page.next(1) == ["Ada: said after all"]


async def test_a_pause_does_not_move_the_place_in_the_order(stage: Stage) -> None:
    held = Held("b")
    room, page = await stage.open({"Ada": saying("a"), "Bob": held, "Cy": saying("c")}, turns=3)
    await held.started.wait()
    await room.do(ask.pause(THEO))
    held.release.set()
    await room.do(ask.resume(THEO))
    assert names(await page.next(3)) == ["Ada", "Bob", "Cy"]


async def test_a_question_that_the_end_leaves_open_is_named(stage: Stage) -> None:
    held = Held()
    _, page = await stage.open({"Ada": held, "Bob": saying("b")}, turns=1)
    held.release.set()
    stage.hear("@Ada first")
    stage.hear("@Bob and the cost?", SAM)
    closed = (await page.told("closed")).what
    assert closed.kind == "closed"
    assert closed.unserved == ("Sam",)


async def test_a_fault_of_ours_costs_the_turn_and_not_the_room_nor_another(stage: Stage) -> None:
    _, other = await stage.open({"Cy": saying("PASS")}, channel=78)
    await other.told("waiting")
    _, page = await stage.open({"Ada": Crashing(), "Bob": saying("b")}, turns=3)
    await stage.clock.until_asleep(2)
    stage.clock.advance(2)
    await page.told("closed")
    assert page.posts == ["Bob: b", "Ada: well again"]
    failed = (await page.told("failed")).what
    assert failed.kind == "failed"
    assert stage.house.room(78).state.waiting is not None


async def test_a_room_whose_channel_is_gone_ends(stage: Stage) -> None:
    held = Held()
    room, page = await stage.open({"Ada": held})
    await held.started.wait()
    page.gone = True
    held.release.set()
    await stage.clock.until_asleep(15 * 60)
    assert room.state.closed is not None
    assert (room.state.closed.reason, room.state.closed.because) == ("gone", "the channel is gone")
    stage.clock.advance(15 * 60)
    await stage.forgotten()


async def test_at_the_end_of_the_program_thoughts_are_dropped_and_a_running_post_is_finished() -> None:
    clock, store, held, writing = TurnedClock(), RamStore(), Held(), asyncio.Event()
    pages = {CHANNEL: Page(), 78: Page()}
    cast = Cast({"Ada": held, "Bob": saying("b")})
    finish = asyncio.Event()

    async def slowly() -> None:
        writing.set()
        await finish.wait()

    pages[78].gate = slowly
    async with House(store, store, lambda place, _: pages[place.channel], cast, clock) as house:
        rules = RoomConfig(topic="forms", turns=3, orchestrator_every=0)
        await house.open(PLACE, rules, [Persona(name="Ada")], MODERATOR, THEO)
        second = await house.open(Place(guild=9, channel=78, parent=78), rules, [Persona(name="Bob")], MODERATOR, THEO)
        await held.started.wait()
        await writing.wait()
        asyncio.get_running_loop().call_soon(finish.set)
    assert held.dropped == 1
    assert pages[78].posts == ["Bob: b"]
    assert second.state.lines[-1].text == "b"


async def test_a_durable_room_goes_on_after_a_restart(stage: Stage) -> None:
    store, page = RamStore(), Page()
    stage.cast.agents.update({"Ada": saying("a"), "Bob": saying("b")})
    rules = RoomConfig.model_validate(
        {"topic": "forms", "memory": "durable", "human_every": 1, "mode": "round_robin", "orchestrator_every": 0}
    )
    async with House(store, RamStore(), lambda _, __: page, stage.cast, stage.clock) as house:
        await house.open(PLACE, rules, [Persona(name="Ada"), Persona(name="Bob")], MODERATOR, THEO)
        await page.told("waiting")
    async with House(store, RamStore(), lambda _, __: page, stage.cast, stage.clock) as house:
        await house.wake()
        await house.wake()
        room = house.room(CHANNEL)
        assert [line.text for line in room.state.lines] == ["a"]
        await room.do(ask.go_on(SAM))
        await page.told("waiting", 2)
        assert names(page.posts) == ["Ada", "Bob"]
        assert kinds(await all_events(room)).count("opened") == 1


async def test_a_room_takes_between_one_and_twelve_agents(stage: Stage) -> None:
    for count in (0, 13):
        with pytest.raises(Refused, match="between one and 12"):
            await stage.house.open(
                PLACE, RoomConfig(topic="forms"), [Persona(name=f"A{n}") for n in range(count)], MODERATOR, THEO
            )


async def test_a_room_that_was_cut_off_while_it_was_opened_does_not_keep_others_asleep(stage: Stage) -> None:
    store, pages = RamStore(), {CHANNEL: Page(), 78: Page()}
    rules = RoomConfig.model_validate({"topic": "forms", "memory": "durable", "orchestrator_every": 0})
    moderator = Seat(id=0, name="Moderator", persona=MODERATOR)
    cut_off = RoomRecord(
        id=0, place=PLACE, config=rules, moderator=moderator, seats=(), opened_by=THEO, opened_at=now_ms(1.0)
    )
    await store.open_room(cut_off)
    other = Place(guild=9, channel=78, parent=78)
    async with House(store, RamStore(), lambda place, _: pages[place.channel], stage.cast, stage.clock) as house:
        await house.open(other, rules, [Persona(name="Ada")], MODERATOR, THEO)
        await pages[78].told("waiting")
    async with House(store, RamStore(), lambda place, _: pages[place.channel], stage.cast, stage.clock) as house:
        await house.wake()
        assert not house.room(78).over
        await pages[CHANNEL].told("closed")
    assert [record.place.channel for record in await store.open_rooms()] == [78]


class Stubborn(RamStore):
    """A store that fails at the first attempt to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.forgot = 1, asyncio.Event()

    async def forget(self, room: int) -> None:
        self.left -= 1
        if self.left >= 0:
            raise StoreFailed("the disk is full")
        await super().forget(room)
        self.forgot.set()


async def test_a_room_that_cannot_be_forgotten_yet_reaches_no_other_and_is_forgotten_later(stage: Stage) -> None:
    memory, pages = Stubborn(), {CHANNEL: Page(), 78: Page()}
    stage.cast.agents["Ada"] = saying("a")
    async with House(RamStore(), memory, lambda place, _: pages[place.channel], stage.cast, stage.clock) as house:
        rules = RoomConfig(topic="forms", turns=1, orchestrator_every=0)
        room = await house.open(PLACE, rules, [Persona(name="Ada")], MODERATOR, THEO)
        quiet = await house.open(Place(guild=9, channel=78, parent=78), rules, [Persona(name="Bob")], MODERATOR, THEO)
        await pages[CHANNEL].told("closed")
        await room.do(ask.discard(THEO))
        await stage.clock.until_asleep(2)
        stage.clock.advance(2)
        async with asyncio.timeout(5):
            await memory.forgot.wait()
        assert quiet.listens


class Slow(RamStore):
    """A database that takes its time over what an early start asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.answer, self.awake = asyncio.Event(), asyncio.Event(), False

    async def events(self, room: int, after: int = -1) -> AsyncIterator[Event]:
        if self.awake:
            self.begun.set()
            await self.answer.wait()
        async for event in super().events(room, after):
            yield event


async def test_no_room_is_woken_once_the_house_is_ending_and_it_is_after_the_next_start(stage: Stage) -> None:
    store, ada = Slow(), saying("a")
    stage.cast.agents["Ada"] = ada
    async with House(store, RamStore(), lambda *_: Page(), stage.cast, stage.clock) as house:
        rules = RoomConfig(topic="forms", memory=Memory.DURABLE, human_every=1)
        await house.open(PLACE, rules, [Persona(name="Ada")], MODERATOR, THEO)
    store.awake = True
    async with asyncio.TaskGroup() as tasks:
        async with House(store, RamStore(), lambda *_: Page(), stage.cast, stage.clock) as house:
            tasks.create_task(house.wake())
            await store.begun.wait()
            asyncio.get_running_loop().call_soon(store.answer.set)
        assert house.rooms() == []
        await house.wake()
        assert house.rooms() == []
        with pytest.raises(Refused, match="about to restart"):
            await house.open(PLACE, RoomConfig(topic="forms"), [Persona(name="Ada")], MODERATOR, THEO)
    async with House(store, RamStore(), lambda *_: Page(), stage.cast, stage.clock) as house:
        await house.wake()
        assert len(house.rooms()) == 1
