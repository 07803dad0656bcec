"""The laws of what people decided: rooms and their seats, profiles, settings, faces."""

import asyncio

import pytest

from rooms_bot.ports import GuildSettings, Profile, Store
from rooms_bot.store.failures import NoSuchRoom
from rooms_bot.store.sql import SqlStore
from tests.store.samples import ADA, BOB, SNOWFLAKE, TurnedClock, every_kind, kept, record


async def test_a_room_gets_a_number_and_comes_back_whole(store: Store) -> None:
    one, two = await store.open_room(record(id=99)), await store.open_room(record())
    assert one != two
    assert await store.open_rooms() == [record(id=one), record(id=two)]


async def test_a_rooms_row_can_be_overwritten_seats_and_their_order_included(store: Store) -> None:
    room, other = await store.open_room(record()), await store.open_room(record())
    changed = record(id=room, seats=(ADA, BOB.model_copy(update={"model": None}), ADA.model_copy(update={"id": 3})))
    await store.save_room(changed)
    assert await store.open_rooms() == [changed, record(id=other)]


async def test_a_room_may_have_no_agents(store: Store) -> None:
    room = await store.open_room(record(seats=()))
    assert await store.open_rooms() == [record(id=room, seats=())]


async def test_a_closed_room_is_no_open_room_but_its_events_stay(store: Store) -> None:
    room = await store.open_room(record())
    await store.append(room, every_kind())
    await store.save_room(record(id=room, open=False))
    assert await store.open_rooms() == []
    assert await kept(store, room) == every_kind()


async def test_a_room_that_was_never_opened_cannot_be_saved(store: Store) -> None:
    with pytest.raises(NoSuchRoom):
        await store.save_room(record(id=12))
    assert await store.open_rooms() == []


async def test_a_profile_is_one_members_in_one_server(store: Store) -> None:
    mine = Profile(guild=SNOWFLAKE, member=1, name="Al 🌍", background="a nurse\nof old")
    await store.save_profile(mine)
    assert await store.profile(SNOWFLAKE, 1) == mine
    assert await store.profile(SNOWFLAKE - 1, 1) is None
    assert await store.profile(SNOWFLAKE, 2) is None


async def test_the_last_saved_profile_counts(store: Store) -> None:
    await store.save_profile(Profile(guild=1, member=1, name="Al"))
    await store.save_profile(Profile(guild=1, member=1, ignored=True))
    await store.save_profile(Profile(guild=1, member=2, name="Bo"))
    both = [Profile(guild=1, member=1, ignored=True), Profile(guild=1, member=2, name="Bo")]
    assert sorted(await store.profiles(), key=lambda profile: profile.member) == both


async def test_settings_are_empty_until_saved(store: Store) -> None:
    assert await store.settings(5) == GuildSettings(guild=5)
    await store.save_settings(GuildSettings(guild=5, host_role=SNOWFLAKE))
    assert await store.settings(5) == GuildSettings(guild=5, host_role=SNOWFLAKE)
    await store.save_settings(GuildSettings(guild=5))
    assert await store.settings(5) == GuildSettings(guild=5)


async def test_a_card_has_the_words_that_were_found_for_it_last(store: Store) -> None:
    assert await store.expansion("a" * 64) is None
    await store.save_expansion("a" * 64, ["sum", "🧮"])
    await store.save_expansion("b" * 64, ())
    assert await store.expansion("a" * 64) == ("sum", "🧮")
    assert await store.expansion("b" * 64) == ()
    await store.save_expansion("a" * 64, ["total"])
    assert await store.expansion("a" * 64) == ("total",)


async def test_an_unknown_face_has_no_address(store: Store) -> None:
    assert await store.face("a" * 64) is None
    await store.save_face("a" * 64, 1, "https://cdn/1.png", None)
    assert await store.face("a" * 64) == "https://cdn/1.png"
    await store.drop_face("a" * 64)
    assert await store.face("a" * 64) is None


async def test_the_face_not_used_for_longest_goes_first(store: Store) -> None:
    for number, digest in enumerate("abc"):
        await store.save_face(digest, number, f"url {digest}", 7)
    assert await store.oldest_face(7, keep=3) is None
    assert await store.oldest_face(7, keep=2) == ("a", 0)
    await store.face("a")
    assert await store.oldest_face(7, keep=2) == ("b", 1)
    await store.save_face("b", 9, "url new", 7)
    assert await store.oldest_face(7, keep=2) == ("c", 2)


async def test_one_servers_faces_are_not_anothers_nor_the_bots_own(store: Store) -> None:
    for digest, guild in (("a", None), ("b", 1), ("c", 2), ("d", 2)):
        await store.save_face(digest, 1, "url", guild)
    assert await store.oldest_face(1, keep=1) is None
    assert await store.oldest_face(2, keep=1) == ("c", 1)


async def test_a_store_is_sound_after_a_call_was_cancelled_wherever_it_was(database: str) -> None:
    async with SqlStore.open(database) as store:
        for steps in range(0, 60, 3):
            async with asyncio.TaskGroup() as tasks:
                task = tasks.create_task(store.open_room(record()))
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
            room = await store.open_room(record())
            assert (await store.open_rooms())[-1] == record(id=room)


async def test_everything_outlives_the_process(database: str, clock: TurnedClock) -> None:
    async with SqlStore.open(database, clock.now) as store:
        room = await store.open_room(record())
        await store.append(room, every_kind())
        await store.save_profile(Profile(guild=1, member=1, name="Al"))
        await store.save_settings(GuildSettings(guild=1, host_role=2))
        await store.save_face("a", 3, "url", 1)
        await store.save_expansion("a", ["sum"])
    async with SqlStore.open(database, clock.now) as store:
        assert await store.open_rooms() == [record(id=room)]
        assert await kept(store, room) == every_kind()
        assert await store.profiles() == [Profile(guild=1, member=1, name="Al")]
        assert await store.settings(1) == GuildSettings(guild=1, host_role=2)
        assert await store.oldest_face(1, keep=0) == ("a", 3)
        assert await store.expansion("a") == ("sum",)
