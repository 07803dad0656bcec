"""The database goes wrong under a room: nothing is lost, nothing comes twice, and the room goes on when it is over."""

import asyncio
import logging
import os
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import Connection

from rooms_bot import app
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.errors import SetupError
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.store import sqlite as files
from rooms_bot.store.sql import SqlStore
from tests.faults.afterwards import well
from tests.faults.machine import Machine, machine
from tests.faults.table import fault
from tests.store.wire import Wire, wire
from tests.wire.channel import bot_in, contents, settings_for
from tests.wire.test_long_room import QuickClock


class Told(logging.Handler):
    """Waits for words in the log."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words, self._said = words, asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self._words in record.getMessage():
            self._said.set()

    async def wait(self) -> None:
        async with asyncio.timeout(15):
            await self._said.wait()


@contextmanager
def told(words: str) -> Iterator[Told]:
    handler = Told(words)
    logging.getLogger("rooms_bot").addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger("rooms_bot").removeHandler(handler)


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot in this process, whose clock goes ten times as fast, and what its agents say."""

    bot: RoomsBot
    here: Machine

    async def goes_on(self, posts: int = 3) -> None:
        """The room comes to so many answers, hears somebody and comes to three more, each of them once."""
        lounge = self.here.lounge
        await self.here.waits()
        assert len(lounge.posts()) == posts, contents(lounge.posts())
        lounge.say("And now?")
        await self.here.waits(2)
        said = contents(lounge.posts())
        assert len(said) == len(set(said)) == posts + 3, said
        await well(lounge, self.bot)


