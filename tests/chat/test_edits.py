"""Edits that come faster than their author may say things."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from rooms_bot.chat.edits import MOST, Edits
from rooms_bot.chat.flood import MESSAGES, SECONDS, Flood
from tests.engine.fakes import TurnedClock

START = 1_800_000_000.0
ONE = SECONDS / MESSAGES


def message(text: str, number: int = 1, at: float = START) -> Any:
    """As much of a message of Sam's as is read of one."""
    nobody: dict[str, Any] = {"mentions": [], "role_mentions": [], "channel_mentions": [], "attachments": []}
    more: dict[str, Any] = {"stickers": [], "message_snapshots": [], "embeds": [], "poll": None, "webhook_id": None}
    author, channel = SimpleNamespace(id=7, display_name="Sam", name="sam", bot=False), SimpleNamespace(id=3)
    edited = datetime.fromtimestamp(at, UTC)
    return SimpleNamespace(
        id=number, content=text, author=author, channel=channel, edited_at=edited, created_at=edited, **nobody, **more
    )


async def used_up(edits: Edits) -> None:
    for number in range(MESSAGES):
        assert await edits.newest(message("slow", number)) == "slow"


async def test_who_changes_a_message_too_often_is_heard_late_and_with_the_last_text() -> None:
    clock = TurnedClock(START)
    edits = Edits(Flood(), clock)
    await used_up(edits)
    async with asyncio.TaskGroup() as tasks:
        late = tasks.create_task(edits.newest(message("first")))
        await clock.until_asleep(ONE)
        assert [await edits.newest(message(text)) for text in ("second", "third")] == [None, None]
        clock.advance(ONE)
        assert await late == "third"
    assert await edits.newest(message("slow again", at=START + 5)) == "slow again"


async def test_each_message_has_its_last_text_heard() -> None:
    clock = TurnedClock(START)
    edits = Edits(Flood(), clock)
    await used_up(edits)
    async with asyncio.TaskGroup() as tasks:
        one = tasks.create_task(edits.newest(message("one", 1)))
        await clock.until_asleep(ONE)
        two = tasks.create_task(edits.newest(message("two", 2, START + 0.25 * ONE)))
        await clock.until_asleep(0.75 * ONE)
        clock.advance(ONE)
        assert await two == "two"
        await clock.until_asleep(ONE)
        clock.advance(ONE)
        assert await one == "one"


async def test_what_is_deleted_before_it_is_heard_is_not_heard() -> None:
    clock = TurnedClock(START)
    edits = Edits(Flood(), clock)
    await used_up(edits)
    async with asyncio.TaskGroup() as tasks:
        late = tasks.create_task(edits.newest(message("gone")))
        await clock.until_asleep(ONE)
        edits.gone(1)
        clock.advance(ONE)
        assert await late is None


async def test_not_more_than_so_many_messages_wait_to_be_known_as_they_are_now() -> None:
    edits = Edits(Flood(), TurnedClock(START))
    await used_up(edits)
    async with asyncio.TaskGroup() as tasks:
        late = [tasks.create_task(edits.newest(message("late", 100 + number))) for number in range(MOST)]
        await asyncio.sleep(0)
        assert await edits.newest(message("too late", 99)) is None
        assert len(edits._late) == MOST
        for task in late:
            task.cancel()
