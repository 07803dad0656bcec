"""A crash at any point loses nothing and doubles nothing; a crash is what was kept and what stood at that moment."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from copy import copy
from dataclasses import dataclass

import pytest

from rooms_bot.domain.events import Event, Planned, Spoken, Usage
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Place, RoomConfig
from rooms_bot.engine import commands, seating
from rooms_bot.engine.house import House
from rooms_bot.engine.room import Room
from rooms_bot.errors import Refused
from rooms_bot.ports import Agent, Request, Uttered
from rooms_bot.store.failures import StoreFailed
from rooms_bot.store.ram import RamStore
from tests.engine.conftest import CHANNEL, MODERATOR, SAM, THEO, all_events, heard, kinds, nothing
from tests.engine.fakes import Cast, Crashing, Held, Page, TurnedClock, saying

PLACE = Place(guild=9, channel=CHANNEL, parent=CHANNEL)


class Kept(RamStore):
    """A store that tells when something has happened in its first room."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Condition()

    async def append(self, room: int, events: Sequence[Event]) -> None:
        await super().append(room, events)
        async with self._news:
            self._news.notify_all()

    async def happened(self, kind: str) -> None:
        async with self._news:
            await self._news.wait_for(lambda: kind in kinds(self._events.get(1, [])))


@dataclass
class World:
    """What outlives a process, and the agents, who do not care."""

    store: Kept
    page: Page
    cast: Cast
    clock: TurnedClock

    def now(self) -> "World":
        """The same as it is at this moment, untouched by what the process does after it."""
        store = Kept()
        store._events = {room: [*events] for room, events in self.store._events.items()}
        store._rooms = dict(self.store._rooms)
        page = copy(self.page)
        page.stands, page.posts, page.post_ids = dict(self.page.stands), [*self.page.posts], [*self.page.post_ids]
        page.notices, page.pings, page.taken_back = [*self.page.notices], [*self.page.pings], []
        page._news, page.gate, page.answer, page.reading = asyncio.Condition(), None, None, None
        return World(store, page, self.cast, self.clock)

    @asynccontextmanager
    async def process(self, memory: RamStore | None = None) -> AsyncIterator[House]:
        async with House(self.store, memory or RamStore(), lambda *_: self.page, self.cast, self.clock) as house:
            yield house

    async def open(self, house: House, **rules: object) -> Room:
        config = RoomConfig.model_validate(
            {"topic": "forms", "mode": "round_robin", "orchestrator_every": 0, "pace": 0, "memory": "durable"} | rules
        )
        return await house.open(PLACE, config, [Persona(name=name) for name in self.cast.agents], MODERATOR, THEO)


@pytest.fixture
def world() -> World:
    clock = TurnedClock()
    return World(Kept(), Page(clock.now), Cast({}), clock)


async def stopped(world: World, agents: dict[str, Agent], when: Callable[[], object], **rules: object) -> World:
    """What is left of a process that was killed once `when` was done."""
    world.cast.agents.update(agents)
    async with world.process() as house:
        room = await world.open(house, **rules)
        async with asyncio.timeout(5):
            reached = when()
            if asyncio.iscoroutine(reached):
                await reached
        left = world.now()
        for agent in agents.values():
            if isinstance(agent, Held):
                agent.release.set()
        for gate in (world.page.gate, world.page.answer):
            if isinstance(gate, Gate):
                gate.open.set()
        room.leave()
    return left


async def gone_on(left: World, turns: int) -> tuple[list[Event], list[str]]:
    """The events and what stands in the channel, once the room has taken so many turns."""
    async with left.process() as house:
        await house.wake()
        room = house.room(CHANNEL)
        await until(lambda: room.state.turns_taken >= turns and room.state.current is None, room)
        return await all_events(room), left.page.standing()


async def until(seen: Callable[[], bool], room: Room) -> None:
    """Once the room, as it goes on, has come to this."""
    async with asyncio.timeout(5):
        while not seen():
            with suppress(Refused):
                await room.do(nothing)
            await asyncio.sleep(0)


