"""Finds what people would read in English whatever they speak: words in the source that no catalogue can have."""

import ast
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from tools.messages import COUNTED, SAID

LOGS = {"debug", "info", "warning", "error", "exception"}
FAULTS = {"ValueError", "TypeError", "AssertionError", "KeyError", "RuntimeError"}
"""Of the program itself, for its log."""
UNREAD = FAULTS | {
    "SetupError",  # the operator's
    "PostRefused",
    "AgentError",
    "AgentEmpty",
    "AgentRefused",
    "AgentTimeout",
    "AgentUnreachable",  # for the log: what people read is the error's phrase
    "compile",  # regular expressions
    "create_task",  # the names of tasks
    "describe",
    "command",
    "context_menu",
    "ContextMenu",  # read by the translator of commands, and thence in the catalogue
}
"""Calls whose words nobody reads, or that are translated elsewhere."""

_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,.:;!?]*\s+\W*[^\W\d_]{2,}")
_A_LABEL = re.compile(r"[A-Z][a-z]{2,}[.!?…]*")
_A_WORD = re.compile(r"(?<![\w/:.<`-])[^\W\d_]{2,}(?![\w/:.>`-])")
_VALUE = "\ufffc"


class Stray(NamedTuple):
    line: int
    words: str


def strays(source: str, vocabulary: Collection[str] = ()) -> list[Stray]:
    """The words in this source that people may read and no catalogue has; `vocabulary` are codes, not words."""
    finder = _Finder(vocabulary)
    finder.visit(ast.parse(source))
    return sorted(finder.found)


def codes(sources: Iterable[Path]) -> set[str]:
    """The values of all `Literal`s in these files: they may read like words, but tell one case from another."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sources)
    slices = (
        node.slice for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Subscript) and _is_literal(node)
    )
    constants = (node.value for one in slices for node in ast.walk(one) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _is_literal(node: ast.Subscript) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "Literal"


class _Finder(ast.NodeVisitor):
    def __init__(self, vocabulary: Collection[str]) -> None:
        self.found: list[Stray] = []
        self._vocabulary = vocabulary

    def visit_Expr(self, node: ast.Expr) -> None:
        """A text on its own is a docstring."""
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = _called(node)
        if name in UNREAD or (name in LOGS and _called_on(node) == "log"):
            return
        said = node.args[: 2 if name in COUNTED else 1 if name in SAID else 0]
        for one in said:
            if not isinstance(
                one, ast.Constant
            ):  # composed before it is looked up, or a constant that is marked itself
                self.visit(one)
        for other in (node.func, *node.args[len(said) :], *node.keywords):
            self.visit(other)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The description of a group of commands is translated with them."""
        for one in node.body:
            self.visit(one)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Without its annotations; its decorators are calls like others."""
        for one in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults), *node.body):
            self.visit(one)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(ast.FunctionDef(**dict(ast.iter_fields(node))))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """What something is compared with is a code."""
        for one in (node.left, *node.comparators):
            if not isinstance(one, ast.Constant | ast.Tuple | ast.Set):
                self.visit(one)

    def visit_MatchValue(self, node: ast.MatchValue) -> None:
        pass

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        if not isinstance(node.slice, ast.Constant) and not _is_literal(node):
            self.visit(node.slice)

    def visit_Dict(self, node: ast.Dict) -> None:
        for one in (*(key for key in node.keys if not isinstance(key, ast.Constant | None)), *node.values):
            self.visit(one)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [str(one.value) if isinstance(one, ast.Constant) else _VALUE for one in node.values]
        text = "".join(parts)
        if re.search(r"\s", text) and _A_WORD.search(text):
            self.found.append(Stray(node.lineno, text.replace(_VALUE, "{}")))
        for one in node.values:
            if isinstance(one, ast.FormattedValue):
                self.visit(one.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        text = node.value
        if not isinstance(text, str) or text in self._vocabulary:
            return
        if _TWO_WORDS.search(text) or _A_LABEL.fullmatch(text):
            self.found.append(Stray(node.lineno, text))


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _called_on(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
        case _:
            return ""


def deaf(source: str) -> list[str]:
    """Forms and views in this source that answer people without having looked at their language.

    Buttons of rooms and commands do it in one place, the client; what is derived from a class here inherits it.
    """
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return [one.name for one in classes if _answers(one) and "speak" not in {_called(call) for call in _calls(one)}]


def _answers(node: ast.ClassDef) -> bool:
    bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
    made = {one.name for one in node.body if isinstance(one, ast.AsyncFunctionDef)}
    return "Modal" in bases or (bases & {"View", "LayoutView"} != set() and made != set())


def _calls(node: ast.ClassDef) -> list[ast.Call]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)]
