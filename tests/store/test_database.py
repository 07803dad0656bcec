"""The laws of opening a database: one process, this version's tables, and a sentence where it cannot be used."""

import asyncio
import gc
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from rooms_bot.errors import RoomsError, SetupError
from rooms_bot.ports import GuildSettings
from rooms_bot.store import postgres as postgres_database
from rooms_bot.store import sqlite as sqlite_database
from rooms_bot.store.database import Database, open_database
from rooms_bot.store.sql import SqlStore
from tests.store.samples import every_kind, heard, kept, numbered, record

NOBODY = 65534


async def refusal(url: str) -> str:
    with pytest.MonkeyPatch.context() as impatient:
        impatient.setattr(postgres_database, "TRIES", 1)
        with pytest.raises(SetupError) as refused:
            async with SqlStore.open(url):
                pass
    return str(refused.value)


@pytest.fixture
async def opened(database: str) -> AsyncIterator[Database]:
    async with open_database(database) as opened:
        yield opened


# The tables


async def test_a_newer_versions_database_is_left_alone(database: str) -> None:
    async with open_database(database) as opened:
        await opened.write(
            lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        )
    assert "written by a newer version of Rooms Bot; update this one" in await refusal(database)


async def test_another_programs_database_is_left_alone(sqlite: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data/rooms.db") as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    assert "belongs to another program (it has a table bookmarks)" in await refusal(sqlite)


async def test_a_start_that_needs_no_migration_loads_no_alembic(sqlite: str) -> None:
    async with SqlStore.open(sqlite):
        pass
    start = (
        "import asyncio, sys; from rooms_bot.store.sql import SqlStore\n"
        "async def main():\n    async with SqlStore.open(sys.argv[1]): print('alembic' in sys.modules)\n"
        "asyncio.run(main())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", start, sqlite, stdout=subprocess.PIPE)
    assert (await process.communicate())[0] == b"False\n"


async def test_sqlite_is_careful_with_what_it_is_given(sqlite: str) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    async with open_database(sqlite) as opened:
        answers = await opened.write(
            lambda connection: [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
        )
    assert answers == ["wal", 2, 1, sqlite_database.BUSY_MS, 1]


@pytest.mark.parametrize("way", ["rewrite", "forget"])
async def test_overwritten_words_are_in_no_file_any_more(sqlite: str, tmp_path: Path, way: str) -> None:
    def files() -> bytes:
        return b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())

    async with SqlStore.open(sqlite) as store:
        room = await store.open_room(record())
        await store.append(room, numbered(heard("xyzzy"), heard("plugh " * 4000)))
        assert b"xyzzy" in files()
        assert b"plugh" in files()
        await (store.rewrite(room, {0: "", 1: ""}) if way == "rewrite" else store.forget(room))
        assert b"xyzzy" not in files()
        assert b"plugh" not in files()


# One process


async def test_a_second_bot_on_the_same_database_is_refused(database: str) -> None:
    async with SqlStore.open(database):
        assert "in use by another Rooms Bot; stop that one first" in await refusal(database)
    async with SqlStore.open(database):
        pass


async def test_two_names_of_one_file_are_one_database(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite):
        (tmp_path / "link").symlink_to(tmp_path / "data")
        assert "in use" in await refusal(f"sqlite+aiosqlite:///{tmp_path}/link/rooms.db")


HOLD = """
import asyncio, sys
from rooms_bot.store.sql import SqlStore
from tests.store.samples import every_kind, record

async def main():
    async with SqlStore.open(sys.argv[1]) as store:
        room = await store.open_room(record())
        await store.append(room, every_kind())
        print(room, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_bot_keeps_nobody_out_and_loses_nothing_it_was_told_is_kept(database: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, database, stdout=subprocess.PIPE)
    assert process.stdout
    room = int(await process.stdout.readline())
    assert "in use" in await refusal(database)
    process.kill()
    await process.communicate()
    async with SqlStore.open(database) as store:
        assert await kept(store, room) == every_kind()


async def test_who_comes_after_the_end_is_told_so_and_nothing_is_left_behind(sqlite: str) -> None:
    async with SqlStore.open(sqlite) as store:
        await store.save_settings(GuildSettings(guild=1))
    with pytest.raises(RoomsError, match="it is closed"):
        await store.save_settings(GuildSettings(guild=2))
    with pytest.raises(RoomsError, match="it is closed"):
        await store.all_settings()
    gc.collect()  # what was made and never awaited would warn now


# What cannot be used


async def test_the_folder_is_made(tmp_path: Path) -> None:
    async with SqlStore.open(f"sqlite:///{tmp_path}/a/b/c/rooms.db"):
        assert (tmp_path / "a/b/c/rooms.db").exists()


async def test_a_file_that_is_no_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "rooms.db"
    file.write_text("Dear diary, " * 1000)
    assert (await refusal(f"sqlite:///{file}")).startswith(
        f"The database file {file} is damaged or not a SQLite database; restore it from a backup"
    )
    assert file.read_text().startswith("Dear diary")


async def test_a_damaged_database_is_named(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite) as store:
        room = await store.open_room(record())
        await store.append(room, numbered(*(heard("word " * 50) for _ in range(200))))
    file = tmp_path / "data/rooms.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * 4096 * 12 + whole[4096 * 13 :])
    assert "is damaged" in await refusal(sqlite)


async def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "rooms.db").mkdir()
    assert "it is a folder; move it away" in await refusal(f"sqlite:///{tmp_path}/rooms.db")


async def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "cannot be written" in await refusal(f"sqlite:///{tmp_path}/data/rooms.db")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder whose permissions count for this process: root, whom none stop, becomes nobody for the while."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() == 0:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            Path(name).chmod(0o700)
            os.seteuid(os.getuid())


async def test_a_folder_that_may_only_be_read_is_named(home: Path) -> None:
    os.chmod(home, 0o500)
    said = await refusal(f"sqlite:///{home}/rooms.db")
    assert f"{home}/rooms.db cannot be written" in said
    assert f"let this user write in {home}, or name another file in ROOMS_DATABASE_URL." in said
    assert "cannot be written" in await refusal(f"sqlite:///{home}/data/rooms.db")


@pytest.mark.parametrize("mode", [0o400, 0o000])
async def test_a_file_that_may_only_be_read_is_named(home: Path, mode: int) -> None:
    async with SqlStore.open(f"sqlite:///{home}/rooms.db"):
        pass
    (home / "rooms.db").chmod(mode)
    assert f"{home}/rooms.db cannot be written" in await refusal(f"sqlite:///{home}/rooms.db")


async def test_a_database_another_program_is_writing_to_is_named(
    sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_database, "BUSY_MS", 10)
    async with SqlStore.open(sqlite):
        pass
    other = sqlite3.connect(tmp_path / "data/rooms.db")
    other.execute("BEGIN IMMEDIATE")
    assert "is locked by another program; close that first" in await refusal(sqlite)
    other.close()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("hunter2", "not the address of a database"),
        ("", "not the address of a database"),
        ("postgresql://bot:hunter2@host:port/rooms", "not the address of a database"),
        ("mysql://bot:hunter2@host/rooms", "not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql://bot:hunt@er2@host/rooms", "write it as %40"),
        ("postgresql://bot:hunter2@127.0.0.1:1/rooms", "PostgreSQL database rooms at 127.0.0.1:1 cannot be used"),
        ("postgresql://bot:hunter2@host.invalid/rooms", "at host.invalid:5432 cannot be used"),
    ],
)
async def test_a_wrong_address_is_said_without_its_password(url: str, sentence: str) -> None:
    said = await refusal(url)
    assert sentence in said
    assert "ROOMS_DATABASE_URL" in said
    assert "er2" not in said


async def test_an_unknown_database_or_user_of_a_server_is_said(postgres: str) -> None:
    host = urlsplit(postgres).netloc.rpartition("@")[2]
    assert "does not exist" in await refusal(f"postgresql://bot:hunter2@{host}/rooms")
    assert "does not exist" in await refusal(f"{postgres}_not")