def turns(events: Sequence[Event]) -> list[int]:
    return [event.what.turn for event in events if isinstance(event.what, Planned)]


def posts(events: Sequence[Event]) -> list[int]:
    return [post for event in events if isinstance(event.what, Spoken) for post in event.what.posts]


async def test_a_turn_that_was_only_planned_is_taken_again(world: World) -> None:
    ada = Held("It rises.")
    left = await stopped(world, {"Ada": ada}, ada.started.wait, turns=1)
    events, standing = await gone_on(left, 1)
    assert standing == ["Ada: It rises."]
    assert turns(events) == [0]
    assert kinds(events).count("said") == 1


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_beginning_is_taken_back_and_the_turn_taken_again(world: World, recorded: bool) -> None:
    world.page.streams, ada = True, Drafting("It rises, slowly.")

    async def begun() -> None:
        await ada.started.wait()
        if recorded:
            await world.store.happened("posting")

    left = await stopped(world, {"Ada": ada}, begun, turns=1)
    left.page.streams = False
    (draft,) = left.page.stands
    events, standing = await gone_on(left, 1)
    assert standing == ["Ada: It rises, slowly."]
    assert left.page.taken_back == [draft]
    assert turns(events) == [0]
    assert ada.requests == 2


async def test_a_beginning_that_is_known_is_taken_back_though_the_channel_cannot_be_read(world: World) -> None:
    world.page.streams, ada = True, Drafting("It rises, slowly.")
    left = await stopped(world, {"Ada": ada}, lambda: world.store.happened("posting"), turns=1)
    left.page.streams, left.page.blind = False, True
    (draft,) = left.page.stands
    _, standing = await gone_on(left, 1)
    assert left.page.taken_back == [draft]
    assert standing == ["Ada: It rises, slowly."]


async def test_what_was_generated_is_posted_and_not_paid_for_again(world: World) -> None:
    ada = saying("It rises.")
    world.page.gate = gate = Gate()
    left = await stopped(world, {"Ada": ada}, gate.reached.wait, turns=1)
    events, standing = await gone_on(left, 1)
    assert standing == ["Ada: It rises."]
    assert ada.requests == 1
    assert kinds(events).count("generated") == kinds(events).count("said") == 1


@pytest.mark.parametrize("longest", [0, 4])
async def test_what_stands_already_is_adopted_or_completed(world: World, longest: int) -> None:
    ada = saying("It rises.")
    world.page.longest = longest
    world.page.answer = gate = Gate()
    left = await stopped(world, {"Ada": ada}, gate.reached.wait, turns=1)
    (first,) = left.page.stands
    events, standing = await gone_on(left, 1)
    assert standing == (["Ada: It r", "Ada: ises", "Ada: ."] if longest else ["Ada: It rises."])
    assert ada.requests == 1
    assert posts(events) == list(left.page.stands)
    assert posts(events)[0] == first


async def test_a_greeting_that_was_not_recorded_is_not_said_twice(world: World) -> None:
    world.page.answer = gate = Gate()
    async with world.process() as house:
        config = RoomConfig(topic="forms", memory="durable", human_every=1, pace=0, orchestrator_every=0)
        room = await house.open(PLACE, config, [Persona(name="Ada", greeting="Good day.")], MODERATOR, THEO)
        await gate.reached.wait()
        left = world.now()
        gate.open.set()
        room.leave()
    async with left.process() as house:
        await house.wake()
        room = house.room(CHANNEL)
        await until(lambda: not room.state.to_greet, room)
        assert left.page.standing() == ["Ada: Good day."]
        assert kinds(await all_events(room)).count("greeted") == 1


