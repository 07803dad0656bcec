"""A whole evening in the terminal: sixty turns, five personas, three modes, an orchestrator; taken away and read."""

import asyncio
import sys
from pathlib import Path

import pytest

from rooms_bot.domain.rooms import MODERATOR, Mode
from tests.cli.program import Output, environment
from tests.models.evening import AGENTS, TURNS, read_again, talkative

FLAGS = ("--topic", "Is = tasty?", "--agents", AGENTS, "--mode", "round_robin", "--every", "6", "--human-every", "20")
EXPORTS = [part for form in ("json", "csv", "md") for part in ("--export", form, f"talk.{form}")]


async def hold(folder: Path, api: str) -> list[str]:
    """What it wrote. A person speaks whenever the agents wait for one, and twice switches the mode first."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rooms_bot", "chat", *FLAGS, "--turns", str(TURNS), *EXPORTS),
        cwd=folder,
        env=environment(ROOMS_MODEL="openai/test", OPENAI_API_BASE=api, OPENAI_API_KEY="sk-only-for-this-test"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    out = Output(process.stdout)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(out.follow())
            for count, mode in enumerate(("dynamic", "argumentative"), 1):
                await out.has_all("for you", count)
                process.stdin.write(f"/mode {mode}\n@Kenji, what does it cost?\n".encode())
            process.stdin.close()
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    return out.lines


@pytest.mark.slow
async def test_an_evening_of_sixty_turns_in_the_terminal_is_taken_away_whole(tmp_path: Path) -> None:
    async with talkative() as model, asyncio.timeout(120):
        lines = await hold(tmp_path, model.base_url)
    files = {form: (tmp_path / f"talk.{ending}").read_bytes() for form, ending in ENDINGS.items()}
    room = read_again({form: data.decode("utf-8-sig") for form, data in files.items()})
    assert (room.turns_taken, room.config.mode) == (TURNS, Mode.ARGUMENTATIVE)
    assert set(room.floor) == {1, 2, 3, 4, 5}
    assert any(line.seat == MODERATOR for line in room.lines)
    assert [line.text for line in room.lines if line.member] == ["@Kenji, what does it cost?"] * 2
    assert all(any(line.text in shown for shown in lines) for line in room.lines if line.seat)


ENDINGS = {"json": "json", "csv": "csv", "markdown": "md"}
