"""Writes the table of `docs/reliability.md` from the tests that provoke its faults.

`python -m tools.faults` writes it anew; with `--check` it fails where it is stale.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.table import SECTIONS
from tools.pages import DOCS, renew

TESTS = Path("tests/faults")
Row = tuple[str, str, str, str]
"""Where, what goes wrong, what is seen of it, and the test."""


def main(arguments: Sequence[str]) -> int:
    return renew(DOCS / "reliability.md", "faults", table(), "--check" in arguments)


def table() -> str:
    sections: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows():
        sections[row[0]].append(row)
    lines = [f"{sum(map(len, sections.values()))} faults, each with the test that provokes it."]
    for name in SECTIONS:
        if found := sections[name]:
            lines += ["", f"### {name}", "", "| what goes wrong | what a member sees | test |", "|---|---|---|"]
            lines += [f"| {what} | {seen} | `{test}` |" for _, what, seen, test in found]
    return "\n".join(lines)


def rows() -> Iterator[Row]:
    for file in sorted(TESTS.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                yield from _marked(node, file)


def _marked(test: ast.AsyncFunctionDef | ast.FunctionDef, file: Path) -> Iterator[Row]:
    for call in (one for decorator in test.decorator_list for one in ast.walk(decorator)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "fault":
            where, what, seen = (str(ast.literal_eval(argument)) for argument in call.args)
            yield where, what, seen, f"{file.stem}::{test.name}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
