"""The embedded model: llama.cpp in a process of its own, for real."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from rooms_bot.agents.choice import Agents, Models
from rooms_bot.agents.litellm import LiteLLMAgent
from rooms_bot.agents.local import LocalModel, unavailable
from rooms_bot.domain.events import Usage
from rooms_bot.errors import AgentUnreachable, SetupError
from rooms_bot.ports import Message, Request
from tests.models.rooms import TestRoom, seat

pytestmark = pytest.mark.usefixtures("connections_closed")

needed = pytest.mark.skipif(unavailable() is not None, reason=unavailable() or "")

OWNER = """
import asyncio
from rooms_bot.agents.local import LocalModel

async def main():
    local = LocalModel()
    await local.route("local")
    print(local.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def answered(agent: LiteLLMAgent) -> list[str | Usage]:
    ask = Request(seat(1, "Ada"), "local", (Message("user", "What is a bus?"),), max_tokens=12)
    return [piece async for piece in agent.stream(ask)]


async def gone(pid: int) -> bool:
    """True once the process has ended, which the kernel tells by the pid's descriptor."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        async with asyncio.timeout(10):
            return await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


@needed
async def test_it_answers_and_when_its_process_is_gone_it_is_started_again() -> None:
    async with LocalModel() as local:
        agent = LiteLLMAgent(local.route)
        assert local.starts == 0
        await agent.prepare("local")
        assert local.starts == 1
        *text, usage = await answered(agent)
        assert "".join(map(str, text)).strip()
        assert isinstance(usage, Usage)
        assert 0 < usage.completion_tokens <= 12
        assert usage.cost == 0
        assert local.pid is not None
        os.kill(local.pid, signal.SIGKILL)
        assert await answered(agent)
        assert local.starts == 2
        last = local.pid
    assert last is not None
    assert await gone(last)


@needed
@pytest.mark.skipif(sys.platform != "linux", reason="pidfd is Linux's")
async def test_it_ends_when_the_program_that_started_it_is_killed() -> None:
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", OWNER, stdout=asyncio.subprocess.PIPE)
    assert owner.stdout is not None
    child = int(await owner.stdout.readline())
    owner.kill()
    await owner.wait()
    assert await gone(child)


@pytest.mark.slow
@needed
async def test_a_seat_on_the_embedded_model_says_something_of_its_own() -> None:
    room = TestRoom(seat(1, "Ada", prompt="You are Ada, an engineer of bridges."), seat(2, "Mara"))
    room.heard("My sister delivers flowers by van.")
    async with Agents(Models("local")) as agents:
        request = agents.request(room.state, room.state.seats[1], room.planned(1))
        text = "".join([piece async for piece in agents.agent(request.seat).stream(request) if isinstance(piece, str)])
    assert text.startswith(request.messages[-1].content)
    assert len(text.split()) > 10


async def test_a_file_that_is_no_model_is_unreachable_and_leaves_no_process(tmp_path: Path) -> None:
    if (reason := unavailable()) is not None:
        pytest.skip(reason)
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF but not really")
    async with LocalModel(f"local:{file}") as local:
        with pytest.raises(AgentUnreachable) as failed:
            await local.route("local")
        assert failed.value.detail
        assert local.pid is None


async def test_a_missing_file_is_told_before_anything_starts(tmp_path: Path) -> None:
    async with Agents(Models("offline")) as agents:
        with pytest.raises(SetupError, match=r"gguf|xllamacpp"):
            await agents.check(f"local:{tmp_path}/none.gguf")
