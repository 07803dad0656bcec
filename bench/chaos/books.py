"""What the database says of the rooms while the bot runs and when it was killed; it is only read here."""

import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from rooms_bot.store.schema import events, rooms

SERVER = os.environ.get("ROOMS_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
ENDS = ("said", "summarised", "passed", "failed")
STEPS = ("planned", "posting", "generated", *ENDS)


@dataclass(frozen=True, slots=True)
class Step:
    """The newest event of a room that is about a turn."""

    room: int
    channel: int
    kind: str
    text: str

    def stands(self, contents: Iterable[str]) -> str:
        """How far the turn has come, where this is what agents' messages in the channel say."""
        if self.kind in ENDS:
            return "between turns"
        if self.kind != "generated":
            return self.kind
        standing, words = " ".join(" ".join(contents).split()), self.text.split()
        if " ".join(words[-4:]) in standing:
            return "generated and posted"
        return "generated and half posted" if " ".join(words[:2]) in standing else "generated"


class Books:
    """One connection for each look, so that none keeps a killed bot's database open."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def has_answer(self, channel: int) -> bool:
        """Whether the turn that was planned last in this channel's room has its answer already."""
        newest = select(events.c.kind).join(rooms, rooms.c.id == events.c.room)
        mine = newest.where(rooms.c.channel == channel, events.c.kind.in_(("planned", "generated")))
        found = await self._read(mine.order_by(events.c.idx.desc()).limit(1))
        return bool(found) and found[0][0] == "generated"

    async def steps(self) -> list[Step]:
        """Where each room's newest turn stands."""
        newest = select(events.c.room, func.max(events.c.idx).label("idx")).where(events.c.kind.in_(STEPS))
        last = newest.group_by(events.c.room).subquery()
        found = (
            select(events.c.room, rooms.c.channel, events.c.kind, events.c.text)
            .join(last, (last.c.room == events.c.room) & (last.c.idx == events.c.idx))
            .join(rooms, rooms.c.id == events.c.room)
        )
        return [Step(row[0], row[1], row[2], row[3] or "") for row in await self._read(found)]

    async def ended(self) -> Mapping[int, int]:
        """By room how many turns came to an end."""
        count = select(events.c.room, func.count()).where(events.c.kind.in_(ENDS)).group_by(events.c.room)
        return {row[0]: row[1] for row in await self._read(count)}

    async def gaps(self) -> list[int]:
        """Rooms whose events are not numbered from 0 without a gap."""
        span = select(events.c.room, func.count(), func.max(events.c.idx)).group_by(events.c.room)
        return [room for room, count, last in await self._read(span) if count != last + 1]

    async def numbers(self) -> Mapping[int, int]:
        """Rooms by their channels."""
        return {row[1]: row[0] for row in await self._read(select(rooms.c.id, rooms.c.channel))}

    async def _read(self, query: Select[Any]) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            found: Sequence[Any] = (await connection.execute(query)).all()
            return found


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[tuple[str, Books]]:
    """The bot's own address of a database in this folder, and its books. Reading leaves no trace in the file."""
    file = folder / "rooms.sqlite"
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{file.as_posix()}?mode=ro&uri=true", poolclass=NullPool)
    yield f"sqlite+aiosqlite:///{file.as_posix()}", Books(engine)
    await engine.dispose()


@asynccontextmanager
async def postgres(_: Path) -> AsyncIterator[tuple[str, Books]]:
    """The same of a database that is there for this run alone. Raises `OSError` where there is no server."""
    name = f"rooms_chaos_{uuid4().hex[:12]}"
    await _on_server(f"CREATE DATABASE {name}")
    address = f"{SERVER}/{name}".replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=NullPool)
    try:
        yield address, Books(engine)
    finally:
        await engine.dispose()
        await _on_server(f"DROP DATABASE {name} WITH (FORCE)")


async def _on_server(statement: str) -> None:
    try:
        connection = await asyncpg.connect(f"{SERVER}/postgres", timeout=5)
    except (TimeoutError, asyncpg.PostgresError) as error:
        raise OSError(f"no PostgreSQL at {SERVER}: {error}") from error
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
