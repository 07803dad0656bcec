"""Looks a database through without changing anything, also while a bot works on it."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from rooms_bot.errors import SetupError
from rooms_bot.findings import Finding, counted
from rooms_bot.store.address import foreign, is_file, parse, place, unreadable
from rooms_bot.store.database import Database, as_it_is
from rooms_bot.store.histories import histories
from rooms_bot.store.schema import NEWEST

SHOWN = 10
"""Of one kind of damage."""


async def inspected(address: str) -> AsyncIterator[Finding]:
    """Raises `SetupError` where it cannot be looked at."""
    url = parse(address)
    if is_file(url) and _bytes(str(url.database)) is None:
        raise SetupError(f"{place(url)} is not there, so there is nothing to check.")
    async with as_it_is(url) as database:
        try:
            tables = await _version(database, url)
            yield tables
            async for finding in _damage(database, url):
                yield finding
            async for finding in histories(database, rows=tables.good is True):
                yield finding
            yield await _size(database, url)
        except (SQLAlchemyError, OSError) as error:
            if not is_file(url):
                raise unreadable(url, error) from error
            yield Finding(False, str(unreadable(url, error)))


async def _version(database: Database, url: URL) -> Finding:
    known = await database.read(lambda connection: inspect(connection).has_table("alembic_version"))
    found = await _rows(database, "SELECT version_num FROM alembic_version") if known else []
    if not found:
        raise foreign(url)
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
    found = Counter(row[0] for row in await _rows(database, "PRAGMA foreign_key_check"))
    if not found:
        yield Finding(True, "rows: each belongs to a room that is there")
    for table, count in found.items():
        strays = counted(count, f"row of the table {table} belongs", f"rows of the table {table} belong")
        yield Finding(False, f"rows: {strays} to no room")


async def _size(database: Database, url: URL) -> Finding:
    ((all_rooms, live),) = await _rows(database, "SELECT count(*), count(*) FILTER (WHERE open) FROM rooms")
    ((all_events,),) = await _rows(database, "SELECT count(*) FROM events")
    held = f"{counted(live, 'room', 'rooms')} open, {all_rooms - live} over, {counted(all_events, 'event', 'events')}"
    if not is_file(url):
        ((size,),) = await _rows(database, "SELECT pg_database_size(current_database())")
        return Finding(True, f"size: {_mb(size)}; {held}")
    ((free,),) = await _rows(database, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
    size, waiting = (_bytes(f"{url.database}{ending}") or 0 for ending in ("", "-wal"))
    return Finding(True, f"size: {_mb(size)}, {_mb(free)} of it free, and {_mb(waiting)} in its log; {held}")


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
