"""`rooms-bot persona check` and `version`."""

import subprocess
import sys
from pathlib import Path

import pytest

from rooms_bot import __version__
from rooms_bot.cli import main
from rooms_bot.store.personas import shipped_folder
from tests.cli.program import environment


def test_what_is_shipped_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["persona", "check", str(shipped_folder())]) == 0
    assert all(line.endswith(": good") for line in capsys.readouterr().out.splitlines())


def test_a_file_that_cannot_be_used_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "nobody.md"
    file.write_text("---\nrole: nobody\ntemperature: hot\n---\nYou are nobody.\n")
    ended = subprocess.run(
        [sys.executable, "-m", "rooms_bot", "persona", "check", str(file), "missing.md"],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    assert f"{file}:3: error" in ended.stdout
    assert "missing.md" in ended.stdout


def test_a_warning_alone_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ada.md"
    file.write_text("---\nname: Ada\nhobby: chess\n---\nYou are Ada.\n")
    assert main(["persona", "check", str(file)]) == 0
    assert "hobby" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out == f"rooms-bot {__version__}\n"
