"""What is installed from a wheel has everything that a checkout has."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from rooms_bot.store.migrate import MIGRATIONS
from tests.cli.program import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as the Dockerfile builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_personas_faces_page_migrations_and_catalogues_are_in_it(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    for folder, inside in (
        (ROOT / "personas", "rooms_bot/shipped_personas"),
        (ROOT / "rooms_bot" / "faces", "rooms_bot/faces"),
        (ROOT / "rooms_bot" / "sandbox" / "static", "rooms_bot/sandbox/static"),
        (MIGRATIONS / "versions", "rooms_bot/store/migrations/versions"),
        (ROOT / "rooms_bot" / "locales" / "de" / "LC_MESSAGES", "rooms_bot/locales/de/LC_MESSAGES"),
        (ROOT / "cogs", "cogs"),
    ):
        wanted = {f"{inside}/{file.name}" for file in folder.iterdir() if file.is_file()}
        assert wanted
        assert wanted - held == set()
    assert "rooms_bot/py.typed" in held


def test_nothing_else_is_in_it(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rooms_bot", "cogs"}


def test_run_from_it_alone_it_finds_its_personas(wheel: Path, tmp_path: Path) -> None:
    ask = "from rooms_bot.store.personas import read_library as r, shipped_folder as s; print(s(), *r().names())"
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, sys.argv[1]); {ask}"]
    unpacked = tmp_path / "site"
    ZipFile(wheel).extractall(unpacked)
    told = subprocess.run([*command, str(unpacked)], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert told.startswith(str(unpacked / "rooms_bot" / "shipped_personas"))
    assert "Ada" in told.split()
