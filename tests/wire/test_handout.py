"""A conversation that is larger than a file may be comes in pieces that can be put together again."""

import io
import json
import random
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import aiohttp
import pytest

from rooms_bot.sandbox import answers
from rooms_bot.sandbox.server import Sandbox
from tests.wire.channel import Channel, bot_in
from tests.wire.scripted import scripted

LIMIT = 6000
ROUND = {"mode": "round_robin", "pace": 0, "orchestrator_every": 0}


def in_pieces(lounge: Channel) -> list[dict[str, Any]]:
    """The messages with the pieces, once the last is there."""
    told = [message for message in lounge.messages() if message["attachments"]]
    names = [file["filename"] for message in told for file in message["attachments"]]
    return told if names and re.search(r"-(\d+)-of-\1\.", names[-1]) else []


async def unpacked(messages: list[dict[str, Any]]) -> bytes:
    whole = b""
    async with aiohttp.ClientSession() as session:
        for one in (file for message in messages for file in message["attachments"]):
            assert one["size"] <= LIMIT
            async with session.get(one["url"]) as answer:
                with ZipFile(io.BytesIO(await answer.read())) as archive:
                    (name,) = archive.namelist()
                    whole += archive.read(name)
    return whole


async def test_an_export_beyond_the_limit_is_zipped_and_cut_and_says_how_to_put_it_together(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, dice = answers.event, random.Random(7)
    monkeypatch.setattr(answers, "event", lambda world, asked: real(world, asked) | {"attachment_size_limit": LIMIT})
    noise = [dice.randbytes(900).hex() for _ in range(6)]
    async with scripted(monkeypatch, Ada=tuple(noise)), bot_in(sandbox, tmp_path, rooms_model="openai/test"):
        lounge = Channel(sandbox)
        await lounge.do("room start", topic="Bread", agents="Ada", turns=6, **ROUND)
        await lounge.until_told("This room is over")
        await lounge.ask("room export", format="json")
        told = await lounge.until(lambda: in_pieces(lounge))
    assert len(told) > 1
    assert "put one behind the other" in told[0]["content"]
    whole = json.loads(await unpacked(told))
    assert [event["text"] for event in whole["events"] if event["kind"] == "said"] == noise
