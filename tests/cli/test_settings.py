"""What the environment and `.env` say becomes settings, or a sentence that shows no value."""

from pathlib import Path

import pytest

from rooms_bot.errors import SetupError
from rooms_bot.settings import Settings, read, sendable
from tests.cli.program import ROOT


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without `.env`, and an environment without this machine's settings."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "openai_api_key"):
        monkeypatch.setenv(name.upper(), "")
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ROOMS_POSTS_PER_MINUTE", "many", "ROOMS_POSTS_PER_MINUTE must be a whole number, 0 or more."),
        ("ROOMS_POSTS_PER_MINUTE", "-1", "must be a whole number, 0 or more."),
        *(
            ("ROOMS_RETENTION_DAYS", days, "ROOMS_RETENTION_DAYS must be a whole number from 0 to 36500.")
            for days in ("home", "-1", "36501", "1.5", "1e3")
        ),
        ("ROOMS_DAILY_TOKENS_PER_GUILD", "-1", "must be a whole number from 0 to 1000000000000."),
        ("ROOMS_DAILY_DOLLARS_PER_GUILD", "nan", "must be a number from 0 to 1000000."),
        ("ROOMS_GUILDS", "12,home", "valid integer"),
        ("ROOMS_LOG_FORMAT", "yaml", "'console' or 'json'"),
        ("ROOMS_LOCAL_ONLY", "perhaps", "valid boolean"),
        ("ROOMS_DISCORD_API", "discord.com/api", "http://"),
        ("ROOMS_DISCORD_CDN", "https://", "http://"),
    ],
)
def test_a_wrong_one_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SetupError) as wrong:
        read()
    assert name in str(wrong.value)
    assert words in str(wrong.value)
    assert "home" not in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_the_environment_comes_before_the_file_and_empty_means_unset(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.write_text("ROOMS_MODEL=from-the-file\nROOMS_HOST_ROLE=Hosts\nROOMS_GUILDS=1, 2,\nROOMS_MODELS=\n")
    monkeypatch.setenv("ROOMS_MODEL", "from-the-shell")
    settings = read()
    assert (settings.rooms_model, settings.rooms_host_role) == ("from-the-shell", "Hosts")
    assert (settings.rooms_guilds, settings.rooms_models) == ((1, 2), ())


def test_the_files_keys_reach_the_libraries_that_look_for_them(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_BASE", "http://from-the-shell")
    elsewhere.write_text("OPENAI_API_KEY=sk-file\nOLLAMA_API_BASE=http://from-the-file\nDISCORD_TOKEN=a.b.c\n")
    settings = read()
    environment = settings.environment()
    assert environment["OPENAI_API_KEY"] == "sk-file"
    assert environment["OLLAMA_API_BASE"] == "http://from-the-shell"
    assert environment["DISCORD_TOKEN"] == settings.token() == "a.b.c"


def test_a_file_from_windows_is_read_and_one_in_another_encoding_is_refused(elsewhere: Path) -> None:
    elsewhere.write_bytes("DISCORD_TOKEN=a.b.c\r\n".encode("utf-8-sig"))
    assert read().token() == "a.b.c"
    elsewhere.write_bytes("ROOMS_HOST_ROLE=Gäste".encode("latin-1"))
    with pytest.raises(SetupError, match="UTF-8"):
        read()


def test_the_example_names_every_setting_and_says_its_default(elsewhere: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"{name.upper()}=" not in example] == []
    elsewhere.write_text(example)
    told, default = read().model_dump(), Settings(_env_file=None).model_dump()
    assert {name for name, value in told.items() if value != default[name]} == {"rooms_model"}


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tab\t", "é", "\x7f"])
def test_what_no_header_can_carry_is_no_token(token: str) -> None:
    with pytest.raises(SetupError) as wrong:
        sendable(token, "It")
    assert not token or token not in str(wrong.value)
