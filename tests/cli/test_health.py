"""`rooms-bot health` tells a container's engine whether the bot is connected."""

import asyncio
import math
import os
import time
from pathlib import Path

import pytest

from rooms_bot import health
from rooms_bot.app import furnished, serve
from rooms_bot.chat.bot import RoomsBot
from rooms_bot.cli import main
from rooms_bot.sandbox.server import Sandbox
from tests.cli.program import PATIENCE
from tests.wire.channel import settings_for


def test_only_a_file_that_was_touched_lately_is_health(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOMS_DATA_DIR", "kept")
    file = health.file_in(tmp_path / "kept")
    assert main(["health"]) == 1
    health.touch(file)
    assert main(["health"]) == 0
    for age in (health.OLD + 1, -health.OLD - 1):
        os.utime(file, (time.time() - age,) * 2)
        assert main(["health"]) == 1
    assert "No bot of this data folder" in capsys.readouterr().out


async def test_the_bot_touches_it_while_it_is_connected_and_takes_it_away(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, stop, touched = health.file_in(tmp_path), asyncio.Event(), asyncio.Event()
    health.touch(file)

    def touch(file: Path) -> None:
        file.touch()
        touched.set()

    monkeypatch.setattr(health, "touch", touch)
    monkeypatch.setattr(health, "EVERY", 0)
    async with (
        furnished(settings_for(sandbox, tmp_path)) as bot,
        asyncio.TaskGroup() as tasks,
        asyncio.timeout(PATIENCE),
    ):
        tasks.create_task(serve(bot, sandbox.token, stop, alive=file))
        await bot.connected.wait()
        for _ in range(3):
            touched.clear()
            await touched.wait()
        assert health.fresh(file)
        stop.set()
    assert not file.exists()


async def test_it_is_touched_as_soon_as_discord_answers(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, stop = health.file_in(tmp_path), asyncio.Event()
    looks, touches = iter((math.inf, math.inf)), asyncio.Queue[Path]()
    monkeypatch.setattr(RoomsBot, "latency", property(lambda _: next(looks, 0.1)))
    monkeypatch.setattr(health, "touch", touches.put_nowait)
    monkeypatch.setattr(health, "SOON", 0)
    async with (
        furnished(settings_for(sandbox, tmp_path)) as bot,
        asyncio.TaskGroup() as tasks,
        asyncio.timeout(PATIENCE),
    ):
        tasks.create_task(serve(bot, sandbox.token, stop, alive=file))
        assert await touches.get() == file
        stop.set()
    assert touches.empty()
