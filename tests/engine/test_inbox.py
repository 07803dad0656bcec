"""However much comes in to a room that cannot take it in just now, its inbox has an end; nobody waits in vain."""

import asyncio
from collections.abc import Sequence

import pytest

from rooms_bot.domain.events import Happening
from rooms_bot.domain.state import RoomState
from rooms_bot.engine.inbox import MOST, MOST_ASKED, MOST_VITAL, Inbox
from rooms_bot.errors import Refused
from tests.engine.conftest import CHANNEL, Stage, heard
from tests.engine.fakes import saying


def nothing(_: RoomState) -> Sequence[Happening]:
    return ()


def test_what_happens_in_the_channel_is_taken_up_to_a_bound() -> None:
    inbox = Inbox()
    assert sum(inbox.deliver(nothing) for _ in range(MOST + 10)) == MOST
    assert len(list(inbox.take())) == MOST
    assert inbox.deliver(nothing)


def test_what_is_held_back_counts_too() -> None:
    inbox = Inbox()
    inbox.hold()
    assert sum(inbox.deliver(nothing) for _ in range(MOST + 10)) == MOST
    inbox.release()
    assert not inbox.deliver(nothing)
    assert len(list(inbox.take())) == MOST


def test_what_must_not_be_missed_has_room_where_nothing_else_has() -> None:
    inbox = Inbox()
    for _ in range(MOST):
        inbox.deliver(nothing)
    assert sum(inbox.deliver(nothing, vital=True) for _ in range(MOST_VITAL)) == MOST_VITAL - MOST


def test_what_the_room_itself_puts_in_always_has_room() -> None:
    inbox = Inbox()
    for _ in range(MOST):
        inbox.deliver(nothing)
    inbox.put(nothing)
    assert len(list(inbox.take())) == MOST + 1


async def test_a_command_is_never_dropped_but_refused_with_a_sentence() -> None:
    inbox = Inbox()
    for _ in range(MOST):
        inbox.deliver(nothing)
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(inbox.ask(nothing)) for _ in range(MOST_ASKED)]
        await asyncio.sleep(0)
        with pytest.raises(Refused, match="does not keep up"):
            await inbox.ask(nothing)
        for item in inbox.take():
            item.answer()
    assert all(task.done() for task in asked)


async def test_who_no_longer_waits_takes_no_room() -> None:
    inbox = Inbox()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(MOST_ASKED):
            tasks.create_task(inbox.ask(nothing))
        await asyncio.sleep(0)
        for item in inbox.take():
            item.answer()
        last = tasks.create_task(inbox.ask(nothing))
        await asyncio.sleep(0)
        for item in inbox.take():
            item.answer()
        await last


async def test_a_crowd_in_one_moment_is_let_go_and_what_is_deleted_is_forgotten(stage: Stage) -> None:
    room, page = await stage.open({"Ada": saying("hello")}, agents_answer="people")
    await page.told("waiting")
    taken = [stage.house.hear(CHANNEL, heard("now!", source=10_000 + at)) for at in range(MOST + 5)]
    assert taken == [True] * MOST + [False] * 5
    stage.house.deleted(CHANNEL, 10_000)
    await page.told("deleted")
    assert len(room.state.lines) >= MOST
    assert room.state.line(10_000 + MOST) is None
    assert stage.house.hear(CHANNEL, heard("and now?"))
