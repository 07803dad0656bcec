"""Discord's gateway at the start, and what it refuses for good: then the bot ends with one sentence."""

import asyncio
from pathlib import Path

import pytest

from rooms_bot import app
from rooms_bot.app import alone
from rooms_bot.errors import SetupError
from rooms_bot.sandbox.faults import Fault
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MESSAGE_CONTENT
from tests.cli.program import pointed_at, started
from tests.faults.table import fault
from tests.faults.talking import Talk, dialled_at_once, talk
from tests.wire.channel import Channel, bot_in, settings_for

__all__ = ["dialled_at_once"]
pytestmark = pytest.mark.usefixtures("dialled_at_once")

SLOW = pytest.mark.slow

GATEWAY = ("GET", "/gateway")


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(
            Fault(*GATEWAY, 503, times=2),
            marks=[
                fault("Discord's gateway", "at the start its address is not told: HTTP 503", "the bot comes late"),
                SLOW,
            ],
        ),
        pytest.param(
            Fault(*GATEWAY, 200),
            marks=[
                fault(
                    "Discord's gateway", "at the start a web page comes in place of its address", "the bot comes late"
                ),
                SLOW,
            ],
        ),
        pytest.param(
            Fault(*GATEWAY, 0),
            marks=fault(
                "Discord's gateway", "at the start the question for its address is cut off", "the bot comes late"
            ),
        ),
        pytest.param(
            Fault("GET", "/users/@me", 503, times=2),
            marks=fault(
                "Discord's gateway", "at the start Discord answers HTTP 503 to the log-in", "the bot comes late"
            ),
        ),
        pytest.param(
            Fault("GET", "/users/@me", 0),
            marks=[fault("Discord's gateway", "at the start the log-in is cut off", "the bot comes late"), SLOW],
        ),
        pytest.param(
            Fault("PUT", "/applications/{application_id}/commands", 503, done=True),
            marks=[
                fault(
                    "Discord's gateway",
                    "at the start Discord does not say whether it has the commands",
                    "the bot comes late",
                ),
                SLOW,
            ],
        ),
    ],
)
async def test_a_start_waits_for_discord(sandbox: Sandbox, tmp_path: Path, failing: Fault) -> None:
    sandbox.faults.plan(failing)
    async with talk(sandbox, tmp_path) as room:
        assert sandbox.faults.left == 0
        await room.goes_on()


@pytest.mark.slow
@fault("Discord's gateway", "at the start its address is not told: HTTP 500, six times", "the bot comes late")
async def test_a_start_waits_for_discord_for_long(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.plan(Fault(*GATEWAY, 500, times=6))
    async with talk(sandbox, tmp_path) as room:
        await room.goes_on()


@fault("Discord's gateway", "at the start it cuts off whoever dials", "the bot comes late")
async def test_a_start_waits_for_the_gateway(sandbox: Sandbox, tmp_path: Path) -> None:
    gateway = sandbox.gateway
    gateway.faults.away = 0
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(opened_again(sandbox, 3))
        async with talk(sandbox, tmp_path) as room:
            await room.goes_on()
    assert gateway.sessions.identified == 1


async def opened_again(sandbox: Sandbox, tries: int) -> None:
    """After so many attempts the gateway is there."""
    await sandbox.gateway.until(lambda: sandbox.gateway.tried >= tries)
    sandbox.gateway.faults.away = None


async def sentence(sandbox: Sandbox, folder: Path, **settings: object) -> str:
    """With which a start ends."""
    with pytest.raises(SetupError) as wrong:
        await app.run(settings_for(sandbox, folder, **settings))
    return str(wrong.value)


@fault("Discord's gateway", "the token is refused at the start", "the bot stays away; its operator reads why")
async def test_a_wrong_token_ends_the_start(sandbox: Sandbox, tmp_path: Path) -> None:
    token = f"{sandbox.token}x"
    assert "does not accept DISCORD_TOKEN" in await sentence(sandbox, tmp_path, discord_token=token)


@fault("Discord's gateway", "the bot may not read messages at the start", "the bot stays away; its operator reads why")
async def test_a_missing_intent_ends_the_start(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.world.privileged &= ~MESSAGE_CONTENT
    assert "Switch on the Message Content Intent" in await sentence(sandbox, tmp_path)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(
            4004,
            "does not accept DISCORD_TOKEN",
            marks=fault(
                "Discord's gateway", "the token is taken back (4004)", "the bot leaves; its operator reads why"
            ),
        ),
        pytest.param(
            4010,
            "Update it",
            marks=[
                fault("Discord's gateway", "closed: wrong shard (4010)", "the bot leaves; its operator reads why"),
                SLOW,
            ],
        ),
        pytest.param(
            4011,
            "more servers than Discord allows",
            marks=[
                fault(
                    "Discord's gateway", "closed: shards are needed (4011)", "the bot leaves; its operator reads why"
                ),
                SLOW,
            ],
        ),
        pytest.param(
            4012,
            "Update it",
            marks=[
                fault(
                    "Discord's gateway", "closed: version of the API (4012)", "the bot leaves; its operator reads why"
                ),
                SLOW,
            ],
        ),
        pytest.param(
            4013,
            "Update it",
            marks=[
                fault("Discord's gateway", "closed: wrong intents (4013)", "the bot leaves; its operator reads why"),
                SLOW,
            ],
        ),
        pytest.param(
            4014,
            "Switch on the Message Content Intent",
            marks=fault(
                "Discord's gateway", "the intent is taken back (4014)", "the bot leaves; its operator reads why"
            ),
        ),
    ],
)
async def test_what_discord_refuses_for_good_ends_the_bot_with_a_sentence(
    sandbox: Sandbox, tmp_path: Path, code: int, words: str
) -> None:
    with pytest.raises(SetupError, match=words):
        await closed_in_a_room(sandbox, tmp_path, code)
    async with bot_in(sandbox, tmp_path) as bot:
        await bot.house.wake()
        await Talk(bot, Channel(sandbox), sandbox.gateway).goes_on()


async def closed_in_a_room(sandbox: Sandbox, folder: Path, code: int) -> None:
    """The connection is closed with this code while a durable room waits for people."""
    with alone(SetupError):
        async with talk(sandbox, folder, memory="durable") as room:
            room.gateway.close_all(code)
            await asyncio.Event().wait()


@pytest.mark.slow
@fault("Discord's gateway", "the token is taken back while an agent speaks", "what it says is cut off")
async def test_a_token_that_is_taken_back_is_one_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    async with started(tmp_path, "run", **pointed_at(sandbox)) as program:
        await program.out.has("https://")
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada,Kenji", mode="round_robin", pace=0)
        await lounge.until_posts(1)
        sandbox.world.token += "x"
        sandbox.gateway.close_all(4004)
        assert await program.ends() == 2
    assert "does not accept DISCORD_TOKEN" in program.err.lines[-1]
    assert not any("Traceback" in line for line in program.err.lines)
