"""Whether each room can be read as the bot reads it: its row, its seats, and what happened in it."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Column, RowMapping, Select, Text, cast, func, or_, select

from rooms_bot.domain.events import Event
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import Seat
from rooms_bot.domain.talk import Phase
from rooms_bot.findings import Finding, counted
from rooms_bot.store.database import Database
from rooms_bot.store.desk import FAULTS
from rooms_bot.store.rows import to_event, to_room
from rooms_bot.store.schema import events, rooms, seats

JSONS = ("config", "opened_by", "tally")
"""Columns of a room's row."""


async def histories(database: Database, *, rows: bool) -> AsyncIterator[Finding]:
    """Each room about which there is something to say, or that there is none; without `rows` only what happened."""
    bad = 0
    gaps = await _read(database, _gaps())
    for gap in gaps:
        yield _bad(gap["room"], _gap(**gap))
    for room in await _read(database, select(rooms.c.id, rooms.c.open).order_by(rooms.c.id)):
        number, whole = room["id"], room["id"] not in {gap["room"] for gap in gaps}
        if rows and (wrong := await _row(database, number)):
            bad += 1
            yield _bad(number, wrong)
        # Of those with gaps more would be said than helps.
        finding = await _history(database, number, room["open"]) if whole else None
        if finding is not None:
            bad += finding.good is False
            yield finding
    if not bad and not gaps:
        yield Finding(True, "events: no room has a gap, and each room's can be read")


def _bad(room: int, what: str) -> Finding:
    return Finding(False, f"room {room}: {what}; no other room is affected, and a backup has it as it was")


def _gap(room: int, first: int, last: int, count: int) -> str:
    del room
    missing = counted(last + 1 - count, "of its events is missing", "of its events are missing")
    return f"{missing} (it has {count}, from {first} to {last})"


async def _row(database: Database, room: int) -> str:
    """What of its row and its seats cannot be read; nothing where all can."""
    found = await _read(database, _rows_of(room))
    for row in found:
        try:
            Seat.model_validate(_parsed(row, "body"))
        except FAULTS as error:
            return f"its seat {row['seat']} cannot be read ({_reason(error)})"
    try:
        to_room([{**row, **{name: _parsed(row, name) for name in (*JSONS, "body")}} for row in found])
    except FAULTS as error:
        return f"its row cannot be read ({_reason(error)})"
    return ""


async def _history(database: Database, room: int, is_open: bool) -> Finding | None:
    told, seen = list[Event](), list[Event]()
    for row in await _read(database, _events_of(room)):
        try:
            told.append(to_event({**row, "body": _parsed(row, "body")}))
        except FAULTS as error:
            return _bad(room, f"event {row['idx']} ({row['kind']}) cannot be read ({_reason(error)})")
    try:
        over = bool(told) and fold(_noted(told, seen)).phase is Phase.CLOSED
    except FAULTS as error:
        return _bad(room, f"event {seen[-1].index} ({seen[-1].what.kind}) makes no sense there ({_reason(error)})")
    if is_open and over:
        return Finding(None, f"room {room}: it is over, and its row says that it is open; the next start mends that")
    return None


def _noted(events: Iterable[Event], seen: list[Event]) -> Iterator[Event]:
    for event in events:
        seen.append(event)
        yield event


def _parsed(row: Mapping[Any, Any], column: str) -> Mapping[str, Any]:
    """Raises `ValueError`."""
    try:
        value = json.loads(row[column])
    except (RecursionError, TypeError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise ValueError(f"{column}: it is no JSON object")
    return value


def _reason(error: BaseException) -> str:
    """Which field it is and what is wrong with it, never what stands in it."""
    if not isinstance(error, ValidationError):
        return str(error) if type(error) is ValueError else f"{type(error).__name__} {error}"
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":
        return "this version knows no such kind"
    field = ".".join(map(str, first["loc"][2:] if first["loc"][:1] == ("what",) else first["loc"]))
    return f"{field}: {first['msg']}"


def _gaps() -> Select[Any]:
    index, count = events.c.idx, func.count()
    span = func.min(index).label("first"), func.max(index).label("last"), count.label("count")
    summed = select(events.c.room, *span).group_by(events.c.room)
    return summed.having(or_(func.min(index) != 0, func.max(index) + 1 != count)).order_by(events.c.room)


def _rows_of(room: int) -> Select[Any]:
    """The room's row with each of its seats, as `to_room` takes them, but for JSON that is not parsed."""
    own = [_raw(column) if column.name in JSONS else column for column in rooms.c]
    joined = select(*own, seats.c.seat, _raw(seats.c.body)).join(seats)
    return joined.where(rooms.c.id == room).order_by(seats.c.place)


def _events_of(room: int) -> Select[Any]:
    own = [_raw(column) if column.name == "body" else column for column in events.c]
    return select(*own).where(events.c.room == room).order_by(events.c.idx)


def _raw(column: Column[Any]) -> Any:
    return cast(column, Text).label(column.name)


async def _read(database: Database, wanted: Select[Any]) -> Sequence[RowMapping]:
    return await database.read(lambda connection: connection.execute(wanted).mappings().all())
