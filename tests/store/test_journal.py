"""The laws of the journal."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooms_bot.domain.events import Deleted, Edited, Event, Failed, Generated, Paused, Said
from rooms_bot.ports import Store
from rooms_bot.store.events import PAGE
from rooms_bot.store.failures import Misplaced, StoreFailed
from rooms_bot.store.sql import SqlStore
from tests.store.samples import every_kind, heard, kept, numbered, record


async def test_every_kind_of_event_comes_back_as_it_was(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, every_kind())
    assert await kept(store, room) == every_kind()


async def test_events_come_in_order_from_after_an_index(store: Store) -> None:
    room = await store.open_room(record())
    for event in every_kind():
        await store.append(room, [event])
    last = len(every_kind()) - 1
    assert [event.index for event in await kept(store, room, after=last - 3)] == [last - 2, last - 1, last]
    assert await kept(store, room, after=last) == []


async def test_a_long_room_comes_back_without_a_gap_though_it_is_read_in_pages(store: Store) -> None:
    room = await store.open_room(record())
    many = numbered(*(heard(f"word {i}") for i in range(2 * PAGE + 1)))
    await store.append(room, many)
    assert await kept(store, room) == many


async def test_rooms_do_not_see_each_other(store: Store) -> None:
    one, two = await store.open_room(record()), await store.open_room(record())
    await store.append(one, numbered(heard("one")))
    await store.append(two, numbered(heard("two")))
    await store.forget(one)
    assert await kept(store, one) == []
    assert await kept(store, two) == numbered(heard("two"))


async def test_an_unknown_room_is_empty(store: Store) -> None:
    assert await kept(store, 404) == []
    await store.forget(404)
    await store.rewrite(404, {0: "x"})


async def test_a_place_can_be_taken_once(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, numbered(heard("first")))
    with pytest.raises(Misplaced) as refused:
        await store.append(room, numbered(heard("second")))
    assert (refused.value.room, refused.value.index) == (room, 0)
    assert await kept(store, room) == numbered(heard("first"))


async def test_an_append_is_kept_whole_or_not_at_all(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, numbered(heard("first"), heard("second")))
    with pytest.raises(Misplaced):
        await store.append(room, [*numbered(heard("third"), first=2), *numbered(heard("again"), first=1)])
    assert len(await kept(store, room)) == 2


async def test_nothing_can_be_appended(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, [])
    assert await kept(store, room) == []


async def test_one_bad_append_among_many_at_once_fails_alone(store: Store) -> None:
    rooms = [await store.open_room(record()) for _ in range(8)]
    await store.append(rooms[3], numbered(heard("taken")))
    results = await asyncio.gather(
        *(store.append(room, numbered(heard("now"))) for room in rooms), return_exceptions=True
    )
    assert [isinstance(result, Misplaced) for result in results] == [room == rooms[3] for room in rooms]
    assert [len(await kept(store, room)) for room in rooms] == [1] * 8


async def test_rewriting_overwrites_what_was_said_and_nothing_else(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, every_kind())
    await store.rewrite(room, {3: "", 4: "not a saying", 5: "", 6: "gone", 11: "gone", 13: "", 99: "nowhere"})
    before, after = every_kind(), await kept(store, room)
    assert [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [
        3,
        5,
        6,
        11,
        13,
    ]
    assert after[6].what == before[6].what.model_copy(update={"text": "gone"})


async def test_what_was_thought_before_words_that_are_gone_is_gone_too(store: Store) -> None:
    room = await store.open_room(record())
    told, pin = "She told me.", "The PIN is 4711."
    thoughts = [Generated(turn=turn, seat=1, text=told, thought=pin) for turn in range(2)]
    broken = [Failed(turn=turn, seat=1, reason="broke off", text=told, thought=pin, posts=(turn,)) for turn in (2, 3)]
    await store.append(room, numbered(*thoughts, *broken))
    await store.rewrite(room, {0: "", 1: "Somebody told me.", 2: ""})
    left = [event.what.model_dump() for event in await kept(store, room)]
    assert [what["thought"] for what in left] == ["", pin, "", pin]
    assert [what["text"] for what in left] == ["", "Somebody told me.", "", told]


async def test_a_rewritten_room_goes_on(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, numbered(heard("secret")))
    await store.rewrite(room, {0: ""})
    await store.append(room, numbered(Deleted(source=1), first=1))
    assert [event.what.kind for event in await kept(store, room)] == ["heard", "deleted"]


async def test_many_rooms_write_at_once_and_each_keeps_its_order(store: Store) -> None:
    rooms = [await store.open_room(record()) for _ in range(20)]

    async def talk(room: int) -> None:
        for event in numbered(*(heard(f"{room}:{i}") for i in range(10))):
            await store.append(room, [event])

    await asyncio.gather(*(talk(room) for room in rooms))
    for room in rooms:
        assert await kept(store, room) == numbered(*(heard(f"{room}:{i}") for i in range(10)))


async def test_reading_goes_on_while_the_room_grows(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, numbered(heard("1"), heard("2")))
    seen = []
    async for event in store.events(room):
        seen.append(event)
        if len(seen) == 1:
            await store.append(room, numbered(heard("3"), first=2))
    assert seen[:2] == numbered(heard("1"), heard("2"))


async def test_an_append_whose_caller_is_cancelled_is_written_all_the_same(database: str) -> None:
    async with SqlStore.open(database) as store:
        room = await store.open_room(record())
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(store.append(room, numbered(heard("last words"))))
            await asyncio.sleep(0)  # it has handed in its rows and waits
            task.cancel()
        await store.append(room, numbered(Paused(), first=1))
        assert len(await kept(store, room)) == 2


async def test_what_was_handed_in_before_the_end_is_written(database: str) -> None:
    async with asyncio.TaskGroup() as tasks:
        async with SqlStore.open(database) as store:
            room = await store.open_room(record())
            tasks.create_task(store.append(room, numbered(heard("last words"))))
            await asyncio.sleep(0)
        async with SqlStore.open(database) as store:
            assert await kept(store, room) == numbered(heard("last words"))


async def test_a_closed_store_says_so(database: str) -> None:
    async with SqlStore.open(database) as store:
        room = await store.open_room(record())
    with pytest.raises(StoreFailed):
        await store.append(room, numbered(heard("too late")))


async def test_an_event_needs_a_room_in_the_database(database: str) -> None:
    async with SqlStore.open(database) as store:
        with pytest.raises(Misplaced):
            await store.append(404, numbered(heard("hello?")))


async def test_an_error_in_the_block_comes_out_as_it_is(database: str) -> None:
    with pytest.raises(KeyError):
        async with SqlStore.open(database):
            raise KeyError("mine")


async def test_what_no_database_takes_is_replaced(database: str) -> None:
    async with SqlStore.open(database) as store:
        room = await store.open_room(record())
        await store.append(room, numbered(heard("a\0b\ud83dc"), Paused(reason="d\0e")))
        texts = [event.what for event in await kept(store, room)]
    assert texts == [heard("a\ufffdb\ufffdc"), Paused(reason="d\0e")]


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_comes_back(store: Store, texts: list[str]) -> None:
    room = await store.open_room(record())
    events: list[Event] = numbered(
        *(Said(turn=i, seat=1, text=text) for i, text in enumerate(texts)),
        *(Generated(turn=9, seat=1, text=text) for text in texts),
        *(Edited(source=1, text=text) for text in texts),
    )
    await store.append(room, events)
    assert await kept(store, room) == events
