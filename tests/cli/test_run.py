"""A wrong set-up is one sentence and exit code 2; what may mend itself is a warning."""

import asyncio
import sqlite3
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from rooms_bot.chat.permissions import NEEDED
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MESSAGE_CONTENT
from tests.cli.program import outcome, pointed_at, started

SECRET = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhostA.never-to-be-shown"


async def refused(folder: Path, *words: str, **given: str) -> None:
    """`run` ends with 2 and one line on stderr that has these words and no secret."""
    ended = await outcome(folder, "run", **given)
    assert ended.code == 2, ended.err
    assert ended.out == ""
    assert ended.err.count("\n") == 0, ended.err
    for word in words:
        assert word in ended.err
    token = given.get("DISCORD_TOKEN")
    assert not token or token not in ended.err
    assert "hunter2" not in ended.err


async def test_a_token_that_is_missing_or_malformed(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(refused(tmp_path, "DISCORD_TOKEN is not set", ".env", "make sandbox"))
        for token in (f"Bot {SECRET}", f"{SECRET}\nx", f"{SECRET}é"):
            tasks.create_task(refused(tmp_path, "DISCORD_TOKEN has", "copy the token again", DISCORD_TOKEN=token))


async def test_a_token_that_discord_does_not_accept(tmp_path: Path, sandbox: Sandbox) -> None:
    given = pointed_at(sandbox, DISCORD_TOKEN=SECRET)
    await refused(tmp_path, "does not accept DISCORD_TOKEN", "Reset Token", **given)


async def test_an_intent_that_was_not_granted(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.world.privileged &= ~MESSAGE_CONTENT
    await refused(tmp_path, "Switch on the Message Content Intent", **pointed_at(sandbox))


async def test_a_discord_that_is_not_there_or_is_something_else(tmp_path: Path, sandbox: Sandbox) -> None:
    nowhere = {"DISCORD_TOKEN": SECRET, "ROOMS_MODEL": "offline", "ROOMS_DISCORD_API": "http://127.0.0.1:9/api/v10"}
    elsewhere = pointed_at(sandbox, ROOMS_DISCORD_API=f"{sandbox.page_url}elsewhere", ROOMS_DATA_DIR="other")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(refused(tmp_path, "cannot be reached", "http://127.0.0.1:9/api/v10", **nowhere))
        tasks.create_task(refused(tmp_path, "404", "ROOMS_DISCORD_API", **elsewhere))


async def test_a_database_that_cannot_be_used(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "a file").write_text("")
    (tmp_path / "text.db").write_text("This is a letter, not a database. " * 200)
    (tmp_path / "damaged.db").write_bytes(damaged(tmp_path / "whole.db"))
    address = "postgresql://rooms:hunter2@127.0.0.1:9/rooms"
    async with asyncio.TaskGroup() as tasks:
        for name, words in {"a file/x.db": "cannot be written", "text.db": "damaged", "damaged.db": "damaged"}.items():
            given = pointed_at(sandbox, ROOMS_DATABASE_URL=f"sqlite:///{name}")
            tasks.create_task(refused(tmp_path, words, Path(name).name, **given))
        tasks.create_task(refused(tmp_path, "PostgreSQL", **pointed_at(sandbox, ROOMS_DATABASE_URL=address)))


def damaged(whole: Path) -> bytes:
    """A database with a hole in the middle."""
    with sqlite3.connect(whole) as connection:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.executemany("INSERT INTO words VALUES (?)", [("word" * 100,)] * 500)
    connection.close()
    content = whole.read_bytes()
    return content[:8192] + b"\xaa" * 40_000 + content[48_192:]


async def test_a_setting_that_means_nothing(tmp_path: Path) -> None:
    for name, value, words in (
        ("ROOMS_POSTS_PER_MINUTE", "many", "valid integer"),
        ("ROOMS_GUILDS", "12,home", "valid integer"),
        ("ROOMS_LOG_FORMAT", "yaml", "'console' or 'json'"),
        ("ROOMS_DISCORD_API", "discord.com", "http://"),
    ):
        await refused(tmp_path, name, words, ".env.example", DISCORD_TOKEN=SECRET, **{name: value})
    (tmp_path / ".env").write_bytes("DISCORD_TOKEN=\xe9".encode("latin-1"))
    await refused(tmp_path, ".env cannot be read", "UTF-8")


async def test_no_model_where_none_is_embedded(tmp_path: Path, sandbox: Sandbox) -> None:
    blind = tmp_path / "blind"
    blind.mkdir()
    (blind / "sitecustomize.py").write_text("import sys\nsys.modules['xllamacpp'] = None\n")
    given = pointed_at(sandbox, ROOMS_MODEL="", ROOMS_DATA_DIR="data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(blind), prepend=":")
        ended = await outcome(tmp_path, "run", **given)
    assert (ended.code, "ROOMS_MODEL is not set" in ended.err) == (2, True), ended.err


async def test_the_invite_link_asks_for_what_is_needed_and_an_unreachable_model_is_a_warning(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    given = pointed_at(
        sandbox, ROOMS_MODEL="openai/test", OPENAI_API_BASE="http://127.0.0.1:9/v1", OPENAI_API_KEY="sk-hunter2hunter2"
    )
    async with started(tmp_path, "run", **given) as program:
        link = await program.out.has("https://")
        asked = parse_qs(urlsplit(link).query)
        assert asked["client_id"] == [sandbox.world.bot_id]
        assert asked["scope"] == ["bot applications.commands"]
        assert asked["permissions"] == [str(NEEDED.value)]
        warning = await program.err.has("openai/test")
        assert "WARNING" in warning
        assert "could not be reached" in warning
        assert "The bot goes on" in warning
        assert not any("hunter2" in line or "Traceback" in line for line in program.err.lines)
        await second_process_is_refused(tmp_path, sandbox)


async def second_process_is_refused(folder: Path, sandbox: Sandbox) -> None:
    await refused(folder, "in use by another Rooms Bot", **pointed_at(sandbox))
