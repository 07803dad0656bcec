"""Discord's gateway ends the connection: the bot comes back, and nobody notices."""

from pathlib import Path

import pytest

from rooms_bot.sandbox.connection import INVALID, control
from rooms_bot.sandbox.sending import DROP
from rooms_bot.sandbox.server import Sandbox
from tests.faults.table import fault
from tests.faults.talking import dialled_at_once, lose, talk

__all__ = ["dialled_at_once"]
pytestmark = pytest.mark.usefixtures("dialled_at_once")

SLOW = pytest.mark.slow
MEMORY = pytest.mark.parametrize("memory", ["ephemeral", "durable"])


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(4000, marks=fault("Discord's gateway", "closed: unknown error (4000)", "nothing")),
        pytest.param(4001, marks=[fault("Discord's gateway", "closed: unknown opcode (4001)", "nothing"), SLOW]),
        pytest.param(4002, marks=[fault("Discord's gateway", "closed: not to be decoded (4002)", "nothing"), SLOW]),
        pytest.param(4003, marks=[fault("Discord's gateway", "closed: not authenticated (4003)", "nothing"), SLOW]),
        pytest.param(4005, marks=[fault("Discord's gateway", "closed: authenticated twice (4005)", "nothing"), SLOW]),
        pytest.param(4008, marks=[fault("Discord's gateway", "closed: sent too much (4008)", "nothing"), SLOW]),
        pytest.param(DROP, marks=fault("Discord's gateway", "the network is lost, without a word (1006)", "nothing")),
    ],
)
async def test_a_closed_connection_is_resumed(sandbox: Sandbox, tmp_path: Path, code: int) -> None:
    async with talk(sandbox, tmp_path) as room:
        await room.endures(lambda: room.gateway.close_all(code))
        assert (room.gateway.sessions.identified, room.gateway.sessions.resumed) == (1, 1)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            1000, marks=[fault("Discord's gateway", "closed as if all were well (1000)", "an answer comes late"), SLOW]
        ),
        pytest.param(
            1001, marks=[fault("Discord's gateway", "closed: Discord goes away (1001)", "an answer comes late"), SLOW]
        ),
        pytest.param(
            4007, marks=[fault("Discord's gateway", "closed: wrong sequence (4007)", "an answer comes late"), SLOW]
        ),
        pytest.param(
            4009, marks=fault("Discord's gateway", "closed: session timed out (4009)", "an answer comes late")
        ),
    ],
)
async def test_a_session_that_ends_is_begun_anew(sandbox: Sandbox, tmp_path: Path, code: int) -> None:
    async with talk(sandbox, tmp_path) as room:
        await room.endures(lambda: room.gateway.close_all(code), "connect")
        assert room.gateway.sessions.identified == 2


@fault("Discord's gateway", "Discord asks the bot to connect anew (op 7)", "nothing")
async def test_a_wish_to_reconnect_is_followed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        await room.endures(room.gateway.ask_reconnect)
        assert room.gateway.sessions.resumed == 1


@SLOW
@fault("Discord's gateway", "the session is invalid and can be resumed (op 9)", "nothing")
async def test_a_session_that_is_invalid_for_a_moment_is_resumed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        await room.endures(lambda: room.gateway.invalidate(resumable=True))
        assert room.gateway.sessions.resumed == 1


@MEMORY
@fault(
    "Discord's gateway", "the session is invalid for good (op 9), and members write meanwhile", "an answer comes late"
)
async def test_an_invalid_session_is_begun_anew(sandbox: Sandbox, tmp_path: Path, memory: str) -> None:
    async with talk(sandbox, tmp_path, memory=memory) as room:
        await room.endures(room.gateway.invalidate, "connect")
        assert room.gateway.sessions.identified == 2


@fault("Discord's gateway", "asked to resume, Discord says: try again (op 9)", "nothing")
async def test_a_resume_that_is_put_off_is_tried_again(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        room.gateway.faults.resumes.append(control(INVALID, True))
        await room.endures(room.gateway.drop_all)
        assert (room.gateway.sessions.identified, room.gateway.sessions.resumed) == (1, 1)


@MEMORY
@fault("Discord's gateway", "asked to resume, Discord has lost what was missed (op 9)", "an answer comes late")
async def test_what_a_refused_resume_loses_is_read_in_the_channel(
    sandbox: Sandbox, tmp_path: Path, memory: str
) -> None:
    async with talk(sandbox, tmp_path, memory=memory) as room:
        await room.endures(lambda: lose(room.gateway), "connect")
        assert (room.gateway.sessions.identified, room.gateway.sessions.resumed) == (2, 0)


@fault(
    "Discord's gateway",
    "asked to begin anew, Discord refuses three times, then lets the bot in",
    "an answer comes late",
)
async def test_a_session_is_asked_for_until_there_is_one(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        room.gateway.faults.identifies.extend([control(INVALID, False), 4000, DROP])
        await room.endures(room.gateway.invalidate, "connect")
        assert room.gateway.sessions.identified == 2


@fault("Discord's gateway", "the connection is lost right after READY, before the servers came", "nothing")
async def test_a_connection_lost_right_after_ready_is_resumed(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        room.gateway.faults.after_ready.append(DROP)
        await room.endures(room.gateway.invalidate, "resumed")
        assert (room.gateway.sessions.identified, room.gateway.sessions.resumed) == (2, 1)


@fault("Discord's gateway", "at the start the connection is lost right after READY", "nothing")
async def test_a_bot_whose_first_connection_is_lost_after_ready_starts_all_the_same(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.gateway.faults.after_ready.append(DROP)
    async with talk(sandbox, tmp_path) as room:
        await room.goes_on()
        assert room.gateway.sessions.resumed == 1


@SLOW
@fault("Discord's gateway", "the connection is lost five times in a row", "nothing")
async def test_a_connection_that_flickers_loses_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        said = [f"Word {number}." for number in range(5)]
        for word in said:
            back = room.bot.wait_for("resumed", timeout=10)
            room.lounge.say(word)
            room.gateway.drop_all()
            await back
        await room.goes_on(*said)
