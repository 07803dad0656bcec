"""Looks a database through without changing anything, also while a bot works on it."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Select, func, inspect, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from rooms_bot.domain.fold import fold
from rooms_bot.domain.talk import Phase
from rooms_bot.errors import SetupError
from rooms_bot.findings import Finding
from rooms_bot.store.address import is_file, parse, place, unusable
from rooms_bot.store.database import Database, as_it_is
from rooms_bot.store.desk import FAULTS
from rooms_bot.store.rows import to_event
from rooms_bot.store.schema import NEWEST, events, rooms

SHOWN = 10
"""Of one kind of damage."""


async def inspected(address: str) -> AsyncIterator[Finding]:
    """Raises `SetupError` where it cannot be looked at."""
    url = parse(address)
    if is_file(url) and _bytes(str(url.database)) is None:
        raise SetupError(f"{place(url)} is not there, so there is nothing to check.")
    async with as_it_is(url) as database:
        try:
            yield await _version(database, url)
            async for finding in _damage(database, url):
                yield finding
            async for finding in _histories(database):
                yield finding
            yield await _size(database, url)
        except (SQLAlchemyError, OSError) as error:
            if not is_file(url):
                raise unusable(url, error) from error
            yield Finding(False, str(unusable(url, error)))


async def _version(database: Database, url: URL) -> Finding:
    known = await database.read(lambda connection: inspect(connection).has_table("alembic_version"))
    found = await _rows(database, "SELECT version_num FROM alembic_version") if known else []
    if not found:
        raise SetupError(f"{place(url)} is not one of Rooms Bot's: it has none of its tables.")
    revision = str(found[0][0])
    if revision == NEWEST:
        return Finding(True, f"tables: those of this version ({NEWEST})")
    if revision > NEWEST:
        raise SetupError(f"{place(url)} was written by a newer version of Rooms Bot; check it with that one.")
    return Finding(None, f"tables: those of an older version ({revision}); the next start brings them up to {NEWEST}")


async def _damage(database: Database, url: URL) -> AsyncIterator[Finding]:
    if not is_file(url):
        yield Finding(True, "file: PostgreSQL looks after its own; `pg_amcheck` checks them")
        return
    said = [str(row[0]) for row in await _rows(database, f"PRAGMA integrity_check({SHOWN})")]
    if said == ["ok"]:
        yield Finding(True, "file: nothing is damaged")
    for line in [] if said == ["ok"] else said:
        yield Finding(False, f"file: {line}; restore it from a backup")
    strays = Counter(row[0] for row in await _rows(database, "PRAGMA foreign_key_check"))
    if not strays:
        yield Finding(True, "rows: each belongs to a room that is there")
    for table, count in strays.items():
        yield Finding(False, f"rows: {count} of the table {table} belong to no room")


async def _histories(database: Database) -> AsyncIterator[Finding]:
    """Whether what happened in each room is without a gap and makes sense."""
    bad = 0
    for room, first, last, count in await _read(database, _gaps()):
        bad += 1
        missing = last + 1 - count
        yield Finding(
            False, f"room {room}: {missing} of its events are missing (it has {count}, from {first} to {last})"
        )
    for room, is_open in await _read(database, _with_events()):
        finding = await _history(database, room, is_open)
        if finding is not None:
            bad += finding.good is False
            yield finding
    if not bad:
        yield Finding(True, "events: no room has a gap, and each room's can be read")


async def _history(database: Database, room: int, is_open: bool) -> Finding | None:
    wanted = select(events).where(events.c.room == room).order_by(events.c.idx)
    found = await database.read(lambda connection: connection.execute(wanted).mappings().all())
    try:
        state = fold(map(to_event, found))
    except FAULTS as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        return Finding(False, f"room {room}: what happened in it cannot be read ({said[0]})")
    if is_open and state.phase is Phase.CLOSED:
        return Finding(None, f"room {room}: it is over, and its row says that it is open; the next start mends that")
    return None


async def _size(database: Database, url: URL) -> Finding:
    ((all_rooms, live),) = await _rows(database, "SELECT count(*), count(*) FILTER (WHERE open) FROM rooms")
    ((all_events,),) = await _rows(database, "SELECT count(*) FROM events")
    held = f"{live} rooms are open and {all_rooms - live} are over, with {all_events} events"
    if not is_file(url):
        ((size,),) = await _rows(database, "SELECT pg_database_size(current_database())")
        return Finding(True, f"size: {_mb(size)}; {held}")
    ((free,),) = await _rows(database, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
    size, waiting = (_bytes(f"{url.database}{ending}") or 0 for ending in ("", "-wal"))
    return Finding(True, f"size: {_mb(size)}, {_mb(free)} of it free, and {_mb(waiting)} in its log; {held}")


def _gaps() -> Select[Any]:
    index, count = events.c.idx, func.count()
    summed = select(events.c.room, func.min(index), func.max(index), count).group_by(events.c.room)
    return summed.having(or_(func.min(index) != 0, func.max(index) + 1 != count)).order_by(events.c.room)


def _with_events() -> Select[Any]:
    """A room's number, and whether it is open; not those with gaps, of which more would be said than helps."""
    gaps = _gaps().subquery()
    has = select(events.c.room).where(events.c.room == rooms.c.id).exists()
    whole = rooms.c.id.not_in(select(gaps.c.room))
    return select(rooms.c.id, rooms.c.open).where(has, whole).order_by(rooms.c.id)


async def _read(database: Database, wanted: Select[Any]) -> Sequence[Any]:
    return await database.read(lambda connection: connection.execute(wanted).all())


async def _rows(database: Database, statement: str) -> Sequence[Any]:
    return await database.read(lambda connection: connection.execute(text(statement)).all())


def _bytes(path: str) -> int | None:
    """None where there is no such file."""
    try:
        return Path(path).stat().st_size
    except FileNotFoundError:
        return None


def _mb(size: int) -> str:
    return f"{size / 2**20:.1f} MB"
