"""The laws of a database that fails while it is open: nothing half kept, and it goes on once the cause is gone."""

import asyncio
import logging
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text

from rooms_bot.domain.events import Event
from rooms_bot.ports import GuildSettings
from rooms_bot.store import postgres as servers
from rooms_bot.store import sqlite as files
from rooms_bot.store.database import Database, open_database
from rooms_bot.store.desk import Desk
from rooms_bot.store.failures import Misplaced, StoreFailed
from rooms_bot.store.sql import SqlStore
from tests.store.samples import START, TurnedClock, heard, kept, numbered, record
from tests.store.wire import Wire, wire

LONG = "word " * 5000


class Opened:
    """A store, and what is below it."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self.database, self.store = database, SqlStore(database, desk, TurnedClock().now)


@pytest.fixture
async def opened(sqlite: str) -> AsyncIterator[Opened]:
    async with open_database(sqlite) as database, Desk.open() as desk:
        yield Opened(database, desk)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data/rooms.db"


async def begun(store: SqlStore) -> int:
    """A room of one event."""
    room = await store.open_room(record())
    await store.append(room, numbered(heard("first")))
    return room


# Locked


@contextmanager
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    """By another program."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


async def test_a_locked_database_is_waited_for_while_all_else_goes_on(opened: Opened, file: Path) -> None:
    room = await begun(opened.store)
    async with asyncio.TaskGroup() as tasks:
        with locked(file):
            append = tasks.create_task(opened.store.append(room, numbered(heard("second"), first=1)))
            for _ in range(20):
                assert len(await kept(opened.store, room)) == 1
            assert not append.done()
    assert len(await kept(opened.store, room)) == 2


