"""The doctor looks at everything, says each finding on a line, and starts nothing."""

from pathlib import Path

from rooms_bot.sandbox.server import Sandbox
from rooms_bot.sandbox.world import MESSAGE_CONTENT
from tests.cli.program import Outcome, outcome, pointed_at, started


def marks(ended: Outcome) -> list[tuple[str, str]]:
    """Each line's mark, and what it is about."""
    return [(line[:4].strip(), line[6:].partition(":")[0]) for line in ended.out.splitlines()]


async def test_a_sound_set_up_is_found_so(tmp_path: Path, sandbox: Sandbox) -> None:
    ended = await outcome(tmp_path, "doctor", **pointed_at(sandbox))
    assert ended.code == 0
    assert ended.err == ""
    assert marks(ended) == [
        ("ok", "Discord"),
        ("ok", "Discord"),
        ("ok", "database"),
        ("ok", "personas"),
        ("ok", "model offline"),
    ]
    assert sandbox.gateway.sessions.identified == 0


async def test_all_that_is_wrong_is_told_at_once_and_no_secret_with_it(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.world.privileged &= ~MESSAGE_CONTENT
    (tmp_path / "broken.md").write_text("---\nrole: nobody\n---\nYou are.\n")
    (tmp_path / "rooms.db").write_text("a letter " * 1000)
    given = pointed_at(
        sandbox,
        ROOMS_DATABASE_URL="sqlite:///rooms.db",
        ROOMS_PERSONAS_DIR=".",
        ROOMS_MODEL="python/none.py:speak",
    )
    ended = await outcome(tmp_path, "doctor", **given)
    assert ended.code == 2
    assert marks(ended) == [
        ("ok", "Discord"),
        ("FAIL", "Discord"),
        ("FAIL", "database"),
        ("ok", "personas"),
        ("FAIL", "persona"),
        ("FAIL", "model python/none.py"),
    ]
    assert "Traceback" not in ended.err
    assert sandbox.token not in ended.out + ended.err


async def test_a_wrong_token_does_not_keep_it_from_looking_at_the_rest(tmp_path: Path, sandbox: Sandbox) -> None:
    ended = await outcome(tmp_path, "doctor", **pointed_at(sandbox, DISCORD_TOKEN="wrong-token-wrong"))
    assert ended.code == 2
    assert [mark for mark, _ in marks(ended)] == ["FAIL", "ok", "ok", "ok"]
    assert "wrong-token-wrong" not in ended.out + ended.err


async def test_a_running_bot_is_no_failure(tmp_path: Path, sandbox: Sandbox) -> None:
    async with started(tmp_path, "run", **pointed_at(sandbox)) as bot:
        await bot.out.has("https://")
        ended = await outcome(tmp_path, "doctor", **pointed_at(sandbox))
    assert ended.code == 0
    assert ("look", "database") in marks(ended)
