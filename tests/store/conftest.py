"""Each law of the store is tried on all three: in RAM, SQLite, PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
import pytest

from rooms_bot.ports import Store
from rooms_bot.store.ram import RamStore
from rooms_bot.store.sql import SqlStore
from tests.store.samples import TurnedClock

SERVER = os.environ.get("ROOMS_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


async def _on_server(statement: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(f"{SERVER}/{database}", timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """The address of a database that is there for this run alone."""
    name = f"rooms_test_{uuid4().hex[:12]}"
    try:
        asyncio.run(_on_server(f"CREATE DATABASE {name}"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL at {SERVER}: {error}")
    yield f"{SERVER}/{name}"
    asyncio.run(_on_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres(postgres_database: str) -> str:
    """The same, emptied."""
    name = postgres_database.rpartition("/")[2]
    asyncio.run(_on_server("DROP SCHEMA public CASCADE; CREATE SCHEMA public", name))
    return postgres_database


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/rooms.db"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(params=["ram", "sqlite", "postgres"])
def where(request: pytest.FixtureRequest) -> str:
    """The database's address, or nothing."""
    return "" if request.param == "ram" else str(request.getfixturevalue(request.param))


@pytest.fixture
async def store(where: str, clock: TurnedClock) -> AsyncIterator[Store]:
    if not where:
        yield RamStore(clock.now)
        return
    async with SqlStore.open(where, clock.now) as opened:
        yield opened
