"""A wrong set-up is one sentence and exit code 2; what may mend itself is a warning."""

import sqlite3
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from rooms_bot import app
from rooms_bot.chat.permissions import NEEDED
from rooms_bot.errors import SetupError
from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MESSAGE_CONTENT
from tests.cli.program import outcome, pointed_at, started
from tests.wire.channel import settings_for

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


async def sentence(sandbox: Sandbox, folder: Path, **settings: object) -> str:
    """The same in this process, which is quicker."""
    with pytest.raises(SetupError) as wrong:
        await app.run(settings_for(sandbox, folder, **settings))
    return str(wrong.value)


async def test_a_token_that_is_missing_or_malformed(tmp_path: Path) -> None:
    await refused(tmp_path, "DISCORD_TOKEN is not set", ".env", "make sandbox")
    await refused(tmp_path, "DISCORD_TOKEN has", "copy the token again", DISCORD_TOKEN=f"{SECRET}\nx")


async def test_a_token_that_discord_does_not_accept(tmp_path: Path, sandbox: Sandbox) -> None:
    given = pointed_at(sandbox, DISCORD_TOKEN=SECRET)
    await refused(tmp_path, "does not accept DISCORD_TOKEN", "Reset Token", **given)


async def test_an_intent_that_was_not_granted(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.world.privileged &= ~MESSAGE_CONTENT
    assert "Switch on the Message Content Intent" in await sentence(sandbox, tmp_path)


async def test_a_discord_that_is_not_there_or_is_something_else(tmp_path: Path, sandbox: Sandbox) -> None:
    nowhere = "http://127.0.0.1:9/api/v10"
    told = await sentence(sandbox, tmp_path, rooms_discord_api=nowhere)
    assert "cannot be reached" in told
    assert nowhere in told
    other = f"{sandbox.page_url}elsewhere"
    assert "404" in await sentence(sandbox, tmp_path, rooms_discord_api=other)
    # Like https://discord.com without /api/v10: a page, whatever is asked for.
    page = f"{sandbox.page_url}?"
    assert "is not Discord's API" in await sentence(sandbox, tmp_path, rooms_discord_api=page)


async def test_a_database_that_cannot_be_used(tmp_path: Path, sandbox: Sandbox) -> None:
    (tmp_path / "letter.db").write_text("This is a letter, not a database. " * 200)
    (tmp_path / "hole.db").write_bytes(with_a_hole(tmp_path / "whole.db"))
    url = f"sqlite:///{tmp_path.as_posix()}"
    assert "letter.db is damaged" in await sentence(sandbox, tmp_path, rooms_database_url=f"{url}/letter.db")
    assert "hole.db is damaged" in await sentence(sandbox, tmp_path, rooms_database_url=f"{url}/hole.db")
    unwritable = await sentence(sandbox, tmp_path, rooms_database_url=f"{url}/letter.db/rooms.db")
    assert "cannot be written" in unwritable
    nobody = "postgresql://rooms:hunter2@127.0.0.1:9/rooms"
    unreachable = await sentence(sandbox, tmp_path, rooms_database_url=nobody)
    assert "PostgreSQL" in unreachable
    assert "hunter2" not in unreachable


def with_a_hole(whole: Path) -> bytes:
    """A database with some pages of nonsense."""
    with sqlite3.connect(whole) as connection:
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.executemany("INSERT INTO words VALUES (?)", [("word" * 100,)] * 500)
    connection.close()
    content = whole.read_bytes()
    return content[:8192] + b"\xaa" * 40_000 + content[48_192:]


async def test_no_model_where_none_is_embedded(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)
    assert "ROOMS_MODEL is not set" in await sentence(sandbox, tmp_path, rooms_model=None)


@pytest.mark.slow
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
        assert not any("hunter2" in line or "Traceback" in line or "oice" in line for line in program.err.lines)


async def test_a_second_process_on_the_same_database(tmp_path: Path, sandbox: Sandbox) -> None:
    async with app.furnished(settings_for(sandbox, tmp_path / "data")):
        await refused(tmp_path, "in use by another Rooms Bot", "ROOMS_DATABASE_URL", **pointed_at(sandbox))


async def test_the_shell_is_told_of_a_setting_that_means_nothing(tmp_path: Path) -> None:
    given = {"DISCORD_TOKEN": SECRET, "ROOMS_POSTS_PER_MINUTE": "many"}
    await refused(tmp_path, "ROOMS_POSTS_PER_MINUTE", "must be a whole number", ".env.example", **given)
