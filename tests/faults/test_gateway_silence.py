"""Discord's gateway says nothing, or is not to be reached: rooms go on speaking, and hear afterwards what was said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rooms_bot.sandbox import absences
from rooms_bot.sandbox.server import Sandbox
from tests.faults.table import fault
from tests.faults.talking import Talk, dialled_at_once, talk

__all__ = ["dialled_at_once"]
pytestmark = pytest.mark.usefixtures("dialled_at_once")

SLOW = pytest.mark.slow

PATIENCE = 1.0
"""Seconds of silence after which the bot gives a connection up here; else they are 60."""


async def beating(room: Talk, every: float) -> None:
    """A new connection is made, with heartbeats so often and a bot of little patience."""
    sessions = room.gateway.sessions
    sessions.limits = replace(sessions.limits, heartbeat=every)
    room.bot._connection.heartbeat_timeout = PATIENCE
    back = room.bot.wait_for("resumed", timeout=10)
    room.gateway.ask_reconnect()
    await back


def unacknowledged(room: Talk) -> None:
    room.gateway.faults.acknowledging = False


def mute(room: Talk) -> None:
    room.gateway.mute_all()


def speechless(room: Talk) -> None:
    room.gateway.faults.speechless = 2
    room.gateway.drop_all()


@pytest.mark.parametrize(
    "silence",
    [
        pytest.param(
            unacknowledged, marks=fault("Discord's gateway", "heartbeats are not acknowledged any more", "nothing")
        ),
        pytest.param(
            mute,
            marks=fault(
                "Discord's gateway", "the connection stands, and nothing comes any more", "an answer comes late"
            ),
        ),
        pytest.param(
            speechless,
            marks=[
                fault("Discord's gateway", "it can be dialled, and does not say hello", "an answer comes late"),
                SLOW,
            ],
        ),
    ],
)
async def test_a_silent_connection_is_given_up(
    sandbox: Sandbox, tmp_path: Path, silence: Callable[[Talk], Any]
) -> None:
    async with talk(sandbox, tmp_path) as room:
        await beating(room, PATIENCE / 4)
        await room.endures(lambda: silence(room))
        assert (room.gateway.sessions.identified, room.gateway.sessions.resumed) == (1, 2)


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(
            0, marks=fault("Discord's gateway", "it cuts off whoever dials, for a while", "an answer comes late")
        ),
        pytest.param(
            503, marks=[fault("Discord's gateway", "it answers HTTP 503 for a while", "an answer comes late"), SLOW]
        ),
        pytest.param(429, marks=fault("Discord's gateway", "it answers HTTP 429 for a while", "an answer comes late")),
    ],
)
async def test_a_gateway_that_is_away_is_dialled_until_it_is_back(
    sandbox: Sandbox, tmp_path: Path, status: int
) -> None:
    async with talk(sandbox, tmp_path) as room:
        gateway, tried = room.gateway, room.gateway.tried
        back = room.bot.wait_for("resumed", timeout=10)
        gateway.faults.away = status
        room.lounge.say("Before.")
        gateway.drop_all()
        room.lounge.say("Meanwhile.")
        await room.until_heard("Before.")
        await gateway.until(lambda: gateway.tried >= tried + 5)
        gateway.faults.away = None
        await back
        await room.goes_on("Before.", "Meanwhile.")


@SLOW
@fault("Discord's gateway", "the server is unavailable for a while (an outage)", "nothing until it is back")
async def test_a_server_that_is_unavailable_is_waited_for(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        world, away = sandbox.world, room.bot.wait_for("guild_unavailable", timeout=10)
        absences.fail(world, world.guild)
        await away
        back = room.bot.wait_for("guild_available", timeout=10)
        absences.restore(world, world.guild)
        await back
        await room.goes_on()


@fault("Discord's gateway", "the server is unavailable while the bot begins a new session", "nothing until it is back")
async def test_a_server_that_is_away_at_a_new_session_is_waited_for(sandbox: Sandbox, tmp_path: Path) -> None:
    async with talk(sandbox, tmp_path) as room:
        world, again = sandbox.world, room.bot.wait_for("connect", timeout=10)
        absences.fail(world, world.guild)
        room.gateway.invalidate()
        await again
        back = room.bot.wait_for("guild_available", timeout=10)
        absences.restore(world, world.guild)
        await back
        await room.goes_on()
