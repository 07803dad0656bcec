"""Logs go to stderr, for people or for machines, and show no secret."""

import json
import logging
import subprocess
import sys

import pytest

from rooms_bot.errors import Refused
from rooms_bot.i18n import speaking
from rooms_bot.logs import BLOT, Blot, Blotter, secrets_of
from tests.cli.program import ROOT, environment

TALK = """
import logging, os, warnings
from rooms_bot.logs import set_up

set_up("INFO", os.environ["FORM"], dict(os.environ))
log = logging.getLogger("rooms_bot.somewhere")
log.debug("too quiet")
log.info("the token is %s", os.environ["DISCORD_TOKEN"])
logging.getLogger("somebody.else").info("too quiet for others")
logging.getLogger("somebody.else").warning("a library: %s", os.environ["ROOMS_DATABASE_URL"])
try:
    raise ValueError("refused: " + os.environ["OPENAI_API_KEY"])
except ValueError:
    log.exception("a fault")
warnings.warn("a warning with " + os.environ["OPENAI_API_KEY"])
try:
    raise ConnectionResetError("by peer")
except ConnectionResetError:
    logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)
raise RuntimeError("nobody catches this: " + os.environ["OPENAI_API_KEY"])
"""

SECRETS = {
    "DISCORD_TOKEN": "MTIz.abc.the-token",
    "OPENAI_API_KEY": 'sk-with "quotes" and ü',
    "ROOMS_DATABASE_URL": "postgresql://rooms:p%40ss@host/rooms",
}


def talk(form: str) -> subprocess.CompletedProcess[str]:
    """What a program that logs all kinds of things writes."""
    return subprocess.run(
        [sys.executable, "-c", TALK],
        env=environment(FORM=form, **SECRETS),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_secret_is_in_them_not_even_in_a_traceback(form: str) -> None:
    told = talk(form)
    assert told.stdout == ""
    assert told.returncode == 1
    for secret in ("the-token", "sk-with", "p%40ss", "p@ss"):
        assert secret not in told.stderr
    assert told.stderr.count(BLOT) >= 5
    assert "quiet" not in told.stderr
    assert "ValueError" in told.stderr


def test_for_machines_every_line_is_an_object() -> None:
    told = [json.loads(line) for line in talk("json").stderr.splitlines()]
    assert [(one["level"], one["logger"]) for one in told] == [
        ("INFO", "rooms_bot.somewhere"),
        ("WARNING", "somebody.else"),
        ("ERROR", "rooms_bot.somewhere"),
        ("WARNING", "py.warnings"),
        ("WARNING", "discord.client"),
        ("CRITICAL", "rooms_bot.logs"),
    ]
    assert told[0]["message"] == f"the token is {BLOT}"
    assert told[0]["time"].endswith("Z")
    assert "Traceback" in told[2]["exc_info"]


def test_a_lost_connection_is_a_warning_on_one_line() -> None:
    line = next(line for line in talk("console").stderr.splitlines() if "discord.client" in line)
    assert line.endswith("was lost (ConnectionResetError: by peer). Attempting a reconnect in 1.50s")


def test_a_short_secret_is_blotted_as_a_whole_word_only() -> None:
    blot = Blot({"rooms", "", "ab"})
    assert blot("rooms_bot: the password rooms of ab") == f"rooms_bot: the password {BLOT} of ab"
    assert Blot()("nothing to hide") == "nothing to hide"


def test_secrets_are_known_by_the_names_of_their_variables() -> None:
    environ = {
        "AWS_SECRET_ACCESS_KEY": "one",
        "HF_TOKEN": "two",
        "TOKENIZERS_PARALLELISM": "false",
        "KEYBOARD": "us",
        "OPENAI_API_BASE": "https://user:three@host/v1",
        "BROKEN": "http://[",
    }
    assert secrets_of(environ) == {"one", "two", "three"}


def test_logs_are_english_whoever_is_spoken_to() -> None:
    blotter, error = Blotter(logging.Formatter("%(message)s"), Blot()), Refused("Please give the room a topic.")
    record = logging.LogRecord("rooms_bot", logging.ERROR, "", 0, "a command failed: %s", (error,), None)
    with speaking("de"):
        assert str(error) == "Bitte gib dem Raum ein Thema."
        assert blotter.format(record) == "a command failed: Please give the room a topic."


def test_addresses_that_let_anybody_post_are_blotted() -> None:
    token = "aqpRMe3lNqJZJUowvd4QSWcaRRWOLOgXPaTeitfy0_wpYl"
    blot = Blot()
    assert blot(f"https://discord.com/api/v10/webhooks/1/{token}?wait=true") == (
        "https://discord.com/api/v10/webhooks/1/•••?wait=true"
    )
    assert token not in blot(f"POST /interactions/22/{token}/callback")