async def test_a_database_that_stays_locked_fails_and_goes_on_when_it_is_let_go(
    sqlite: str, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(files, "BUSY_MS", 10)
    caplog.set_level(logging.INFO)
    async with SqlStore.open(sqlite) as store:
        room = await begun(store)
        with locked(file):
            for _ in range(2):
                with pytest.raises(StoreFailed, match="locked"):
                    await store.append(room, numbered(heard("second"), first=1))
            assert len(await kept(store, room)) == 1
        await store.append(room, numbered(heard("second"), first=1))
    said = [entry.message for entry in caplog.records if entry.name == "rooms_bot.store.trouble"]
    assert said == [
        f"The database file {file} is locked by another program; close that first.",
        f"The database file {file} can be used again",
    ]


async def test_what_another_program_has_locked_on_a_server_is_waited_for(postgres: str) -> None:
    async with SqlStore.open(postgres) as store:
        room = await begun(store)
        program = await asyncpg.connect(postgres)
        await program.execute("BEGIN; LOCK TABLE events")
        async with asyncio.TaskGroup() as tasks:
            append = tasks.create_task(store.append(room, numbered(heard("second"), first=1)))
            assert len(await store.open_rooms()) == 1
            assert not append.done()
            await program.execute("COMMIT")
        await program.close()
        assert len(await kept(store, room)) == 2


async def test_what_stays_locked_on_a_server_fails_and_goes_on_when_it_is_let_go(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "LOCK_SECONDS", 0.01)
    async with SqlStore.open(postgres) as store:
        room = await begun(store)
        program = await asyncpg.connect(postgres)
        await program.execute("BEGIN; LOCK TABLE events")
        with pytest.raises(StoreFailed, match="lock timeout"):
            await store.append(room, numbered(heard("second"), first=1))
        with pytest.raises(StoreFailed, match="lock timeout"):
            await kept(store, room)
        await program.close()
        await store.append(room, numbered(heard("second"), first=1))
        assert len(await kept(store, room)) == 2


# A full disk


async def test_a_full_disk_fails_what_is_written_and_nothing_of_it_is_kept(opened: Opened) -> None:
    store, room = opened.store, await begun(opened.store)
    size = await opened.database.write(lambda connection: connection.execute(text("PRAGMA page_count")).scalar())
    await opened.database.write(lambda connection: connection.execute(text(f"PRAGMA max_page_count = {size}")).close())
    many = numbered(heard("second"), *(heard(LONG) for _ in range(9)), first=1)
    with pytest.raises(StoreFailed, match="full"):
        await store.append(room, many)
    assert len(await kept(store, room)) == 1
    await opened.database.write(lambda connection: connection.execute(text("PRAGMA max_page_count = 99999")).close())
    await store.append(room, many)
    assert len(await kept(store, room)) == 11


@contextmanager
def smallest_files(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_that_cannot_grow_fails_and_goes_on_when_it_can(opened: Opened, file: Path) -> None:
    store, room = opened.store, await begun(opened.store)
    many = numbered(*(heard(LONG) for _ in range(9)), first=1)
    with smallest_files(file.with_name("rooms.db-wal").stat().st_size):
        for _ in range(2):
            with pytest.raises(StoreFailed):
                await store.append(room, many)
        assert len(await kept(store, room)) == 1
    await store.append(room, many)
    assert len(await kept(store, room)) == 10


async def test_others_are_not_kept_by_half_where_one_of_many_at_once_is_too_much(opened: Opened) -> None:
    rooms = [await begun(opened.store) for _ in range(5)]
    events = numbered(*(heard(LONG) for _ in range(9)), first=1)
    with smallest_files(200_000):
        results = await asyncio.gather(*(opened.store.append(room, events) for room in rooms), return_exceptions=True)
        lengths = [len(await kept(opened.store, room)) for room in rooms]
    assert [10 if result is None else 1 for result in results] == lengths
    assert StoreFailed in map(type, results)


# A file that may not be written, or is damaged


async def test_a_connection_that_may_only_read_is_made_anew(opened: Opened) -> None:
    room = await begun(opened.store)
    await opened.database.write(lambda connection: connection.execute(text("PRAGMA query_only = ON")).close())
    await opened.store.append(room, numbered(heard("second"), first=1))
    assert len(await kept(opened.store, room)) == 2


def spoil(file: Path) -> bytes:
    """All but its first pages; what it was."""
    whole = file.read_bytes()
    file.write_bytes(whole[: 4096 * 2] + b"\xff" * (len(whole) - 4096 * 2))
    return whole


def mend(file: Path, whole: bytes) -> None:
    file.write_bytes(whole)


async def test_a_file_damaged_meanwhile_fails_with_a_sentence_and_can_be_brought_back(
    sqlite: str, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with SqlStore.open(sqlite) as store:
        room = await begun(store)
        await store.append(room, numbered(*(heard(LONG) for _ in range(40)), first=1))
        await store.rewrite(room, {0: ""})  # all is in the file now, and nothing in its log
        whole = spoil(file)
        for _ in range(2):
            with pytest.raises(StoreFailed, match="malformed"):
                await kept(store, room)
        assert [entry.message for entry in caplog.records] == [
            f"The database file {file} is damaged or not a SQLite database; restore it from a backup, "
            "or move it away to start with an empty one. `rooms-bot db check` says more."
        ]
        mend(file, whole)
        assert len(await kept(store, room)) == 41


async def test_a_file_that_is_gone_is_not_taken_for_an_empty_one(opened: Opened, file: Path) -> None:
    room = await begun(opened.store)
    for part in file.parent.glob("rooms.db*"):
        part.rename(part.with_name(f"away-{part.name}"))
    await opened.database.write(lambda connection: connection.invalidate())
    with pytest.raises(StoreFailed):
        await opened.store.append(room, numbered(heard("second"), first=1))
    assert [part.name for part in file.parent.glob("rooms.db")] == []


async def test_what_no_column_holds_fails_alone(database: str) -> None:
    async with SqlStore.open(database) as store:
        room = await store.open_room(record())
        results = await asyncio.gather(
            store.append(room, numbered(heard("first"))),
            store.append(room, [Event(index=2**70, at=START, what=heard("second"))]),
            store.save_settings(GuildSettings(guild=2**70)),
            return_exceptions=True,
        )
        assert [result is None for result in results] == [True, False, False]
        assert await kept(store, room) == numbered(heard("first"))


# The log


async def test_the_log_is_cut_after_a_long_reader_made_it_grow(
    sqlite: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LOG_BYTES", 100_000)
    log = file.with_name("rooms.db-wal")
    async with SqlStore.open(sqlite) as store:
        room = await begun(store)
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            await store.append(room, numbered(*(heard(LONG) for _ in range(250)), first=1))
            assert log.stat().st_size > 5_000_000
        await store.append(room, numbered(heard("next"), first=251))
        await store.append(room, numbered(heard("last"), first=252))
        assert log.stat().st_size <= 100_000


async def test_a_reader_keeps_words_in_the_log_no_longer_than_it_reads(
    sqlite: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HURRY_MS", 1)
    log = file.with_name("rooms.db-wal")
    async with SqlStore.open(sqlite) as store:
        room = await store.open_room(record())
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            await store.append(room, numbered(heard("xyzzy")))
            await store.rewrite(room, {0: ""})
            assert b"xyzzy" in log.read_bytes()
        await store.save_settings(GuildSettings(guild=1))
        assert b"xyzzy" not in log.read_bytes()


# A server that is lost


@pytest.fixture
async def cable(postgres: str) -> AsyncIterator[tuple[Wire, str]]:
    async with wire(postgres) as made:
        yield made


async def test_lost_connections_are_made_anew_and_nobody_notices(cable: tuple[Wire, str]) -> None:
    there, address = cable
    async with SqlStore.open(address) as store:
        room = await begun(store)
        assert len(await kept(store, room)) == 1
        there.cut()
        await store.append(room, numbered(heard("second"), first=1))
        there.cut()
        assert len(await kept(store, room)) == 2


async def test_a_server_that_cannot_be_reached_fails_until_it_can(cable: tuple[Wire, str]) -> None:
    there, address = cable
    async with SqlStore.open(address) as store:
        room = await begun(store)
        there.whole = False
        there.cut()
        with pytest.raises(StoreFailed):
            await store.append(room, numbered(heard("second"), first=1))
        with pytest.raises(StoreFailed):
            await kept(store, room)
        there.whole = True
        await store.append(room, numbered(heard("second"), first=1))
        assert len(await kept(store, room)) == 2


@pytest.mark.parametrize(("moment", "length"), [("before", 1), ("after", 3)])
async def test_a_commit_whose_answer_is_lost_is_whole_or_nothing_and_can_be_looked_up(
    cable: tuple[Wire, str], moment: str, length: int
) -> None:
    there, address = cable
    more = numbered(heard("second"), heard("third"), first=1)
    async with SqlStore.open(address) as store:
        room = await begun(store)
        there.cut_at_commit = moment
        with pytest.raises(StoreFailed):
            await store.append(room, more)
        there.cut_at_commit = ""
        assert len(await kept(store, room)) == length
        if length == 1:
            await store.append(room, more)
        else:
            with pytest.raises(Misplaced):
                await store.append(room, more)
        assert (await kept(store, room))[1:] == more


async def test_a_connection_that_only_the_server_still_has_keeps_nobody_out(cable: tuple[Wire, str]) -> None:
    there, address = cable
    async with SqlStore.open(address) as store:
        room = await begun(store)
        there.ghosts, there.cut_at_commit = True, "before"
        with pytest.raises(StoreFailed):
            await store.append(room, numbered(heard("second"), first=1))
        there.cut_at_commit = ""
        await store.append(room, numbered(heard("another"), first=1))
        assert (await kept(store, room))[1:] == numbered(heard("another"), first=1)


async def test_a_bot_that_was_overtaken_while_it_was_cut_off_writes_nothing_any_more(
    cable: tuple[Wire, str], postgres: str
) -> None:
    there, address = cable
    async with SqlStore.open(address) as store:
        room = await begun(store)
        there.whole = False
        there.cut()
        async with SqlStore.open(postgres) as second:
            there.whole = True
            with pytest.raises(StoreFailed, match="another Rooms Bot has taken it over"):
                await store.append(room, numbered(heard("mine"), first=1))
            await second.append(room, numbered(heard("theirs"), first=1))
        await store.append(room, numbered(heard("mine"), first=2))
        assert len(await kept(store, room)) == 3
