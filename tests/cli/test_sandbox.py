"""`rooms-bot sandbox` for a stranger: no account, no `.env`, the page's address first."""

import asyncio
import signal
import socket
from pathlib import Path

import aiohttp
import pytest

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
        assert "offline" in await online(page)
        headers = {"Authorization": f"Bot {token}"}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(f"{api}/users/@me") as answer:
            assert answer.status == 200
        assert await program.stopped_by(signal.SIGTERM) == 0
    assert len(program.out.lines) == 3
    assert not any("Traceback" in line or "ERROR" in line or "WARNING" in line for line in program.err.lines)
    assert [file.name for file in tmp_path.iterdir()] == [".env"]


async def test_alone_it_serves_the_port_and_token_it_was_given(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = await outcome(tmp_path, "sandbox", "--no-bot", "--port", str(port))
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"Port {port} is in use already; give another one with --port."
    arguments = ("--no-bot", "--port", str(port), "--token", "MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b")
    async with started(tmp_path, "sandbox", *arguments) as program:
        assert await addresses(program) == (
            f"http://127.0.0.1:{port}/",
            f"http://127.0.0.1:{port}/api/v10",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.a.b",
        )
        assert await program.stopped_by(signal.SIGINT) == 0
    assert program.err.lines == []


@pytest.mark.parametrize("wrong", [("--token", "two words"), ("--token", ""), ("--port", "70000")])
async def test_a_token_or_port_that_cannot_be_is_refused(tmp_path: Path, wrong: tuple[str, str]) -> None:
    refused = await outcome(tmp_path, "sandbox", "--no-bot", *wrong)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 0
    assert wrong[0] in refused.err
