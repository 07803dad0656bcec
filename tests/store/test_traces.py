"""The laws of leaving nothing behind: no file of the database has what was removed, wherever SQLite moved it before."""

import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from rooms_bot.domain.rooms import Place
from rooms_bot.ports import Profile, Spending
from rooms_bot.store import tidying
from rooms_bot.store.database import open_database
from rooms_bot.store.desk import Desk
from rooms_bot.store.sql import SqlStore
from tests.store.samples import ALICE, TurnedClock, heard, kept, numbered, record

SIZES = (1, 2, 5, 20, 60, 300)
DAY = 86400.0
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def planted(folder: Path) -> set[int]:
    """Servers of which any word is in any file."""
    return {int(found) for found in re.findall(rb"planted(\d)", files(folder))}


def files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


async def talk(store: SqlStore, rooms: dict[int, int]) -> None:
    """Words of all sizes in many rooms at once, so that pages are split and joined again and again."""
    random, said = Random(1), dict.fromkeys(rooms, 0)
    for _ in range(200):
        room = random.choice(list(rooms))
        words = heard(f"planted{rooms[room]} " * random.choice(SIZES), source=said[room] + 1)
        await store.append(room, numbered(words, first=said[room]))
        said[room] += 1
        if random.random() < 0.2:
            await store.rewrite(room, {random.randrange(said[room]): "something else " * random.choice(SIZES)})


async def filled(store: SqlStore) -> dict[int, int]:
    """Six rooms on each of two servers, and the server of each."""
    rooms = {}
    for number in range(12):
        guild = 1 + number % 2
        place = Place(guild=guild, channel=number, parent=number)
        config = record().config.model_copy(update={"topic": f"planted{guild}?"})
        rooms[await store.open_room(record(place=place, config=config))] = guild
    await store.save_profile(Profile(guild=1, member=ALICE.id, background="planted1"))
    await talk(store, rooms)
    return rooms


async def end(store: SqlStore, rooms: dict[int, int]) -> None:
    for room, guild in rooms.items():
        if guild == 1:
            await store.save_room(record(id=room, open=False))
    await store.expire(FAR)
    await store.save_profile(Profile(guild=1, member=ALICE.id))
    await store.forget_member(1, ALICE.id)


async def forget_server(store: SqlStore, _rooms: dict[int, int]) -> None:
    await store.forget_guild(1)


async def forget_member(store: SqlStore, rooms: dict[int, int]) -> None:
    await store.save_profile(Profile(guild=1, member=ALICE.id))
    for room, guild in rooms.items():
        if guild == 1:
            await store.save_room(record(id=room, place=Place(guild=1, channel=1, parent=1)))
    await store.forget_member(1, ALICE.id)


@pytest.mark.parametrize("remove", [end, forget_server, forget_member])
async def test_what_was_removed_is_in_no_file_at_once(
    sqlite: str, tmp_path: Path, remove: Callable[[SqlStore, dict[int, int]], Awaitable[None]]
) -> None:
    async with SqlStore.open(sqlite, TurnedClock().now) as store:
        rooms = await filled(store)
        assert planted(tmp_path) == {1, 2}
        await remove(store, rooms)
        assert planted(tmp_path) == {2}


async def test_what_nobody_needed_for_long_is_in_no_file_at_once_though_no_room_went(
    sqlite: str, tmp_path: Path
) -> None:
    async with SqlStore.open(sqlite, TurnedClock().now) as store:
        await store.save_face("planted1", 1, "https://example.org/planted2", 1)
        await store.save_expansion("a card", ["planted3"])
        assert planted(tmp_path) == {1, 2, 3}
        assert await store.expire(FAR) == 0
        assert planted(tmp_path) == set()


async def test_what_was_spent_long_ago_is_in_no_file_at_once_though_no_room_went(sqlite: str, tmp_path: Path) -> None:
    clock = TurnedClock()
    clock.seconds = 100 * DAY
    async with SqlStore.open(sqlite, clock.now) as store:
        member = 0x7A7A7A7A7A7A
        await store.spend([Spending(guild=1, member=member, hour=1, tokens=2)])
        assert member.to_bytes(6, "big") in files(tmp_path)
        await store.expire(FAR)
        assert member.to_bytes(6, "big") not in files(tmp_path)


@pytest.mark.parametrize("words", ["", "never mind"])
async def test_what_was_edited_or_deleted_is_in_no_file_in_the_end(sqlite: str, tmp_path: Path, words: str) -> None:
    async with SqlStore.open(sqlite) as store:
        rooms = {await store.open_room(record()): 1 + number % 2 for number in range(12)}
        await talk(store, rooms)
        for room in (room for room, mark in rooms.items() if mark == 1):
            await store.rewrite(room, {event.index: words for event in await kept(store, room)})
    assert planted(tmp_path) == {2}


async def test_who_is_forgotten_again_and_again_holds_nobody_up(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tidied = []
    async with open_database(sqlite) as database, Desk.open() as desk:
        tidy = database.tidy

        async def counted(*, ending: bool = False) -> None:
            tidied.append(ending)
            await tidy(ending=ending)

        monkeypatch.setattr(database, "tidy", counted)
        store = SqlStore(database, desk, TurnedClock().now)
        for _ in range(5):
            await store.forget_member(1, ALICE.id)
        assert tidied == [False]
    assert tidied == [False, True]


async def test_where_it_cannot_be_tidied_up_what_is_removed_is_removed_all_the_same(
    sqlite: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(*, ending: bool = False) -> None:
        raise OSError(f"no space left{' at the end' * ending}")

    async with open_database(sqlite) as database, Desk.open() as desk:
        store = SqlStore(database, desk, TurnedClock().now)
        rooms = await filled(store)
        monkeypatch.setattr(database, "tidy", full)
        await store.forget_guild(1)
        assert [len(await kept(store, room)) for room, guild in rooms.items() if guild == 1] == [0] * 6
    begin = (
        "what was overwritten may still lie in free places of the database: The database could not be used: no space"
    )
    assert [entry.message for entry in caplog.records] == [f"{begin} left.", f"{begin} left at the end."]


@pytest.fixture
def at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tidying, "AFTER", 0)
        patch.setattr(tidying, "SHARE", 0)
        yield


@pytest.mark.usefixtures("at_once")
async def test_a_bot_that_runs_on_tidies_up_after_a_while(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite) as store:
        rooms = {await store.open_room(record()): 1 for _ in range(12)}
        await talk(store, rooms)
        for room in rooms:
            await store.rewrite(room, {event.index: "" for event in await kept(store, room)})
        while planted(tmp_path):
            await store.all_settings()  # each turn of the loop it may be done


async def test_a_server_has_no_dead_rows_left(postgres: str) -> None:
    async with open_database(postgres) as database, Desk.open() as desk:
        store = SqlStore(database, desk, TurnedClock().now)
        await database.write(lambda connection: connection.execute(text("CREATE EXTENSION IF NOT EXISTS pgstattuple")))
        rooms = await filled(store)
        await forget_server(store, rooms)
        tables = ("events", "rooms", "seats", "profiles")
        counted = [text(f"SELECT dead_tuple_count FROM pgstattuple('{table}')") for table in tables]
        assert await database.write(lambda connection: [connection.execute(one).scalar() for one in counted]) == [0] * 4