@asynccontextmanager
async def stage(sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> AsyncIterator[Stage]:
    async with machine(sandbox, folder) as here:
        monkeypatch.setenv("WITS", here.wits.address)
        mine = {"rooms_model": "python/wits.py:speak", "rooms_plugins_dir": folder}
        mine |= {"rooms_personas_dir": folder / "personas"}
        async with bot_in(sandbox, folder / "data", clock=QuickClock(10), **(mine | more)) as bot:
            yield Stage(bot, here)


@contextmanager
def locked(folder: Path) -> Iterator[sqlite3.Connection]:
    """By another program."""
    with closing(sqlite3.connect(folder / "data" / "rooms.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@fault("The database", "another program locks it for less than 30 seconds", "the answer comes late, once")
async def test_a_lock_is_waited_for(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(sandbox, tmp_path, monkeypatch) as on:
        slow = await on.here.thinks("It rises.")
        with locked(tmp_path):
            slow.go()
            assert "Bread" in await on.here.lounge.do("room status")
            assert on.here.lounge.posts() == []
        await on.goes_on()
        assert len(on.here.wits.requests) == 6


@fault("The database", "another program locks it for longer", "answers come once it is free; none is lost")
async def test_a_lock_that_is_not_let_go_is_outlasted(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_MS", 20)
    async with stage(sandbox, tmp_path, monkeypatch) as on:
        slow = await on.here.thinks("It rises.")
        with locked(tmp_path), told("met a fault (2 so far)") as failed:
            slow.go()
            await failed.wait()
            on.here.lounge.say("@Kenji, do you hear me?")
            assert "Bread" in await on.here.lounge.do("room status")
        await on.goes_on()


async def pragma(bot: RoomsBot, order: str) -> Any:
    """Set on the connection that writes; what it says."""
    store = bot.furniture.store
    assert isinstance(store, SqlStore)

    def ordered(connection: Connection) -> Any:
        made = connection.exec_driver_sql(f"PRAGMA {order}")
        return made.scalar() if made.returns_rows else None

    return await store._database.write(ordered)


@fault("The database", "its disk is full", "answers come once there is room; none is lost")
async def test_a_full_disk_is_outlasted(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(sandbox, tmp_path, monkeypatch) as on:
        slow = await on.here.thinks(" ".join(f"This is sentence number {number}." for number in range(150)))
        await pragma(on.bot, f"max_page_count = {await pragma(on.bot, 'page_count')}")
        with told("met a fault") as failed, told("disk is full") as full:
            slow.go()
            await full.wait()
            await failed.wait()
        assert "Bread" in await on.here.lounge.do("room status")
        await pragma(on.bot, "max_page_count = 99999")
        await on.goes_on()


@pytest.mark.slow
@fault("The database", "it may only be read for a moment", "nothing")
async def test_what_may_only_be_read_is_opened_anew(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch) as on:
        slow = await on.here.thinks("It rises.")
        await pragma(on.bot, "query_only = ON")
        slow.go()
        await on.goes_on()


@fault(
    "The database",
    "its file is damaged while the bot runs",
    "an export fails with a sentence; the room goes on, and exports work once the file is mended",
)
async def test_a_damaged_file_can_be_mended_under_the_bot(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch) as on:
        slow = await on.here.thinks("It rises.")
        await pragma(on.bot, "wal_checkpoint(TRUNCATE)")
        file = tmp_path / "data" / "rooms.sqlite"
        whole = file.read_bytes()
        file.write_bytes(whole[: 4096 * 2] + b"\xff" * (len(whole) - 4096 * 2))
        with told("is damaged") as damaged:
            assert "Its operator finds the reason in the log" in await on.here.lounge.do(
                "room export", format="markdown"
            )
            await damaged.wait()
        slow.go()
        await on.here.lounge.until_posts(1)
        file.write_bytes(whole)
        await on.goes_on()


# At the start


def letter(file: Path) -> None:
    file.write_text("This is a letter, not a database. " * 200)


def holed(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE words (word TEXT)")
        other.executemany("INSERT INTO words VALUES (?)", [("word" * 100,)] * 500)
        other.commit()
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xaa" * 40_000 + whole[48_192:])


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("INSERT INTO alembic_version VALUES ('9999')")
        other.commit()


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE songs (title TEXT)")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(
            letter,
            "is damaged or not a SQLite database; restore it from a backup",
            marks=fault("The database", "its file is none", "no bot: it does not start and says why"),
        ),
        pytest.param(
            holed,
            "is damaged or not a SQLite database; restore it from a backup",
            marks=fault("The database", "its file is damaged at the start", "no bot: it does not start and says why"),
        ),
        pytest.param(
            newer,
            "was written by a newer version",
            marks=fault("The database", "a newer version has written it", "no bot: it does not start and says why"),
        ),
        pytest.param(
            foreign,
            "belongs to another program",
            marks=fault("The database", "it is another program's", "no bot: it does not start and says why"),
        ),
        pytest.param(
            Path.mkdir,
            "cannot be",
            marks=fault("The database", "its file is a folder", "no bot: it does not start and says why"),
        ),
    ],
)
async def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    sandbox: Sandbox, tmp_path: Path, make: Any, sentence: str
) -> None:
    make(tmp_path / "rooms.sqlite")
    told = await refusal(sandbox, tmp_path)
    assert sentence in told
    assert "\n" not in told
    assert sandbox.gateway.sessions.identified == 0


@contextmanager
def unwritable(folder: Path) -> Iterator[Path]:
    """A folder in which nobody may write; root may in any, so for root it is on a disk that is only to be read."""
    made = folder / "unwritable"
    made.mkdir(mode=0o555)
    if os.geteuid() != 0:
        yield made
        return
    if subprocess.run(("mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", made), check=False).returncode:
        pytest.skip("root may write in any folder, and this one may not mount a disk that is only to be read")
    try:
        yield made
    finally:
        subprocess.run(("umount", made), check=True)


@fault("The database", "its folder cannot be written", "no bot: it does not start and says why")
async def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    with unwritable(tmp_path) as folder:
        told = await refusal(sandbox, folder)
    assert "cannot be written" in told
    assert f"let this user write in {folder}" in told


async def refusal(sandbox: Sandbox, folder: Path) -> str:
    """With what sentence the bot does not start on the database in this folder."""
    with pytest.raises(SetupError) as refused:
        await app.run(settings_for(sandbox, folder))
    return str(refused.value)


@fault("The database", "PostgreSQL does not answer at the start", "no bot: it does not start and says why")
async def test_a_server_that_is_away_at_the_start_is_told_in_a_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    nobody = "postgresql://rooms:hunter2@127.0.0.1:9/rooms"
    with pytest.raises(SetupError, match="check that it runs") as refused:
        await app.run(settings_for(sandbox, tmp_path, rooms_database_url=nobody))
    assert "hunter2" not in str(refused.value)


# Two bots


@fault("The database", "a second bot is started on the same file", "nothing: the second ends and says why")
async def test_a_second_bot_on_the_same_file_is_refused(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch) as on:
        slow = await on.here.thinks("It rises.")
        with pytest.raises(SetupError, match="in use by another Rooms Bot"):
            await app.run(settings_for(sandbox, tmp_path / "data"))
        slow.go()
        await on.goes_on()


@pytest.mark.slow
@fault("The database", "a second bot is started on the same PostgreSQL", "nothing: the second ends and says why")
async def test_a_second_bot_on_the_same_server_is_refused(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: str
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, rooms_database_url=postgres) as on:
        slow = await on.here.thinks("It rises.")
        with pytest.raises(SetupError, match="in use by another Rooms Bot"):
            await app.run(settings_for(sandbox, tmp_path, rooms_database_url=postgres))
        slow.go()
        await on.goes_on()


# PostgreSQL


@pytest.fixture
async def cable(postgres: str) -> AsyncIterator[tuple[Wire, str]]:
    async with wire(postgres) as made:
        yield made


@pytest.mark.slow
@fault("The database", "PostgreSQL ends the bot's connections", "nothing")
async def test_connections_that_are_ended_are_made_anew(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: str
) -> None:
    async with stage(sandbox, tmp_path, monkeypatch, rooms_database_url=postgres) as on:
        slow = await on.here.thinks("It rises.")
        await terminate(postgres)
        slow.go()
        await on.here.lounge.until_posts(1)
        await terminate(postgres)
        await on.goes_on()


async def terminate(postgres: str) -> None:
    """As its restart does, or its operator."""
    other = await asyncpg.connect(postgres)
    try:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        await other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    finally:
        await other.close()


@fault("The database", "PostgreSQL is away for a while", "answers come once it is back; none is lost")
async def test_a_server_that_comes_back_is_gone_on_with(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cable: tuple[Wire, str]
) -> None:
    there, address = cable
    async with stage(sandbox, tmp_path, monkeypatch, rooms_database_url=address) as on:
        slow = await on.here.thinks("It rises.")
        there.whole = False
        there.cut()
        with told("met a fault (2 so far)") as failed:
            slow.go()
            await failed.wait()
        assert "Bread" in await on.here.lounge.do("room status")
        there.whole = True
        await on.goes_on()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(
            "before",
            marks=fault("The database", "the connection is lost before a commit", "the answer comes late, once"),
        ),
        pytest.param(
            "after",
            marks=fault(
                "The database", "the connection is lost before a commit's answer", "the answer comes late, once"
            ),
        ),
    ],
)
@pytest.mark.parametrize("posted", [pytest.param(False, marks=pytest.mark.slow), True])
async def test_a_commit_whose_outcome_is_unknown_costs_no_turn_and_doubles_none(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cable: tuple[Wire, str],
    moment: str,
    posted: bool,
) -> None:
    there, address = cable

    def cut() -> None:
        there.cut_at_commit = moment

    async with stage(sandbox, tmp_path, monkeypatch, rooms_database_url=address) as on:
        slow = await on.here.thinks("It rises.")
        if posted:
            on.here.after_posts(1, cut)
        else:
            cut()
        with told("met a fault") as failed:
            slow.go()
            await failed.wait()
        there.cut_at_commit = ""
        await on.goes_on()
