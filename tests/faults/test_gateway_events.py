"""Discord's gateway tells things twice, in the wrong order, or so that they cannot be read."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.domain.events import Resumed
from rooms_bot.sandbox.server import Sandbox
from tests.faults.afterwards import well
from tests.faults.table import fault
from tests.faults.talking import TOLD, Talk, dialled_at_once, talk

__all__ = ["dialled_at_once"]
pytestmark = pytest.mark.usefixtures("dialled_at_once")

SLOW = pytest.mark.slow


async def resume(room: Talk) -> None:
    back = room.bot.wait_for("resumed", timeout=10)
    room.gateway.drop_all()
    await back


@fault("Discord's gateway", "after a lost connection all of the last hour is told again", "nothing")
async def test_what_is_told_again_is_heard_once(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        room.lounge.say("Before.")
        await room.until_heard("Before.")
        room.gateway.faults.again = 1000
        await resume(room)
        await room.goes_on("Before.")


@SLOW
@fault("Discord's gateway", "each message is told twice", "nothing")
async def test_a_message_that_is_told_twice_is_heard_once(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        room.lounge.say("Before.")
        room.gateway.repeat("MESSAGE_CREATE")
        await room.goes_on("Before.")


@fault("Discord's gateway", "a command is told twice", "one answer")
async def test_a_command_that_is_told_twice_is_carried_out_once(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with talk(sandbox, tmp_path) as room, asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(room.lounge.do("room next"))
        await asyncio.sleep(0)
        room.gateway.repeat("INTERACTION_CREATE")
        await asked
        await room.lounge.until_told(TOLD, 2)
        await room.goes_on()
        assert len(await pushes(room)) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@fault("Discord's gateway", "the press of a button is told again after a lost connection", "nothing")
async def test_a_press_that_is_told_again_counts_once(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with talk(sandbox, tmp_path) as room:
        waits = await room.lounge.until_told(TOLD)
        await room.lounge.press(waits, "Continue")
        await room.lounge.until_told(TOLD, 2)
        room.gateway.faults.again = 1000
        await resume(room)
        await room.goes_on()
        assert len(await pushes(room)) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def pushes(room: Talk) -> list[Resumed]:
    """How often somebody asked that the room go on."""
    events = await well(room.lounge, room.bot)
    return [event.what for event in events if isinstance(event.what, Resumed) and event.what.by is not None]


@SLOW
@fault("Discord's gateway", "a deletion is told again", "nothing")
async def test_a_deletion_that_is_told_twice_deletes_once(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        said = room.lounge.say("Before.")
        await room.until_heard("Before.")
        gone = room.bot.wait_for("raw_message_delete", timeout=10)
        sandbox.people.delete(room.lounge.user, said["id"])
        await gone
        room.gateway.repeat("MESSAGE_DELETE", "MESSAGE_CREATE")
        await room.goes_on("")


@fault("Discord's gateway", "a deletion is told before the message that was deleted", "nothing")
async def test_what_is_deleted_before_it_is_told_of_is_never_heard(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        with room.gateway.reversed():
            said = room.lounge.say("Never mind.")
            sandbox.people.delete(room.lounge.user, said["id"])
        await room.goes_on()


@SLOW
@fault("Discord's gateway", "three messages are told in the wrong order", "answers, in the order of the telling")
async def test_messages_in_the_wrong_order_are_all_heard(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        with room.gateway.reversed():
            for word in ("One.", "Two.", "Three."):
                room.lounge.say(word)
        await room.goes_on("Three.", "Two.", "One.")


@SLOW
@fault("Discord's gateway", "an edit is told before the message that was edited", "agents read it as it was")
async def test_a_message_whose_edit_came_first_is_heard_as_it_was(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        with room.gateway.reversed():
            said = room.lounge.say("Befor.")
            sandbox.people.edit(room.lounge.user, said["id"], "Before.")
        await room.goes_on("Befor.")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(
            "WEATHER_UPDATE",
            {"rain": True},
            marks=[fault("Discord's gateway", "an event nobody knows", "nothing"), SLOW],
        ),
        pytest.param(
            "MESSAGE_CREATE",
            {"id": "1"},
            marks=fault("Discord's gateway", "a message without its parts", "nothing"),
        ),
        pytest.param(
            "INTERACTION_CREATE",
            {"id": "1"},
            marks=fault("Discord's gateway", "a command without its parts", "nothing"),
        ),
        pytest.param(
            "GUILD_UPDATE",
            {"id": None},
            marks=[fault("Discord's gateway", "news of a server that is none", "nothing"), SLOW],
        ),
    ],
)
async def test_an_event_that_cannot_be_read_is_left_out(
    sandbox: Sandbox, tmp_path: Path, name: str, data: dict[str, Any]
) -> None:
    async with talk(sandbox, tmp_path) as room:
        await room.endures(lambda: room.gateway.tell(name, data), None)
        assert room.gateway.sessions.identified == 1


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("{", marks=fault("Discord's gateway", "it sends half a payload", "an answer comes late")),
        pytest.param(
            "<html></html>", marks=[fault("Discord's gateway", "it sends a web page", "an answer comes late"), SLOW]
        ),
        pytest.param(
            "[1]", marks=[fault("Discord's gateway", "it sends JSON of another kind", "an answer comes late"), SLOW]
        ),
        pytest.param(
            "[" * 100_000,
            marks=fault("Discord's gateway", "it sends JSON a hundred thousand deep", "an answer comes late"),
        ),
        pytest.param(
            b"\x00garbage\x00\x00\xff\xff",
            marks=fault("Discord's gateway", "what it packed is damaged", "an answer comes late"),
        ),
    ],
)
async def test_what_is_no_payload_costs_the_connection(sandbox: Sandbox, tmp_path: Path, sent: str | bytes) -> None:
    async with talk(sandbox, tmp_path) as room:
        await room.endures(lambda: room.gateway.send(sent), "connect")
        assert room.gateway.sessions.identified == 2
