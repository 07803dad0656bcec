"""The doctor looks at everything, says each finding on a line, and starts nothing."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rooms_bot import app, doctor
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MESSAGE_CONTENT
from tests.cli.program import outcome, pointed_at
from tests.wire.channel import settings_for


def marks(text: str) -> list[tuple[str, str]]:
    """Each line's mark, and what it is about."""
    return [(line[:4].strip(), line[6:].partition(":")[0]) for line in text.splitlines()]


async def test_all_that_is_wrong_is_told_at_once_and_no_secret_with_it(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.world.privileged &= ~MESSAGE_CONTENT
    (tmp_path / "broken.md").write_text("---\nrole: nobody\n---\nYou are.\n")
    (tmp_path / "rooms.db").write_text("a letter " * 1000)
    given = pointed_at(
        sandbox, ROOMS_DATABASE_URL="sqlite:///rooms.db", ROOMS_PERSONAS_DIR=".", ROOMS_MODEL="python/none.py:speak"
    )
    ended = await outcome(tmp_path, "doctor", **given)
    assert ended.code == 2
    assert marks(ended.out) == [
        ("ok", "Discord"),
        ("FAIL", "Discord"),
        ("FAIL", "database"),
        ("ok", "personas"),
        ("FAIL", "persona"),
        ("FAIL", "model python/none.py"),
    ]
    assert ended.err == ""
    assert sandbox.token not in ended.out


async def test_a_sound_set_up_is_found_so_and_nothing_is_started(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await doctor.examine(settings_for(sandbox, tmp_path))
    assert marks(capsys.readouterr().out) == [
        ("ok", "Discord"),
        ("ok", "Discord"),
        ("ok", "database"),
        ("ok", "personas"),
        ("ok", "model offline"),
    ]
    assert sandbox.gateway.sessions.identified == 0


@pytest.mark.parametrize("token", [None, "wrong-token", "two words"])
async def test_without_a_good_token_the_rest_is_looked_at_all_the_same(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], token: str | None
) -> None:
    assert not await doctor.examine(settings_for(sandbox, tmp_path, discord_token=token))
    told = capsys.readouterr().out
    assert [mark for mark, _ in marks(told)] == ["FAIL", "ok", "ok", "ok"]
    assert "DISCORD_TOKEN" in told
    assert not token or token not in told


@pytest.mark.parametrize("api", ["http://127.0.0.1:9/api/v10", "the page", "nowhere"])
async def test_what_is_not_discord_is_told(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], api: str
) -> None:
    address = {"the page": f"{sandbox.page_url}?", "nowhere": f"{sandbox.page_url}nowhere"}.get(api, api)
    assert not await doctor.examine(settings_for(sandbox, tmp_path, rooms_discord_api=address))
    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("FAIL  Discord")
    assert address in first


async def test_a_running_bot_is_no_failure(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(sandbox, tmp_path)
    async with app.furnished(settings):
        assert await doctor.examine(settings)
    assert ("look", "database") in marks(capsys.readouterr().out)


async def test_a_bot_in_no_server_gets_its_invite_link(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    async def application(_: web.Request) -> web.Response:
        return web.json_response({"id": "42", "name": "New", "flags": 1 << 18, "approximate_guild_count": 0})

    service = web.Application()
    service.router.add_get("/applications/@me", application)
    async with TestServer(service) as server:
        assert await doctor.examine(settings_for(sandbox, tmp_path, rooms_discord_api=str(server.make_url("/"))))
    look = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("look"))
    assert "client_id=42" in look


async def test_an_embedding_model_that_cannot_be_used_is_told(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = f"local:{tmp_path}/none.gguf"
    assert not await doctor.examine(settings_for(sandbox, tmp_path, rooms_embedding_model=nowhere))
    assert marks(capsys.readouterr().out)[-1] == ("FAIL", "embedding model local")
