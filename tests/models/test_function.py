"""Agents that are the operator's own functions."""

import asyncio
import os
from pathlib import Path

import pytest

from rooms_bot.agents.function import FunctionAgent
from rooms_bot.errors import AgentEmpty, AgentError, AgentTimeout, AgentUnreachable
from rooms_bot.ports import Message, Request
from tests.models.rooms import TestRoom

PLUGIN = """
import threading
from rooms_bot.ports import Request

released = threading.Event()
count = 0

def plain(request: Request) -> str:
    return f"{request.seat.name} on {request.room.config.topic}"

async def later(request):
    return "later"

def pieces(request):
    yield "one "
    yield "two"

async def later_pieces(request):
    yield "three "
    yield "four"

def legacy(messages: list[dict]) -> str:
    return messages[-1]["role"] + ": " + messages[-1]["content"]

def annotated(history: "list[dict[str, str]]") -> str:
    return f"{len(history)} messages"

def nothing(request):
    return None

def empty(request):
    return "   "

def number(request):
    return 42

def broken(request):
    raise KeyError("ouch")

async def broken_later(request):
    raise KeyError("ouch")

def half(request):
    yield "well "
    raise ValueError("then not")

def leaves(request):
    raise SystemExit(3)

def hangs(request):
    released.wait(30)
    return "too late"

async def hangs_later(request):
    import asyncio
    await asyncio.Event().wait()

def counts(request):
    global count
    count += 1
    return str(count)

def _hidden(request):
    return "no"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plugins = tmp_path / "plugins"
    (plugins / "deep").mkdir(parents=True)
    (plugins / "mine.py").write_text(PLUGIN)
    (plugins / "deep" / "mine.py").write_text(PLUGIN)
    (tmp_path / "outside.py").write_text(PLUGIN)
    return plugins


def ask(name: str, timeout: float = 10) -> Request:
    room = TestRoom().state
    messages = (Message("system", "You are Ada."), Message("user", "hello"))
    model = name if "/" in name else f"python/mine.py:{name}"
    return Request(room.seats[1], model, messages, timeout=timeout, room=room)


async def said(agent: FunctionAgent, name: str, seconds: float = 10) -> list[str]:
    return [str(piece) async for piece in agent.stream(ask(name, seconds))]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plain", ["Ada on Should the city ban cars?"]),
        ("later", ["later"]),
        ("pieces", ["one ", "two"]),
        ("later_pieces", ["three ", "four"]),
        ("legacy", ["user: hello"]),
        ("annotated", ["2 messages"]),
    ],
)
async def test_a_function_answers_in_any_of_the_ways_functions_do(folder: Path, name: str, text: list[str]) -> None:
    assert await said(FunctionAgent(folder), name) == text


@pytest.mark.parametrize(
    ("name", "error", "detail"),
    [
        ("nothing", AgentEmpty, "no text"),
        ("empty", AgentEmpty, "no text"),
        ("number", AgentError, "int instead of text"),
        ("broken", AgentError, "KeyError: 'ouch'"),
        ("broken_later", AgentError, "KeyError: 'ouch'"),
        ("half", AgentError, "ValueError: then not"),
        ("leaves", AgentError, "SystemExit: 3"),
        ("absent", AgentError, "no function absent"),
    ],
)
async def test_a_function_that_fails_costs_its_turn_only(
    folder: Path, name: str, error: type[AgentError], detail: str
) -> None:
    with pytest.raises(error) as failed:
        await said(FunctionAgent(folder), name)
    assert type(failed.value) is error
    assert detail in failed.value.detail


@pytest.mark.parametrize("name", ["hangs", "hangs_later"])
async def test_a_function_that_hangs_is_left_behind_in_time(folder: Path, name: str) -> None:
    agent = FunctionAgent(folder)
    try:
        with pytest.raises(AgentTimeout):
            await said(agent, name, seconds=0.2)
        assert await said(agent, "plain")
    finally:
        (await agent.load("python/mine.py:hangs")).__globals__["released"].set()


async def test_when_eight_functions_hang_the_ninth_turn_fails_at_once(folder: Path) -> None:
    agent = FunctionAgent(folder)
    released = (await agent.load("python/mine.py:hangs")).__globals__["released"]
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(_timing_out(agent))
        with pytest.raises(AgentUnreachable):
            await said(agent, "plain", seconds=30)
        assert await said(agent, "later") == ["later"]  # needs no thread
    finally:
        released.set()


async def _timing_out(agent: FunctionAgent) -> None:
    with pytest.raises(AgentTimeout):
        await said(agent, "hangs", seconds=0.3)


@pytest.mark.parametrize(
    "model",
    [
        "python/../outside.py:plain",
        "python//etc/passwd:plain",
        "python/missing.py:plain",
        "python/mine.py:_hidden",
        "python/mine.py:plain()",
        "python/mine.txt:plain",
        "python/mine.py",
        "python/link.py:plain",
        "python/:plain",
    ],
)
async def test_only_public_functions_below_the_folder_are_found(folder: Path, model: str) -> None:
    (folder / "link.py").symlink_to(folder.parent / "outside.py")
    with pytest.raises(AgentError):
        await said(FunctionAgent(folder), model)


async def test_without_a_folder_there_are_no_functions() -> None:
    with pytest.raises(AgentError, match="could not answer"):
        await said(FunctionAgent(None), "plain")


async def test_files_of_the_same_name_do_not_see_each_other(folder: Path) -> None:
    agent = FunctionAgent(folder)
    assert await said(agent, "counts") == ["1"]
    assert await said(agent, "counts") == ["2"]
    assert await said(agent, "python/deep/mine.py:counts") == ["1"]


async def test_a_changed_file_is_loaded_again(folder: Path) -> None:
    agent = FunctionAgent(folder)
    assert await said(agent, "later") == ["later"]
    (folder / "mine.py").write_text("def later(request):\n    return 'changed'\n")
    os.utime(folder / "mine.py", ns=(1, 1))
    assert await said(agent, "later") == ["changed"]


async def test_a_file_that_cannot_be_run_costs_the_turn(folder: Path) -> None:
    (folder / "mine.py").write_text("import this_module_does_not_exist\n")
    with pytest.raises(AgentError) as failed:
        await said(FunctionAgent(folder), "plain")
    assert "this_module_does_not_exist" in failed.value.detail
