"""The law of a bot that is killed in the middle of its work: what it was told is kept is there, whole and in order."""

import asyncio
import subprocess
import sys

import pytest

from rooms_bot.store.sql import SqlStore
from tests.store.samples import kept
from tests.store.test_upkeep import lines

ROOMS = 8

TALK = """
import asyncio, sys
from rooms_bot.store import tidying
from rooms_bot.store.sql import SqlStore
from tests.store.samples import heard, numbered, record

tidying.AFTER = tidying.SHARE = 0

async def talk(store, room):
    index = 0
    while True:
        count = 1 + index % 3
        await store.append(room, numbered(*(heard(f"{room}:{i} " * 40, i + 1) for i in range(count)), first=index))
        index += count
        print(room, index, flush=True)
        if index % 7 == 0:
            await store.rewrite(room, {index // 2: "something else"})

async def main():
    async with SqlStore.open(sys.argv[1]) as store, asyncio.TaskGroup() as tasks:
        for _ in range(int(sys.argv[2])):
            tasks.create_task(talk(store, await store.open_room(record())))

asyncio.run(main())
"""


async def killed(address: str, after: int) -> dict[int, int]:
    """By room how many events the bot was told are kept before it was killed, which took so many lines."""
    told: dict[int, int] = {}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", TALK, address, str(ROOMS), stdout=subprocess.PIPE
    )
    assert process.stdout
    for _ in range(after):
        room, count = map(int, (await process.stdout.readline()).split())
        told[room] = count
    process.kill()
    rest = (await process.communicate())[0].decode()
    for line in rest.splitlines(keepends=True):
        if line.endswith("\n"):
            room, count = map(int, line.split())
            told[room] = count
    return told


@pytest.mark.parametrize("after", [pytest.param(40, marks=pytest.mark.slow), 300])
async def test_what_was_kept_is_there_whole_and_in_order(database: str, after: int) -> None:
    told = await killed(database, after)
    async with SqlStore.open(database) as store:
        for room, count in told.items():
            there = [event.index for event in await kept(store, room)]
            assert there == list(range(len(there)))
            assert count <= len(there) <= count + 3
    assert not [line for line in await lines(database) if "file" in line and line.startswith("FAIL")]
