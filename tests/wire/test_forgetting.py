"""A member who wishes to be forgotten is, wherever the bot kept what they said."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import PATIENCE, Channel, bot_in
from tests.wire.scripted import scripted, talk

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


def kept(folder: Path) -> str:
    """All that the database holds, as text."""
    with closing(sqlite3.connect(folder / "rooms.sqlite")) as database:
        return "\n".join(database.iterdump())


@pytest.mark.parametrize("memory", ["ephemeral", "durable"])
async def test_a_forgotten_members_words_and_profile_reach_no_model_and_no_export(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str
) -> None:
    sam = Channel(sandbox, "Sam")
    async with scripted(monkeypatch, Ada="crumb") as model, bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
        lounge = Channel(sandbox)
        await sam.do("profile set", name="Zebulon", background="breeds okapis")
        await lounge.do("room start", topic="Bread", agents="Ada", memory=memory, human_every=1, **ROUND)
        await lounge.until_told("waits")
        sam.say("my quincunx", attachments=[("plan.md", b"xyzzy")])
        await lounge.until_told("waits", 2)
        assert "my quincunx" in talk(model.sent("Ada")[-1])
        answer = await sam.do("profile forget")
        assert "those messages are yours to delete" in answer
        assert "by your name" in await sam.do("profile show")
        lounge.say("go on")
        await lounge.until_told("waits", 3)
        asked = str(model.sent("Ada")[-1])
        events = repr([event async for event in bot.house.room(int(lounge.id)).events()])
    for gone in ("quincunx", "xyzzy", "Zebulon", "okapis"):
        assert gone not in asked
        assert gone not in events
        assert gone not in kept(tmp_path)
    assert "go on" in asked


async def test_rooms_that_are_over_forget_too_and_those_of_others_do_not(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge = Channel(sandbox)
    async with scripted(monkeypatch, Ada="crumb"):
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            more = {"turns": 2, "memory": "durable", "human_every": 1, **ROUND}
            await lounge.do("room start", topic="Bread", agents="Ada", **more)
            await lounge.until_told("waits")
            Channel(sandbox, "Sam").say("xyzzy")
            closing_message = await lounge.until_told("This room is over")
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            await lounge.do("profile forget")
            assert "xyzzy" in kept(tmp_path)
            await Channel(sandbox, "Sam").do("profile forget")
            assert "xyzzy" not in kept(tmp_path)
            assert '"name": "You"' not in kept(tmp_path)
            reply = await (await lounge.press(closing_message, "Export")).settled(PATIENCE)
            assert reply.message is not None
            assert len(reply.message["attachments"]) == 3


async def test_who_ignores_and_is_forgotten_goes_on_being_ignored(sandbox: Sandbox, tmp_path: Path) -> None:
    async with bot_in(sandbox, tmp_path):
        sam = Channel(sandbox, "Sam")
        await sam.do("profile ignore")
        await sam.do("profile forget")
        assert "not heard" in await sam.do("profile show")
