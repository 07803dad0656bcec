"""The program runs unchanged on another stand-in for Discord: nothing of it knows the sandbox."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cli.program import Program, started
from tests.wire.other_discord import OtherDiscord
from tests.wire.other_things import CHANNEL, TOKEN, Fault, Wire, user

EXECUTE, NOTIFY = "POST /webhooks/{id}/{token}", "POST /channels/{id}/messages"
ROOM = {"topic": "Bread", "agents": "Ada,Kenji", "mode": "round_robin", "pace": 0, "orchestrator_every": 0}
LIMITED = Fault(429, {"message": "The resource is being rate limited.", "retry_after": 0.1, "global": False})


@pytest.fixture
async def discord() -> AsyncIterator[OtherDiscord]:
    async with OtherDiscord.opened() as opened:
        yield opened


def pointed_at(discord: OtherDiscord) -> dict[str, str]:
    return {"DISCORD_TOKEN": TOKEN, "ROOMS_DISCORD_API": discord.api, "ROOMS_MODEL": "offline"}


@asynccontextmanager
async def running(discord: OtherDiscord, folder: Path) -> AsyncIterator[Program]:
    """The bot, online; at the end it is stopped as a service is, and has to end well."""
    async with started(folder, "run", **pointed_at(discord)) as program:
        await program.out.has("https://discord.com/oauth2/authorize")
        yield program
        assert await program.stopped_by(signal.SIGTERM) == 0


def speakers(discord: OtherDiscord) -> list[str]:
    return [post["author"]["username"] for post in discord.posts()]


async def test_a_room_is_held_there(discord: OtherDiscord, tmp_path: Path) -> None:
    async with running(discord, tmp_path) as program:
        assert discord.asked == [
            "GET /users/@me",
            "GET /oauth2/applications/@me",
            "GET /gateway",
            "PUT /applications/{id}/commands",
            "GET /a/stream",
        ]
        answer = await discord.command("room start", human_every=1, turns=4, **ROOM)
        assert "The room is open" in answer["content"]
        waits = await discord.told("The room waits")
        await discord.say("in a direct message", guild_id="0", channel_id="5")
        await discord.say("elsewhere", guild_id="7")
        await discord.say("a bot", by=user(9, "Robo") | {"bot": True})
        await discord.press(waits, "Continue")
        await discord.until(lambda: len(discord.posts()) == 2)
        await discord.until(lambda: len(waiting(discord)) == 2)
        await discord.cut()
        ada = {"message_id": discord.posts()[0]["id"], "channel_id": CHANNEL}
        await discord.say("Really?", type=19, message_reference=ada)
        await discord.until(lambda: len(waiting(discord)) == 3)
        await discord.say("@Kenji, and you?")
        over = await discord.told("This room is over")
        assert speakers(discord) == ["Ada", "Kenji", "Ada", "Kenji"]
        assert discord.greetings == [2, 6]
        assert heard(await discord.press(over, "Export")) == ["Really?", "@Kenji, and you?"]
    assert not [line for line in program.err.lines if "INFO" not in line]


def waiting(discord: OtherDiscord) -> list[Wire]:
    return [one for one in discord.messages if "The room waits" in one["content"]]


def heard(exported: Wire) -> list[str]:
    """What people said, by the export that has everything."""
    whole = json.loads(exported["files"][-1])
    return [one["text"] for one in whole["events"] if one["kind"] == "heard"]


async def test_a_room_outlasts_what_goes_wrong_there(discord: OtherDiscord, tmp_path: Path) -> None:
    async with running(discord, tmp_path):
        discord.faults |= {
            "POST /applications/{id}/emojis": [Fault(403)],
            "GET /channels/{id}/webhooks": [LIMITED],
            NOTIFY: [Fault(late=True)],
        }
        await discord.command("room start", turns=6, human_every=1, **ROOM)
        await discord.told("The room waits")
        discord.faults[EXECUTE] = [Fault(401, {"code": 50027, "message": "Invalid Webhook Token"}), LIMITED]
        await discord.say("Go on")
        await discord.until(lambda: len(waiting(discord)) == 2)
        discord.faults[EXECUTE] = [Fault(400, {"code": 200000, "message": "Blocked"})]
        await discord.say("Go on")
        refused = await discord.told("did not accept")
        await discord.dispatch("MESSAGE_CREATE", {"id": "1"})  # which discord.py cannot read
        assert "The room is over" in (await discord.command("room stop"))["content"]
        over = await discord.told("This room is over")
    assert speakers(discord)[:2] == ["Ada", "Kenji"]
    assert discord.greetings == [2]
    assert refused["content"].startswith("-# Ada spoke")
    opening = [one for one in discord.messages if "## Bread" in str(one.get("components"))]
    assert len(opening) == 1
    assert over["components"]


@pytest.mark.slow
async def test_a_gateway_that_is_not_there_is_told_of_and_looked_for_again(
    discord: OtherDiscord, tmp_path: Path
) -> None:
    there, discord.gateway = discord.gateway, "ws://127.0.0.1:9/"
    async with started(tmp_path, "run", **pointed_at(discord)) as program:
        assert "tries again in 1 s" in await program.err.has("Discord's gateway")
        discord.gateway = there
        await program.out.has("https://discord.com/oauth2/authorize")
        assert await program.stopped_by(signal.SIGTERM) == 0
