"""Splits a persona's text into front matter and body, and says of every value on which line it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from rooms_bot.i18n import N_, _

Where = tuple[str | int, ...]
"""A value's place: `("expertise", 2)` is the third entry of expertise."""

_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})

DEEPEST = 20
"""Brackets within brackets; what a persona knows needs one."""

HINTS = (
    (r"mapping values are not allowed", N_("a colon within a value: put the whole value in quotes")),
    (r"character '\\t'", N_("a tab: YAML is indented with spaces")),
    (r"character '([@`%&*!|>])'", N_("a value that begins with {0} must be in quotes")),
    (r"quoted scalar|unexpected end of stream", N_("a quotation mark is missing or one too many")),
    (r"could not find expected ':'", N_("a colon is missing, as in `name: Ada`")),
    (r"expected <block end>", N_("this line is not indented like the ones above it, or a quotation mark is missing")),
    (r"expected ',' or '\]'", N_("a list is not closed with ]")),
    (r"expected the node content", N_("a value is missing, or a bracket is not closed")),
    (r"expected a single document", N_("a line of dots ends the front matter: end it with ---")),
)
"""What YAML's scanner says, and what a person has to do about it."""


class Malformed(Exception):
    """The text is no front matter and body; `line` counts from 1. `str()` is the reason, for who reads it."""

    def __init__(self, reason: str, line: int, /, **values: object) -> None:
        self.line = line
        self._reason, self._values = reason, values
        super().__init__(reason)

    def __str__(self) -> str:
        reason = _(self._reason)
        return reason.format(**self._values) if self._values else reason


@dataclass(frozen=True, slots=True)
class Page:
    """A persona's text, taken apart. Values are text, None, or lists of such; nothing is interpreted."""

    values: dict[str, Any]
    body: str
    body_line: int
    lines: dict[Where, int]

    def line(self, where: Where) -> int:
        """The line of a value, or of the key it belongs to, or where the front matter begins."""
        return self.lines.get(where) or self.lines.get(where[:1]) or self.lines[()]


def split(text: str) -> Page:
    """Take `text` apart. Raises `Malformed`, and nothing else, for any text."""
    handler = _Reader(first=1 + _blank_lines(text))
    if not handler.detect(text.lstrip()):
        raise Malformed("the first line must be ---, then `name: …` and what else is known, then --- again", 1)
    values, body = frontmatter.parse(text, handler=handler)
    body_line = handler.first + text.strip()[: -len(body) or None].count("\n")
    return Page(values, body, body_line, {(): handler.first} | handler.lines)


def _blank_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


class _Loader(yaml.BaseLoader):
    """PyYAML looks at every open bracket again for each that is opened: 50,000 of them would take it minutes."""

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803 - as PyYAML calls it
        if self.flow_level >= DEEPEST:
            raise RecursionError
        super().fetch_flow_collection_start(TokenClass)


class _Reader(YAMLHandler):
    """YAML front matter that keeps the lines. `first` is the line of the opening `---`."""

    # The library's own pattern takes the blank lines after a boundary with it, and line numbers would be wrong.
    FM_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)

    def __init__(self, first: int) -> None:
        super().__init__()
        self.first = first
        self.lines: dict[Where, int] = {}
        self._seen: set[int] = set()

    def split(self, text: str) -> tuple[str, str]:
        try:
            return super().split(text)
        except ValueError:
            raise Malformed(
                "the front matter is never closed: a line with only --- must follow it", self.first
            ) from None

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        try:
            # The base loader knows only text, lists and mappings: `name: No` is a name, and no object is built.
            return dict(self._entries(yaml.compose(fm, Loader=_Loader)))
        except yaml.reader.ReaderError as error:
            line = fm[: error.position].count("\n")
            raise Malformed("a character that may not stand in YAML", self.first + line) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise Malformed(_hint(str(error.problem)), self.first + (mark.line if mark else 0)) from None
        except RecursionError:
            raise Malformed("the front matter is nested too deeply", self.first) from None
        except (ValueError, OverflowError):
            # PyYAML lets these through for "\UFFFFFFFF" and for absurd numbers after %YAML.
            raise Malformed("the front matter has an escape or a number that does not exist", self.first) from None

    def _entries(self, node: yaml.Node | None) -> Iterator[tuple[str, Any]]:
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            raise Malformed("the front matter must be lines such as `name: Ada`", self.first + node.start_mark.line)
        for key, value in node.value:
            name = self._key(key)
            self.lines[(name,)] = self._line(key)
            yield name, self._value(value, (name,))

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise Malformed("a key must be a word", self._line(node))
        if (node.value,) in self.lines:
            before = self.lines[(node.value,)]
            twice = self._line(node)
            raise Malformed(
                "{key} stands here a second time, after line {line}", twice, key=repr(node.value), line=before
            )
        return str(node.value)

    def _value(self, node: yaml.Node, where: Where) -> Any:
        self.lines.setdefault(where, self._line(node))
        if node.tag not in _PLAIN_TAGS:
            raise Malformed("a tag (a word after !) has no meaning here", self._line(node))
        if id(node) in self._seen:
            # Aliases let a file of one kilobyte unfold to gigabytes.
            raise Malformed("a value is repeated by an alias (*word): write it out", self.lines[where[:1]])
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*where, place)) or "" for place, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return {"": ""}
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        return None if plain and node.value in _NOTHING else node.value

    def _line(self, node: yaml.Node) -> int:
        return self.first + int(node.start_mark.line)


def _hint(problem: str) -> str:
    for pattern, sentence in HINTS:
        if found := re.search(pattern, problem):
            return _(sentence).format(*found.groups())
    return problem
