"""What `docs/security.md` says is shown by a test is shown by one that there is."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_the_page_names_is_there() -> None:
    named = NAMED.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).exists() or (test and test not in names_in(ROOT / file))
    ]
    assert missing == []


def test_every_test_of_this_folder_is_named_on_the_page() -> None:
    """But for those of tools and tables that others rest on."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    files = [file for file in (ROOT / "tests" / "security").glob("test_*.py") if file.stem != "test_page"]
    assert [file.name for file in files if f"tests/security/{file.name}::" not in page] == []
