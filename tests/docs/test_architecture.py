"""The page about how it is built agrees with how it is built."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT, marked, page, table
from tools.modules import module_map, modules
from tools.pages import with_part


def test_the_module_map_is_up_to_date() -> None:
    written = page("docs/architecture.md")
    assert with_part(written, "modules", module_map(ROOT)) == written, "run `python -m tools.modules`"


def test_imports_that_are_not_at_the_top_are_all_accounted_for() -> None:
    written = {marked(row[0])[0]: set(marked(row[1])) for row in table(page("docs/architecture.md"), "module")}
    there = {name(file): set(late_imports(file)) for file in modules(ROOT)}
    assert {module: found for module, found in there.items() if found} == written


def name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def late_imports(file: Path) -> Iterator[str]:
    """What its functions import, whichever way; of a package outside only the package."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                yield from map(shortened, imported(node))


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        whole = node.module == "rooms_bot"
        yield from (f"rooms_bot.{alias.name}" for alias in node.names) if whole else (node.module,)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
        yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def shortened(module: str) -> str:
    return module if module.startswith("rooms_bot.") else module.partition(".")[0]
