"""A whole evening: sixty turns, five personas, two members, three modes, an orchestrator; then taken away and read."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from rooms_bot.domain.rooms import MODERATOR, Mode
from rooms_bot.domain.state import RoomState
from rooms_bot.sandbox.server import Sandbox
from tests.models.evening import AGENTS, TURNS, read_again, talkative
from tests.wire.channel import Channel, bot_in


async def until_turns(lounge: Channel, room: RoomState, count: int) -> None:
    await lounge.until(lambda: room.turns_taken >= count, 60)


async def hold(sandbox: Sandbox, folder: Path) -> tuple[RoomState, Mapping[str, str]]:
    """The room at its end, and its three exports."""
    async with bot_in(sandbox, folder, rooms_model="openai/test") as bot:
        host, guest = Channel(sandbox), Channel(sandbox, "Sam")
        more = {"turns": TURNS, "pace": 0, "mode": "round_robin", "orchestrator_every": 6, "language": "English"}
        await host.do("room start", topic="Is = tasty?", agents=AGENTS, **more)
        room = bot.house.room(int(host.id)).state
        for turns, mode in ((20, "dynamic"), (40, "argumentative")):
            await until_turns(host, room, turns - 10)
            host.say(f"What about round {turns}, @Kenji?")
            guest.say("And what does it cost?\n=2+2")
            await until_turns(host, room, turns)
            await host.do("room configure", mode=mode)
        await host.until_told("This room is over", patience=60)
        return room, {form: await taken(host, form) for form in ("json", "csv", "markdown")}


async def taken(lounge: Channel, form: str) -> str:
    message = (await lounge.ask("room export", format=form)).message
    assert message is not None
    (file,) = message["attachments"]
    async with aiohttp.ClientSession() as session, session.get(file["url"]) as answer:
        return (await answer.read()).decode("utf-8-sig" if form == "csv" else "utf-8")


async def test_an_evening_of_sixty_turns_is_taken_away_whole(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talkative() as model, asyncio.timeout(120):
        monkeypatch.setenv("OPENAI_API_BASE", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-only-for-this-test")
        room, files = await hold(sandbox, tmp_path)
    again = read_again(files)
    happened(again)
    assert again.lines == room.lines
    assert (again.spent, again.config) == (room.spent, room.config)


def happened(room: RoomState) -> None:
    """Every turn was taken, everyone had a say, both members were heard, and no summary came twice."""
    assert room.turns_taken == TURNS
    assert room.config.mode is Mode.ARGUMENTATIVE
    assert set(room.floor) == {1, 2, 3, 4, 5}
    assert {member.name for member in room.members.values()} == {"You", "Sam"}
    summaries = [line for line in room.lines if line.seat == MODERATOR]
    assert TURNS // 6 - 2 <= len(summaries) <= TURNS // 6
