"""`rooms-bot sandbox` for a stranger: no account, no `.env`, the page's address first."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rooms_bot import trial
from rooms_bot.agents.local import unavailable
from rooms_bot.errors import SetupError
from rooms_bot.settings import Settings
from tests.cli.program import Program, outcome, started


async def addresses(program: Program) -> tuple[str, str, str]:
    """The page's, the API's, and the token."""
    token = (await program.out.has("Token ")).removeprefix("Token ")
    page, api = program.out.lines[:2]
    return page.removeprefix("Open "), api.removeprefix("API "), token


async def online(page: str) -> str:
    """The banner, as soon as the page says that the bot is online."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{page}page/ws") as socket, asyncio.timeout(30):
        async for message in socket:
            told = message.json()
            status = told["d"].get("status") if told["t"] == "HELLO" else told["d"] if told["t"] == "STATUS" else None
            if status and status["online"]:
                return str(status["banner"])
    raise AssertionError("the page's connection ended")


async def test_it_needs_nothing_and_prints_the_pages_address_first(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ROOMS_MODEL=offline\nDISCORD_TOKEN=not a token\nROOMS_GUILDS=1\n")
    async with started(tmp_path, "sandbox") as program:
        page, api, token = await addresses(program)
        assert [line.split()[0] for line in program.out.lines] == ["Open", "API", "Token"]
        assert api == f"{page}api/v10"
        assert "only prepared sentences, as ROOMS_MODEL says" in await online(page)
        headers = {"Authorization": f"Bot {token}"}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(f"{api}/users/@me") as answer:
            assert answer.status == 200
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert len(program.out.lines) == 3
    assert not any("Traceback" in line or "ERROR" in line or "WARNING" in line for line in program.err.lines)
    assert os.listdir(tmp_path) == [".env"]


async def test_alone_it_serves_the_port_and_token_it_was_given(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"^Port {port} is in use already; give another one with --port.$"):
            await trial.sandbox(Settings(_env_file=None), port, with_bot=False)
    arguments = ("--no-bot", "--port", str(port), "--token", "MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b")
    async with started(tmp_path, "sandbox", *arguments) as program:
        assert await addresses(program) == (
            f"http://127.0.0.1:{port}/",
            f"http://127.0.0.1:{port}/api/v10",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b",
        )
        assert await program.stopped_by(signal.SIGINT) == 0
    assert program.err.lines == []


async def test_a_token_or_port_that_cannot_be_is_refused(tmp_path: Path) -> None:
    for token in ("two words", ""):
        refused = await outcome(tmp_path, "sandbox", "--no-bot", "--token", token)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.startswith("The token after --token has a space")
        assert refused.err.count("\n") == 0
    with pytest.raises(SetupError, match="Port 70000 cannot be used"):
        await trial.sandbox(Settings(_env_file=None), 70000, with_bot=False)


async def test_the_model_is_the_named_one_else_ollamas_else_the_embedded_else_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (await trial.choose(named("openai/gpt-4o-mini")))[0] == "openai/gpt-4o-mini"
    async with ollama("llama3.2:latest") as address:
        monkeypatch.setenv("OLLAMA_API_BASE", address)
        assert (await trial.choose(named(None)))[0] == "ollama_chat/llama3.2:latest"
        said = "No model speaks here, only prepared sentences, as ROOMS_MODEL says."
        assert await trial.choose(named("offline")) == ("offline", said)
    model, banner = await trial.choose(named(None))
    if unavailable() is None:
        assert (model, "SmolLM2" in banner) == ("local", True)
    without_embedded(monkeypatch)
    for wish in (None, "local"):
        model, banner = await trial.choose(named(wish))
        assert model == "offline"
        assert "only prepared sentences" in banner
        assert "xllamacpp" in banner


def named(model: str | None) -> Settings:
    return Settings(_env_file=None, rooms_model=model)


@asynccontextmanager
async def ollama(model: str) -> AsyncIterator[str]:
    """The address of what answers as Ollama does that has this model."""
    service = web.Application()
    service.router.add_get("/api/tags", _tags(model))
    async with TestServer(service) as server:
        yield str(server.make_url("/"))


def _tags(model: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def tags(_: web.Request) -> web.Response:
        return web.json_response({"models": [{"name": model}]})

    return tags


def without_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine for which xllamacpp has no wheel."""
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)


async def test_where_the_embedded_model_does_not_load_prepared_sentences_speak_and_the_page_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if reason := unavailable():
        pytest.skip(reason)
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('libgomp.so.1: cannot open shared object file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    model, banner = await trial.choose(named("local"))
    assert model == "offline"
    assert "libgomp.so.1" in banner
