"""What it takes to keep an event: alone, and where many rooms write at once; beside the bare driver doing the same.

PostgreSQL is measured where `ROOMS_BENCH_POSTGRES` names a server that lets a database be made.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from bench.figures import ROUNDS, Row, ratios, show
from bench.rooms import cpu
from bench.words import answer
from rooms_bot.domain.events import Event, Said
from rooms_bot.domain.personas import Persona
from rooms_bot.domain.rooms import Member, Memory, Place, RoomConfig, Seat
from rooms_bot.ports import RoomRecord
from rooms_bot.store.rows import event_row
from rooms_bot.store.sql import SqlStore

ALONE = 300
ROOMS, EACH = 200, 10
WANTED_ALONE, WANTED_TOGETHER = "≤ 0.8", "≤ 0.08"
SERVER = os.environ.get("ROOMS_BENCH_POSTGRES", "")

BARE = "INSERT INTO events (room, idx, at, kind, text, body) VALUES (?, ?, ?, ?, ?, ?)"
BARE_POSTGRES = "INSERT INTO events (room, idx, at, kind, text, body) VALUES ($1, $2, $3, $4, $5, $6)"

Rows = list[tuple[Any, ...]]
Write = Callable[[Rows], Awaitable[None]]
Taken = tuple[float, float]
"""Milliseconds per event, of wall and of CPU."""


async def run() -> None:
    with TemporaryDirectory(prefix="rooms-journal-") as folder:
        await _measure("SQLite", f"sqlite:///{folder}/rooms.db", _bare_sqlite(Path(folder) / "rooms.db"))
    if SERVER:
        async with _database() as address:
            await _measure("PostgreSQL", address, _bare_postgres(address))


async def _measure(name: str, address: str, floor: Any) -> None:
    found: dict[str, list[Taken]] = {}
    async with SqlStore.open(address) as store, floor as bare:
        rooms = [await store.open_room(_record()) for _ in range(ROOMS)]
        first = 0
        for _ in range(ROUNDS):
            for way, taken in (
                ("ours alone", await _alone(store, rooms[0], first)),
                ("bare alone", await _bare_alone(bare, rooms[0], first + ALONE)),
                ("ours together", await _together(store, rooms, first + 2 * ALONE)),
                ("bare together", await _bare_together(bare, rooms, first + 2 * ALONE + EACH)),
            ):
                found.setdefault(way, []).append(taken)
            first += 2 * (ALONE + EACH)
    show(f"journal: milliseconds per event kept, {name}", [*_rows(found)])


def _rows(found: dict[str, list[Taken]]) -> list[Row]:
    rows = []
    for way, wanted in (("alone", WANTED_ALONE), ("together", WANTED_TOGETHER)):
        words = "one at a time" if way == "alone" else f"{ROOMS * EACH:,} of {ROOMS} rooms at once"
        ours, bare = found[f"ours {way}"], found[f"bare {way}"]
        rows += [
            Row(f"{words}, wall", "ms", [wall for wall, _ in ours], wanted),
            Row(f"{words}, CPU", "ms", [busy for _, busy in ours]),
            Row(f"{words}, wall of the bare driver", "ms", [wall for wall, _ in bare]),
            ratios(f"{words}, CPU against the bare driver's", [busy for _, busy in ours], [busy for _, busy in bare]),
        ]
    return rows


async def _timed(work: Awaitable[object], count: int) -> Taken:
    wall, busy = time.perf_counter(), cpu()
    await work
    return (time.perf_counter() - wall) * 1000 / count, (cpu() - busy) / count


async def _alone(store: SqlStore, room: int, first: int) -> Taken:
    async def talk() -> None:
        for event in _events(first, ALONE):
            await store.append(room, [event])

    return await _timed(talk(), ALONE)


async def _together(store: SqlStore, rooms: Sequence[int], first: int) -> Taken:
    """Each room waits for its own event before it brings the next."""
    events = _events(first, EACH)

    async def talk(room: int) -> None:
        for event in events:
            await store.append(room, [event])

    async def all_talk() -> None:
        async with asyncio.TaskGroup() as tasks:
            for room in rooms:
                tasks.create_task(talk(room))

    return await _timed(all_talk(), ROOMS * EACH)


async def _bare_alone(write: Write, room: int, first: int) -> Taken:
    async def talk() -> None:
        for event in _events(first, ALONE):
            await write([_row(room, event)])

    return await _timed(talk(), ALONE)


async def _bare_together(write: Write, rooms: Sequence[int], first: int) -> Taken:
    async def talk() -> None:
        for event in _events(first, EACH):
            await write([_row(room, event) for room in rooms])

    return await _timed(talk(), ROOMS * EACH)


@asynccontextmanager
async def _bare_sqlite(file: Path) -> AsyncIterator[Write]:
    """`sqlite3` in a thread: a commit for each call."""
    with ThreadPoolExecutor(1) as thread, closing(sqlite3.connect(file, check_same_thread=False)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

        def commit(rows: Rows) -> None:
            connection.executemany(BARE, rows)
            connection.commit()

        async def write(rows: Rows) -> None:
            await asyncio.get_running_loop().run_in_executor(thread, commit, rows)

        yield write


@asynccontextmanager
async def _bare_postgres(address: str) -> AsyncIterator[Write]:
    import asyncpg  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra, and seldom measured

    connection = await asyncpg.connect(address)

    async def write(rows: Rows) -> None:
        await connection.executemany(BARE_POSTGRES, rows)

    yield write
    await connection.close()


@asynccontextmanager
async def _database() -> AsyncIterator[str]:
    """One that is there for the while."""
    import asyncpg  # noqa: PLC0415 - see _bare_postgres

    name = f"rooms_bench_{uuid4().hex[:12]}"
    server = await asyncpg.connect(f"{SERVER}/postgres")
    await server.execute(f"CREATE DATABASE {name}")
    yield f"{SERVER}/{name}"
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


def _row(room: int, event: Event) -> tuple[Any, ...]:
    row = event_row(room, event)
    return (*(row[name] for name in ("room", "idx", "at", "kind", "text")), json.dumps(row["body"]))


def _events(first: int, count: int) -> list[Event]:
    at = datetime.now(UTC)
    return [
        Event(index=index, at=at, what=Said(turn=index, seat=1, text=answer(index), posts=(2**60 + index,)))
        for index in range(first, first + count)
    ]


def _record() -> RoomRecord:
    host, ada = (Seat(id=number, name=name, persona=Persona(name=name)) for number, name in enumerate(("Host", "Ada")))
    return RoomRecord(
        id=0,
        place=Place(guild=1, channel=1, parent=1),
        config=RoomConfig(topic="tea", memory=Memory.DURABLE),
        moderator=host,
        seats=(ada,),
        opened_by=Member(id=1, name="Al"),
        opened_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    asyncio.run(run())
