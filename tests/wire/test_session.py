"""A whole evening: sixty turns, five personas, two members, three modes, an orchestrator; then taken away and read."""

import asyncio
import csv
import io
import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from rooms_bot.domain.events import Event
from rooms_bot.domain.fold import fold
from rooms_bot.domain.rooms import MODERATOR, Mode
from rooms_bot.domain.state import RoomState
from rooms_bot.sandbox.server import Sandbox
from tests.models.openai_server import Asked, OpenAIServer
from tests.wire.channel import Channel, bot_in

AGENTS = "Ada,Kenji,Leilani,Noor,Yusuf"
TURNS = 60


def talkative() -> OpenAIServer:
    """A model whose every answer is another one, now and then to somebody, and a PASS once in a while."""
    count = itertools.count(1)

    def answer(asked: Asked) -> str:
        number = next(count)
        if number % 17 == 0:
            return "PASS"
        to = "@Noor, " if number % 11 == 0 else ""
        return f"{to}point {number}: {len(asked['messages'])} messages, and = 1 + 1, or “so”."

    return OpenAIServer(answer)


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
    happened(room)
    read_again(room, files)


def happened(room: RoomState) -> None:
    """Every turn was taken, everyone had a say, both members were heard, and no summary came twice."""
    assert room.turns_taken == TURNS
    assert room.config.mode is Mode.ARGUMENTATIVE
    assert set(room.floor) == {1, 2, 3, 4, 5}
    assert {member.name for member in room.members.values()} == {"You", "Sam"}
    summaries = [line for line in room.lines if line.seat == MODERATOR]
    assert TURNS // 6 - 2 <= len(summaries) <= TURNS // 6


def read_again(room: RoomState, files: Mapping[str, str]) -> None:
    """All three tell the same words, those of the room."""
    said = [line.text for line in room.lines]
    events = [Event.model_validate(one) for one in json.loads(files["json"])["events"]]
    again = fold(events)
    assert [line.text for line in again.lines] == said
    assert (again.turns_taken, again.spent, again.config) == (room.turns_taken, room.spent, room.config)
    rows = csv.DictReader(io.StringIO(files["csv"], newline=""))
    kinds = ("heard", "said", "summarised", "greeted")
    assert [row["text"].removeprefix("'") for row in rows if row["kind"] in kinds] == said
    quoted = re.findall(r"^> ?(.*)$", files["markdown"], re.MULTILINE)
    for number in re.findall(r"point \d+", "\n".join(said)):
        assert any(number in line for line in quoted)
