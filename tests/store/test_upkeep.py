"""The laws of `rooms-bot db`: a copy that can be used, and a check that finds what is wrong, while the bot runs."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from rooms_bot.cli import main
from rooms_bot.domain.events import Opened
from rooms_bot.errors import SetupError
from rooms_bot.store.backup import back_up
from rooms_bot.store.database import open_database
from rooms_bot.store.inspection import inspected
from rooms_bot.store.sql import SqlStore
from tests.store.samples import ALICE, HOST, every_kind, heard, kept, numbered, record

ONLY = "; no other room is affected, and a backup has it as it was"


async def lines(address: str) -> list[str]:
    return [str(finding) async for finding in inspected(address)]


def execute(statement: str, connection: Connection) -> None:
    connection.execute(text(statement.replace(":", r"\:")))


async def changed(address: str, *statements: str) -> None:
    """By somebody who should not have."""
    async with open_database(address) as database:
        for statement in statements:
            await database.write(partial(execute, statement))


async def filled(store: SqlStore) -> int:
    """A room that goes on, with a beginning."""
    room = await store.open_room(record())
    opening = Opened(place=record().place, config=record().config, moderator=HOST, by=ALICE)
    await store.append(room, numbered(opening, heard("xyzzy"), heard("plugh", source=2)))
    return room


# Copies


async def test_a_copy_has_all_that_was_kept_while_the_bot_goes_on(sqlite: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    async with SqlStore.open(sqlite) as store:
        room = await filled(store)
        said = back_up(sqlite, copy)
        await store.append(room, numbered(heard("after"), first=3))
    assert said.endswith(f"was copied to {copy} (0.1 MB).")
    async with SqlStore.open(f"sqlite:///{copy}") as store:
        assert [event.index for event in await kept(store, room)] == [0, 1, 2]


async def test_a_copy_is_for_its_owner_alone_and_one_file(sqlite: str, tmp_path: Path) -> None:
    copy = tmp_path / "copies/copy.db"
    copy.parent.mkdir()
    old = os.umask(0)
    try:
        async with SqlStore.open(sqlite) as store:
            await filled(store)
            back_up(sqlite, copy)
    finally:
        os.umask(old)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]


async def test_a_copy_has_nothing_that_was_removed(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite) as store:
        room = await filled(store)
        await store.rewrite(room, {1: ""})
        back_up(sqlite, tmp_path / "copy.db")
    whole = (tmp_path / "copy.db").read_bytes()
    assert b"plugh" in whole
    assert b"xyzzy" not in whole


async def test_no_file_is_overwritten_by_a_copy(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite):
        pass
    (tmp_path / "mine").write_text("Dear diary")
    with pytest.raises(SetupError, match="is there already"):
        back_up(sqlite, tmp_path / "mine")
    with pytest.raises(SetupError, match="is there already"):
        back_up(sqlite, tmp_path / "data/rooms.db")
    assert (tmp_path / "mine").read_text() == "Dear diary"


def test_a_copy_that_cannot_be_made_leaves_no_file(sqlite: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with pytest.raises(SetupError, match="is not there, so there is nothing to copy"):
        back_up(sqlite, copy)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/rooms.db").write_text("Dear diary, " * 1000)
    with pytest.raises(SetupError, match="cannot be written"):
        back_up(sqlite, tmp_path / "nowhere/copy.db")
    with pytest.raises(SetupError, match="is damaged or not a SQLite database"):
        back_up(sqlite, copy)
    assert not copy.exists()


@pytest.mark.parametrize(
    "tables", ["", "CREATE TABLE diary (day TEXT); CREATE TABLE alembic_version (version_num TEXT)"]
)
def test_what_is_not_a_database_of_this_program_is_not_copied(sqlite: str, tmp_path: Path, tables: str) -> None:
    file = tmp_path / "data/rooms.db"
    file.parent.mkdir()
    file.touch()
    with closing(sqlite3.connect(file)) as other:
        other.executescript(tables)
    with pytest.raises(SetupError, match="is not one of Rooms Bot's: it has none of its tables"):
        back_up(sqlite, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


async def test_why_a_file_cannot_be_copied_is_told_as_it_is(sqlite: str, tmp_path: Path) -> None:
    file, copy = tmp_path / "data/rooms.db", tmp_path / "copy.db"
    async with SqlStore.open(sqlite) as store:
        await filled(store)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SetupError, match=r"rooms\.db is damaged or not a SQLite database; restore it from a backup"):
        back_up(sqlite, copy)
    file.unlink()
    file.mkdir()
    for tried in (lambda: back_up(sqlite, copy), lambda: asyncio.run(SqlStore.open(sqlite).__aenter__())):
        with pytest.raises(SetupError, match="it is a folder; move it away, or name a file in ROOMS_DATABASE_URL"):
            await asyncio.to_thread(tried)
    assert not copy.exists()


def test_a_server_is_copied_by_its_own_program_and_no_password_is_shown(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as told:
        back_up("postgresql://bot:hunter2@host/rooms", tmp_path / "copy")
    assert f"pg_dump --format=custom --file={tmp_path}/copy postgresql://bot@host/rooms" in str(told.value)
    assert "hunter2" not in str(told.value)


# Checks


async def test_a_good_database_is_called_good_while_the_bot_runs(database: str) -> None:
    async with SqlStore.open(database) as store:
        await filled(store)
        await store.open_room(record())
        said = await lines(database)
        await filled(store)
    assert {line[:4] for line in said} == {"ok  "}
    assert "tables: those of this version" in said[0]
    assert "events: no room has a gap, and each room's can be read" in said[-2]
    assert said[-1].endswith("2 rooms open, 0 over, 3 events")


async def test_nothing_is_changed_by_a_check(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite) as store:
        await filled(store)
    before = (tmp_path / "data/rooms.db").read_bytes()
    await lines(sqlite)
    assert (tmp_path / "data/rooms.db").read_bytes() == before


async def test_a_gap_in_a_room_is_named(database: str) -> None:
    async with SqlStore.open(database) as store:
        rooms = [await filled(store) for _ in range(3)]
    await changed(
        database,
        f"DELETE FROM events WHERE room = {rooms[0]} AND idx = 1",
        f"DELETE FROM events WHERE room = {rooms[1]} AND idx < 2",
    )
    wrong = [line for line in await lines(database) if line.startswith("FAIL")]
    assert wrong == [
        f"FAIL  room {rooms[0]}: 1 of its events is missing (it has 2, from 0 to 2){ONLY}",
        f"FAIL  room {rooms[1]}: 2 of its events are missing (it has 1, from 2 to 2){ONLY}",
    ]


async def test_a_room_that_makes_no_sense_is_named(database: str) -> None:
    async with SqlStore.open(database) as store:
        unknown, unfit, first, empty = [await filled(store) for _ in range(4)]
    await changed(
        database,
        f"UPDATE events SET kind = 'danced' WHERE room = {unknown} AND idx = 1",
        f"UPDATE events SET body = '[]' WHERE room = {unfit} AND idx = 1",
        f"UPDATE events SET kind = 'paused', body = '{{}}' WHERE room = {first} AND idx = 0",
        f"UPDATE events SET body = '{{}}' WHERE room = {empty} AND idx = 2",
    )
    assert [line for line in await lines(database) if line.startswith("FAIL")] == [
        f"FAIL  room {unknown}: event 1 (danced) cannot be read (this version knows no such kind){ONLY}",
        f"FAIL  room {unfit}: event 1 (heard) cannot be read (body: it is no JSON object){ONLY}",
        f"FAIL  room {first}: event 0 (paused) makes no sense there (a room begins with being opened){ONLY}",
        f"FAIL  room {empty}: event 2 (heard) cannot be read (source: Field required){ONLY}",
    ]


NO_JSON = "it is no JSON object"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("events SET body = '{' WHERE idx = 1", f"event 1 (heard) cannot be read (body: {NO_JSON})"),
        ("events SET body = 5 WHERE idx = 1", f"event 1 (heard) cannot be read (body: {NO_JSON})"),
        (f"events SET body = '{'[' * 5000}' WHERE idx = 1", f"event 1 (heard) cannot be read (body: {NO_JSON})"),
        ("rooms SET config = '{'", f"its row cannot be read (config: {NO_JSON})"),
        ("rooms SET tally = 'x'", f"its row cannot be read (tally: {NO_JSON})"),
        ('rooms SET tally = \'{"taken": "all"}\'', "its row cannot be read (tally.taken: Input should be a valid"),
        ("rooms SET opened_by = '[]'", f"its row cannot be read (opened_by: {NO_JSON})"),
        ("seats SET body = '{' WHERE seat = 1", f"its seat 1 cannot be read (body: {NO_JSON})"),
        ("seats SET body = '{}' WHERE seat = 2", "its seat 2 cannot be read (id: Field required)"),
        (
            "seats SET seat = 9, body = replace(body, '\"id\": 0', '\"id\": 9') WHERE seat = 0",
            "its row cannot be read (its moderator",
        ),
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
async def test_one_bad_row_costs_its_room_alone_and_is_named(
    sqlite: str, caplog: pytest.LogCaptureFixture, change: str, what: str, is_open: bool
) -> None:
    async with SqlStore.open(sqlite) as store:
        bad = await filled(store)
        if not is_open:
            await store.save_room(record(id=bad, open=False))
    await changed(sqlite, f"UPDATE {change}")
    async with SqlStore.open(sqlite) as store:
        good = await filled(store)
        about_events = "events SET" in change
        left = [room.id for room in await store.open_rooms()]
    (wrong,) = [line for line in await lines(sqlite) if not line.startswith("ok")]
    assert wrong.startswith(f"FAIL  room {bad}: {what}")
    assert wrong.endswith(ONLY)
    assert left == ([bad, good] if about_events and is_open else [good])
    told = [entry.message for entry in caplog.records if entry.levelname == "ERROR"]
    sentence = f"room {bad} cannot be read and is left out; `rooms-bot db check` says more"
    assert told == ([sentence] if is_open and not about_events else [])


async def test_an_event_that_is_no_json_is_an_error_for_who_reads_it_and_for_nobody_else(sqlite: str) -> None:
    async with SqlStore.open(sqlite) as store:
        bad, good = await filled(store), await filled(store)
    for body in ("{", "[" * 5000):
        await changed(sqlite, f"UPDATE events SET body = '{body}' WHERE room = {bad} AND idx = 1")
        async with SqlStore.open(sqlite) as store:
            with pytest.raises((ValueError, RecursionError)):
                await kept(store, bad)
            assert len(await kept(store, good)) == 3


async def test_a_letter_that_is_damaged_costs_itself_alone(sqlite: str) -> None:
    async with SqlStore.open(sqlite) as store:
        room = await filled(store)
    await changed(sqlite, "UPDATE events SET text = CAST(x'78ff79' AS TEXT) WHERE idx = 1")
    async with SqlStore.open(sqlite) as store:
        assert [getattr(event.what, "text", "") for event in await kept(store, room)] == ["", "x\ufffdy", "plugh"]
    assert {line[:4] for line in await lines(sqlite)} == {"ok  "}


async def test_of_an_older_versions_database_only_what_it_has_is_checked(sqlite: str) -> None:
    async with SqlStore.open(sqlite) as store:
        await filled(store)
    await changed(sqlite, "UPDATE alembic_version SET version_num = '0003'", "ALTER TABLE rooms DROP COLUMN tally")
    assert [line[:4] for line in await lines(sqlite)] == ["look", "ok  ", "ok  ", "ok  ", "ok  "]


async def test_a_room_that_is_over_and_counts_as_open_deserves_a_look(database: str) -> None:
    async with SqlStore.open(database) as store:
        room = await store.open_room(record())
        await store.append(room, every_kind())
    looks = [line for line in await lines(database) if not line.startswith("ok")]
    assert looks == [f"look  room {room}: it is over, and its row says that it is open; the next start mends that"]


async def test_rows_of_no_room_are_named(sqlite: str) -> None:
    async with SqlStore.open(sqlite) as store:
        await filled(store)
    await changed(sqlite, "PRAGMA foreign_keys = OFF", "DELETE FROM rooms")
    said = await lines(sqlite)
    assert "FAIL  rows: 3 rows of the table events belong to no room" in said
    await changed(sqlite, "DELETE FROM events WHERE idx > 0")
    assert "FAIL  rows: 1 row of the table events belongs to no room" in await lines(sqlite)


async def test_an_older_versions_database_is_checked_as_it_is(database: str) -> None:
    async with SqlStore.open(database) as store:
        await filled(store)
    await changed(database, "UPDATE alembic_version SET version_num = '0002'")
    assert (await lines(database))[0].startswith("look  tables: those of an older version (0002)")


async def test_a_damaged_file_is_called_so(sqlite: str, tmp_path: Path) -> None:
    async with SqlStore.open(sqlite) as store:
        room = await store.open_room(record())
        await store.append(room, numbered(*(heard("word " * 50) for _ in range(200))))
    spoil(tmp_path / "data/rooms.db")
    assert any(line.startswith("FAIL") for line in await lines(sqlite))
    (tmp_path / "data/rooms.db").write_text("Dear diary, " * 1000)
    (line,) = await lines(sqlite)
    assert "is damaged or not a SQLite database; restore it" in line
    assert "db check" not in line


def spoil(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: 4096 * 20] + b"\xff" * 4096 * 4 + whole[4096 * 24 :])


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "was written by a newer version"),
        ("DROP TABLE alembic_version", "is not one of Rooms Bot's"),
    ],
)
async def test_what_cannot_be_checked_is_said(database: str, statement: str, sentence: str) -> None:
    async with SqlStore.open(database):
        pass
    await changed(database, statement)
    with pytest.raises(SetupError, match=sentence):
        await lines(database)


# The commands


@pytest.fixture
def chosen(sqlite: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The environment says that this is the database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOMS_DATABASE_URL", sqlite)
    return sqlite


def made(address: str) -> None:
    async def make() -> None:
        async with SqlStore.open(address) as store:
            await filled(store)

    asyncio.run(make())


def test_the_commands_say_by_their_codes_how_it_went(
    chosen: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["db", "check"]) == 2
    assert "is not there, so there is nothing to check" in capsys.readouterr().err
    made(chosen)
    assert main(["db", "check"]) == 0
    assert main(["db", "backup", "copy.db"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("was copied to copy.db (0.1 MB).")
    assert main(["db", "backup", "copy.db"]) == 2
    assert capsys.readouterr().err == "copy.db is there already; name a file that is not.\n"
    with closing(sqlite3.connect(tmp_path / "data/rooms.db")) as other, other:
        other.execute("DELETE FROM events WHERE idx = 0")
    assert main(["db", "check"]) == 1
    assert "FAIL  room 1: 1 of its events is missing" in capsys.readouterr().out