async def test_what_no_turn_accounts_for_is_taken_back(world: World) -> None:
    """It was begun and not wanted any more, and the process ended before it was withdrawn."""
    left = await stopped(world, {"Ada": saying("a")}, lambda: world.store.happened("said"), human_every=1)
    stray = left.page.put(left.store._rooms[1].seats[0], "nobody wants this")
    async with left.process() as house:
        await house.wake()
        await house.room(CHANNEL).do(nothing)
        await until(lambda: bool(left.page.taken_back), house.room(CHANNEL))
        assert left.page.taken_back == [stray]
        assert left.page.standing() == ["Ada: a"]


async def test_a_room_that_was_being_ended_is_ended_and_says_so(world: World) -> None:
    left = await stopped(world, {"Ada": saying("a")}, lambda: world.store.happened("closed"), turns=1)
    left.page.notices.clear()
    assert [record.open for record in left.store._rooms.values()] == [True]
    async with left.process() as house:
        await house.wake()
        assert (await left.page.told("closed")).what.kind == "closed"
        await house.room(CHANNEL).do(commands.extend(THEO))
    assert kinds(left.store._events[1]).count("closed") == 1


# What members said meanwhile


async def test_what_members_said_meanwhile_is_heard_once_and_in_order(world: World) -> None:
    left = await stopped(world, {"Ada": saying("a", "b")}, lambda: world.store.happened("said"), human_every=1)
    first, second = left.page.say(THEO, "Why?"), left.page.say(SAM, "And when?")
    async with left.process() as house:
        left.page.reading = gate = Gate()
        await house.wake()
        await gate.reached.wait()
        third = left.page.say(THEO, "Well?")
        for one in (second, third):
            house.hear(CHANNEL, one)
        gate.open.set()
        room = house.room(CHANNEL)
        await until(lambda: room.state.turns_taken == 2, room)
        lines = [line.text for line in room.state.lines]
        assert lines == ["a", "Why?", "And when?", "Well?", "b"]
        assert first.source in room.state.transcript.places


async def test_a_new_connection_makes_rooms_hear_what_they_missed(world: World) -> None:
    world.cast.agents["Ada"] = saying("a", "b")
    async with world.process() as house:
        room = await world.open(house, human_every=1, memory="ephemeral")
        await world.page.told("waiting")
        world.page.say(THEO, "Why?")
        later = world.page.say(THEO, "Well?")
        await house.wake()
        house.hear(CHANNEL, later)
        await until(lambda: room.state.turns_taken == 2, room)
        assert [line.text for line in room.state.lines] == ["a", "Why?", "Well?", "b"]


async def test_what_was_edited_or_deleted_meanwhile_changes_in_the_room_too(world: World) -> None:
    world.cast.agents["Ada"] = saying("a", "b", "c")
    async with world.process() as house:
        room = await world.open(house, human_every=1)
        await world.page.told("waiting")
        first, second = world.page.say(THEO, "My secret."), world.page.say(SAM, "Rye.")
        for one in (first, second):
            house.hear(CHANNEL, one)
        await until(lambda: room.state.waiting is not None and len(room.state.lines) >= 4, room)
        left = world.now()
    left.page.strike(first.source)
    left.page.reword(second.source, "Wheat.")
    async with left.process() as house:
        await house.wake()
        room = house.room(CHANNEL)
        await until(lambda: room.state.lines[2].text == "Wheat.", room)
        assert [line.text for line in room.state.lines] == ["a", "", "Wheat.", "b"]
        assert room.state.turns_taken == 2


async def test_commands_are_carried_out_while_what_was_missed_is_read(world: World) -> None:
    world.cast.agents["Ada"] = saying("a")
    async with world.process() as house:
        room = await world.open(house, human_every=1)
        await world.page.told("waiting")
        world.page.reading = gate = Gate()
        await house.wake()
        await gate.reached.wait()
        house.hear(CHANNEL, heard("later"))
        await room.do(commands.pause(THEO))
        assert [line.text for line in room.state.lines] == ["a"]
        gate.open.set()
        await until(lambda: len(room.state.lines) == 2, room)


