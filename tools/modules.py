"""Writes the module map of `docs/architecture.md`: each module with the first sentence of its docstring.

`python -m tools.modules` writes it anew; with `--check` it fails, naming the difference, where the map is stale.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from tools.pages import DOCS, renew

PLACES = ("rooms_bot", "cogs")


def main(arguments: Sequence[str]) -> int:
    return renew(DOCS / "architecture.md", "modules", module_map(DOCS.parent), "--check" in arguments)


def module_map(root: Path) -> str:
    """A list for each folder, in alphabetical order."""
    return "\n".join(
        _folder(root, folder, list(files)) for folder, files in groupby(modules(root), lambda file: file.parent)
    )


def modules(root: Path) -> Iterator[Path]:
    """All that have a purpose of their own: versions of the database's tables have numbers."""
    for place in PLACES:
        files = [file for file in (root / place).rglob("*.py") if "versions" not in file.parts]
        yield from sorted(files, key=lambda file: (file.parent, file.name))


def _folder(root: Path, folder: Path, files: Sequence[Path]) -> str:
    lines = [f"### `{folder.relative_to(root).as_posix()}/`", ""]
    for file in files:
        if file.name != "__init__.py":
            lines.append(f"- `{file.stem}`: {purpose(file)}")
        elif about := purpose(file):
            lines += [about, ""]
    return "\n".join(lines) + "\n"


def purpose(file: Path) -> str:
    """The first sentence of its docstring. Raises `ValueError` where a module with code has none."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    words = ast.get_docstring(tree) or ""
    if tree.body and not words:
        raise ValueError(f"{file} does not say what it is for: it has no docstring")
    paragraph = " ".join(words.partition("\n\n")[0].split())
    return re.split(r"(?<=[.?!]) ", paragraph)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
