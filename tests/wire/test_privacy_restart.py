"""A room that is read again from its channel does not remember who wished to be forgotten: on the wire."""

from pathlib import Path

import pytest

from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in
from tests.wire.scripted import scripted, talk

ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0, "agents_answer": "people", "memory": "ephemeral"}


async def test_what_a_member_said_before_they_were_forgotten_is_not_read_again(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lounge, sam = Channel(sandbox), Channel(sandbox, "Sam")
    async with scripted(monkeypatch, Ada="crumb") as model:
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test"):
            await lounge.do("room start", topic="Bread", agents="Ada", **ROUND)
            lounge.say("my marzipan")
            await lounge.until_posts(1)
            sam.say("my quincunx")
            await lounge.until_posts(2)
            await sam.do("profile forget")
            sam.say("my zugzwang")
            await lounge.until_posts(3)
        async with bot_in(sandbox, tmp_path, rooms_model="openai/test") as bot:
            await lounge.until_told("read again from the channel")
            events = repr([event async for event in bot.house.room(int(lounge.id)).events()])
            lounge.say("go on")
            await lounge.until_posts(4)
            asked = talk(model.sent("Ada")[-1])
    for text in (events, asked):
        assert "quincunx" not in text
        assert "marzipan" in text
        assert "zugzwang" in text