async def test_a_channel_that_went_meanwhile_ends_the_room(world: World) -> None:
    left = await stopped(world, {"Ada": saying("a")}, lambda: world.store.happened("said"), human_every=1)
    left.page.gone = True
    async with left.process() as house:
        await house.wake()
        room = house.room(CHANNEL)
        await until(lambda: room.over, room)
        assert room.state.closed is not None
        assert room.state.closed.reason == "gone"


class Gate:
    """Something that takes until it is let through."""

    def __init__(self) -> None:
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.reached.set()
        await self.open.wait()


class Drafting(Held):
    """Shows the beginning of its answer, and thinks about the rest until it is released; the second time at once."""

    requests = 0

    async def stream(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        del request
        self.requests += 1
        yield self.text[:9]
        self.started.set()
        if self.requests == 1:
            await self.release.wait()
        yield self.text[9:]


# What the database does not take


class Faltering(Kept):
    """Fails once, at the append of this number, before or after it kept it."""

    def __init__(self, number: int, *, kept: bool) -> None:
        super().__init__()
        self._left, self._kept = number, kept
        self.failed = False

    async def append(self, room: int, events: Sequence[Event]) -> None:
        self._left -= 1
        if self._left == 0:
            self.failed = True
            if self._kept:
                await super().append(room, events)
            raise StoreFailed("database is locked")
        await super().append(room, events)


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("number", range(2, 12))
async def test_a_database_that_fails_costs_no_turn_and_doubles_none(world: World, number: int, kept: bool) -> None:
    world.store = Faltering(number, kept=kept)
    world.cast.agents.update({"Ada": saying("a"), "Bob": saying("b")})
    async with world.process() as house:
        room = await world.open(house, turns=3)
        await world.clock.until_asleep(2)
        with pytest.raises(Refused, match="database"):
            await room.do(nothing)
        house.hear(CHANNEL, world.page.say(THEO, "Hm."))
        world.clock.advance(2)
        await until(lambda: room.over, room)
        events = await all_events(room)
    assert [event.index for event in events] == list(range(len(events)))
    assert world.page.standing() == ["Ada: a", "Bob: b", "Ada: a"]
    assert posts(events) == [post for post, one in world.page.stands.items() if isinstance(one.what, Uttered)]
    assert [line.text for line in room.state.lines if line.member] == ["Hm."]


async def test_a_fault_of_ours_in_a_post_is_taken_up_once_and_then_costs_the_turn(world: World) -> None:
    world.cast.agents.update({"Ada": Crashing(2)})
    async with world.process() as house:
        room = await world.open(house, turns=2)
        await world.clock.until_asleep(2)
        world.clock.advance(2)
        await world.clock.until_asleep(4)
        world.clock.advance(4)
        await until(lambda: room.over, room)
    assert room.state.turns_taken == 2


async def test_a_room_whose_opening_nobody_saw_is_announced_after_the_next_start(world: World) -> None:
    left = await stopped(world, {"Ada": saying("a")}, lambda: world.store.happened("joined"), human_every=1)
    assert left.page.notices == []
    async with left.process() as house:
        await house.wake()
        assert (await left.page.told("opened")).what.kind == "opened"
        await until(lambda: house.room(CHANNEL).state.panel is not None, house.room(CHANNEL))


async def test_a_room_that_was_killed_right_after_its_opening_has_all_its_turns_left(world: World) -> None:
    world.cast.agents["Ada"] = saying("a")
    async with world.process() as house:
        room = await world.open(house, memory="ephemeral", turns=7)
        (row,) = await world.store.open_rooms()
        assert row.tally.allowed - row.tally.taken == room.state.turns_left == 7


# Ephemeral rooms


async def test_an_ephemeral_room_is_rebuilt_from_its_channel_and_says_so(world: World) -> None:
    world.cast.agents.update({"Ada": saying("a", "c"), "Bob": saying("b")})
    async with world.process() as house:
        room = await world.open(house, memory="ephemeral", human_every=2, turns=9)
        await world.page.told("waiting")
        lines = room.state.lines
        world.clock.advance(5)
        await until(lambda: world.store._rooms[room.id].tally.taken == 2, room)
        left = world.now()
    missed = left.page.say(THEO, "Why?")
    async with left.process() as house:
        await house.wake()
        assert (await left.page.told("rebuilt")).what.kind == "rebuilt"
        room = house.room(CHANNEL)
        await until(lambda: room.state.turns_taken == 3, room)
        assert [(line.name, line.text, line.seat) for line in room.state.lines[:2]] == [
            (line.name, line.text, line.seat) for line in lines
        ]
        assert [line.text for line in room.state.lines[2:]] == ["Why?", "c"]
        assert room.state.lines[2].sources == (missed.source,)
        assert room.state.turns_left == 6
        assert [event.what.kind for event in await all_events(room)].count("rebuilt") == 1


async def test_it_stays_paused_and_its_silent_agents_silent(world: World) -> None:
    world.cast.agents.update({"Ada": saying("a"), "Bob": saying("b")})
    async with world.process() as house:
        room = await world.open(house, memory="ephemeral", human_every=1)
        await world.page.told("waiting")
        await room.do(seating.mute("Bob", True, THEO))
        await room.do(commands.pause(THEO))
        left = world.now()
    async with left.process() as house:
        await house.wake()
        await left.page.told("rebuilt")
        room = house.room(CHANNEL)
        assert room.state.paused is not None
        assert room.state.muted == {2}
        await room.do(commands.resume(SAM))


async def test_of_a_channel_that_cannot_be_read_nothing_is_known(world: World) -> None:
    world.cast.agents["Ada"] = saying("a")
    async with world.process() as house:
        await world.open(house, memory="ephemeral", human_every=1)
        await world.page.told("waiting")
        left = world.now()
    left.page.blind = True
    async with left.process() as house:
        await house.wake()
        await left.page.told("rebuilt")
        assert house.room(CHANNEL).state.lines == []


async def test_what_a_member_wished_to_be_forgotten_is_not_read_again(world: World) -> None:
    world.cast.agents["Ada"] = saying("a", "b", "c", "d")
    async with world.process() as house:
        room = await world.open(house, memory="ephemeral", human_every=1)
        await world.page.told("waiting")
        for member, text in ((SAM, "My secret."), (THEO, "I see.")):
            house.hear(CHANNEL, world.page.say(member, text))
        await until(lambda: room.state.waiting is not None and len(room.state.lines) >= 4, room)
        await house.forget_member(9, SAM.id)
        left = world.now()
    left.page.say(SAM, "Hello again.")
    async with left.process() as house:
        await house.wake()
        (room,) = house.rooms()
        await until(lambda: any(line.text == "Hello again." for line in room.state.lines), room)
        texts = [line.text for line in room.state.lines]
        assert "My secret." not in texts
        assert "I see." in texts


async def test_a_clock_that_is_behind_the_last_events_makes_nobody_wait_for_it(world: World) -> None:
    left = await stopped(
        world, {"Ada": saying("a", "b")}, lambda: world.page.told("waiting"), human_every=1, human_wait=60
    )
    left.clock = TurnedClock(world.clock.now() - 7200)
    async with left.process() as house:
        await house.wake()
        room = house.room(CHANNEL)
        await left.clock.until_asleep(60)
        left.clock.advance(60)
        await until(lambda: room.state.turns_taken == 2, room)


# Before rooms are there again


async def test_before_a_room_is_awake_nothing_is_opened_asked_or_forgotten_there(world: World) -> None:
    left = await stopped(world, {"Ada": saying("a")}, lambda: world.page.told("waiting"), human_every=1)
    async with left.process() as house:
        for refused in (world.open(house), house.find(1), house.forget_member(9, THEO.id)):
            with pytest.raises(Refused, match="just been started"):
                await refused
        with pytest.raises(Refused, match="just been started"):
            house.room(CHANNEL)
        await house.wake()
        assert house.room(CHANNEL).id == 1
        assert len(await left.store.open_rooms()) == 1


async def test_while_an_ephemeral_room_is_read_again_nothing_is_asked_of_it(world: World) -> None:
    world.cast.agents["Ada"] = saying("a")
    async with world.process() as house:
        await world.open(house, memory="ephemeral", human_every=1)
        await world.page.told("waiting")
        left = world.now()
    async with left.process() as house:
        left.page.reading = gate = Gate()
        await house.wake()
        await gate.reached.wait()
        with pytest.raises(Refused, match="just been started"):
            house.room(CHANNEL)
        with pytest.raises(Refused, match="just been started"):
            await house.forget_member(9, THEO.id)
        gate.open.set()
        await left.page.told("rebuilt")
        assert house.room(CHANNEL).state.waiting is not None


async def test_events_that_cannot_be_read_cost_no_other_room_anything(world: World) -> None:
    world.cast.agents["Ada"] = saying("a")
    async with world.process() as house:
        await world.open(house, human_every=1)
        await world.page.told("waiting")
        config = RoomConfig(topic="forms", memory="durable", human_every=1, pace=0)
        other = Place(guild=9, channel=78, parent=78)
        await house.open(other, config, [Persona(name="Ada")], MODERATOR, THEO)
        left = world.now()
    del left.store._events[1][0]
    async with left.process() as house:
        await house.wake()
        assert [room.id for room in house.rooms()] == [2]


async def test_a_database_that_fails_does_not_hold_up_the_end(world: World) -> None:
    world.store = store = Broken()
    world.cast.agents["Ada"] = saying("a")
    async with world.process() as house:
        await world.open(house, human_every=1)
        await world.page.told("waiting")
        store.broken = True
        house.hear(CHANNEL, world.page.say(THEO, "Hm."))
        await world.clock.until_asleep(2)
        tried = store.tried
    assert store.tried <= tried + 2


class Broken(Kept):
    """Takes nothing any more once it is broken."""

    broken, tried = False, 0

    async def append(self, room: int, events: Sequence[Event]) -> None:
        if self.broken:
            self.tried += 1
            raise StoreFailed("disk is full")
        await super().append(room, events)


# What was being taken back


async def test_what_was_struck_and_still_stands_is_taken_back(world: World) -> None:
    left = await stopped(world, {"Ada": saying("a")}, lambda: world.page.told("waiting"), human_every=1)
    (post,) = left.page.stands
    async with left.process() as house:
        await house.wake()
        room = house.room(CHANNEL)
        await room.do(commands.strike(post, THEO))
        again = left.now()
    assert again.page.standing() == ["Ada: a"]
    async with again.process() as house:
        await house.wake()
        await until(lambda: bool(again.page.taken_back), house.room(CHANNEL))
        assert again.page.standing() == []


async def test_a_beginning_that_somebody_deleted_meanwhile_is_not_posted_again(world: World) -> None:
    world.page.streams, world.page.gate = True, Gate()
    gate = world.page.gate
    left = await stopped(world, {"Ada": saying("It rises.", "b")}, gate.reached.wait, turns=1)
    (draft,) = left.page.stands
    left.page.streams = False
    left.page.strike(draft)
    events, standing = await gone_on(left, 1)
    assert standing == []
    assert kinds(events).count("failed") == 1


async def test_the_beginning_of_an_answer_in_an_ephemeral_room_is_taken_back(world: World) -> None:
    world.page.streams, ada = True, Drafting("It rises, slowly.")
    world.cast.agents["Ada"] = ada
    async with world.process() as house:
        room = await world.open(house, memory="ephemeral", turns=1)
        await ada.started.wait()
        await until(lambda: bool(world.store._rooms[1].tally.standing), room)
        left = world.now()
        ada.release.set()
    left.page.streams = False
    async with left.process() as house:
        await house.wake()
        (room,) = house.rooms()
        await until(lambda: room.state.turns_taken == 1, room)
        assert left.page.standing() == ["Ada: It rises, slowly."]
        assert len(left.page.taken_back) == 1
