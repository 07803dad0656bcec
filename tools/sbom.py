"""Writes what Rooms Bot is made of as a CycloneDX document: each locked package, its version and its files' hashes.

`python -m tools.sbom FILE` writes it. It is made from the lock files alone, so that one state of them gives one
document; licences are those that the installed packages name.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parent.parent
LOCKS = {"requirements.lock": "required", "requirements-local.lock": "optional"}
"""By file, how the bot depends on what is in it; what only developers need is no part of it."""

_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*(?=\\|$)")
_HASH = re.compile(r"--hash=(\w+):([0-9a-f]+)")
_NAME = re.compile(r"[\w.-]+")
_ALGORITHMS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock file; `hashes` are those of all its files, as pip writes them."""

    name: str
    version: str
    marker: str
    hashes: tuple[tuple[str, str], ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{canonical(self.name)}@{self.version}"


def canonical(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock file. Raises `ValueError` for a line that is none, or has no hash."""
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found, hashes = _REQUIREMENT.match(line.replace("--hash", "\\--hash", 1)), _HASH.findall(line)
        if found is None or not hashes:
            raise ValueError(f"this is no locked package with hashes: {line[:80]}")
        yield Locked(found[1], found[2], found[3] or "", tuple(hashes))


def document(root: Path) -> Wire:
    """The whole bill of materials (CycloneDX 1.6, cyclonedx.org/docs/1.6/json)."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = {one.purl: _component(one, scope) for file, scope in LOCKS.items() for one in _of(root / file)}
    itself = f"pkg:pypi/{project['name']}@{project['version']}"
    wanted = {canonical(name) for name in _names(project)}
    direct = sorted(part["bom-ref"] for part in parts.values() if canonical(part["name"]) in wanted)
    made: Wire = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": itself,
                "name": project["name"],
                "version": project["version"],
                "purl": itself,
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": [parts[purl] for purl in sorted(parts)],
        "dependencies": [{"ref": itself, "dependsOn": direct}],
    }
    return made | {"serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(made, sort_keys=True))}"}


def _of(file: Path) -> Iterator[Locked]:
    yield from locked(file.read_text(encoding="utf-8"))


def _names(project: Wire) -> Iterator[str]:
    """What the project itself asks for, and what its extras do."""
    for wanted in (
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ):
        if found := _NAME.match(wanted):
            yield found.group()


def _component(one: Locked, scope: str) -> Wire:
    made: Wire = {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "scope": scope,
        "purl": one.purl,
        "externalReferences": [
            {
                "type": "distribution",
                "url": one.purl,
                "comment": "any of these files",
                "hashes": [{"alg": _ALGORITHMS[kind], "content": value} for kind, value in one.hashes],
            }
        ],
    }
    if one.marker:
        made["properties"] = [{"name": "where", "value": one.marker}]
    if licence := _licence(one):
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def _licence(one: Locked) -> str:
    """As the package of this version names it, if it is installed and does so in a few words."""
    try:
        told = metadata(one.name)
    except PackageNotFoundError:
        return ""
    version, expression, named = (
        (told.get_all(key) or [""])[0] for key in ("Version", "License-Expression", "License")
    )  # an index would raise KeyError where another package has put its own reader in place of Python's
    if version != one.version:
        return ""
    short = expression or named
    if 0 < len(short) <= 80 and "\n" not in short:
        return str(short)
    lines = told.get_all("Classifier") or []
    return ", ".join(line.rpartition(" :: ")[2] for line in lines if line.startswith("License ::"))


def main(arguments: Sequence[str]) -> int:
    (file,) = map(Path, arguments)
    made = document(ROOT)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(made['components'])} packages in {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
