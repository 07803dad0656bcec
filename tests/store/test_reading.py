"""The laws of reading a database: nothing is changed by it, nothing waits for it, and nothing is left of it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from rooms_bot.store.database import Database, as_it_is, open_database
from rooms_bot.store.sqlite import READERS

LONG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000) SELECT count(*) FROM n"


def count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM rooms")).scalar_one())


def long(connection: Connection) -> int:
    return int(connection.execute(text(LONG)).scalar_one())


def threads() -> set[threading.Thread]:
    """All but those that go by themselves: of executors."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith(("asyncio_", "database-writer"))}


@pytest.fixture
async def opened(database: str) -> AsyncIterator[Database]:
    async with open_database(database) as opened:
        yield opened


async def test_sqlite_is_read_by_aiosqlite_and_written_in_a_thread(sqlite: str) -> None:
    async with open_database(sqlite) as opened:
        assert await opened.read(lambda connection: connection.dialect.driver) == "aiosqlite"
        assert await opened.write(lambda connection: connection.dialect.driver) == "pysqlite"


async def test_who_only_reads_can_change_nothing(opened: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await opened.read(lambda connection: connection.execute(text("DELETE FROM alembic_version")).close())
    kept = await opened.read(lambda connection: connection.execute(text("SELECT * FROM alembic_version")).all())
    assert len(kept) == 1


async def test_more_at_once_than_there_are_connections_wait_for_their_turn(opened: Database) -> None:
    assert await asyncio.gather(*(opened.read(count) for _ in range(READERS * 5))) == [0] * READERS * 5


async def test_a_file_that_is_gone_is_not_made_anew_to_be_read(sqlite: str, tmp_path: Path) -> None:
    async with open_database(sqlite) as opened:
        assert await opened.read(count) == 0
        (tmp_path / "data").rename(tmp_path / "away")
        (tmp_path / "data").mkdir()
        await opened.read(lambda connection: connection.invalidate())
        with pytest.raises(OperationalError, match="unable to open"):
            await opened.read(count)
        (tmp_path / "data").rmdir()  # nothing is in it
        (tmp_path / "away").rename(tmp_path / "data")
        assert await opened.read(count) == 0


async def test_each_of_many_is_told_that_there_is_nothing_to_read(tmp_path: Path) -> None:
    before = threads()
    async with as_it_is(make_url(f"sqlite:///{tmp_path}/rooms.db")) as database:
        async with asyncio.timeout(15):
            said = await asyncio.gather(*(database.read(count) for _ in range(READERS * 2)), return_exceptions=True)
    assert ["unable to open" in str(error) for error in said] == [True] * READERS * 2
    assert threads() <= before


async def test_all_else_goes_on_while_a_lock_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "a folder/100%?#.db"
    file.parent.mkdir()
    waits = asyncio.Event()

    def look(connection: Connection) -> int:
        waits.set()
        return count(connection)

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE rooms (id)")
        other.execute("BEGIN EXCLUSIVE")
        async with as_it_is(make_url("sqlite://").set(database=str(file))) as database, asyncio.TaskGroup() as tasks:
            looked = tasks.create_task(database.read(look))
            await waits.wait()
            assert not looked.done()
            other.execute("ROLLBACK")
    assert looked.result() == 0


def test_what_is_read_when_the_program_is_given_up_leaves_nothing_behind(sqlite: str) -> None:
    async def given_up() -> None:
        async with open_database(sqlite) as opened:
            for work in (count, long, long):  # at the first a connection is just being made
                with suppress(TimeoutError):
                    async with asyncio.timeout(0):
                        await opened.read(work)
            assert await opened.read(count) == 0

    before = threads()
    for _ in range(5):
        asyncio.run(given_up())
        assert threads() <= before
