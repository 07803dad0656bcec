"""Who an agent is: a name, a way of speaking, what it knows and which model speaks for it."""

from typing import Annotated, Literal
from unicodedata import category

from pydantic import AfterValidator, Field, StringConstraints

from rooms_bot.domain.words import Word
from rooms_bot.i18n import _

RESERVED = frozenset({"all", "human", "system"})
"""Names (casefolded) that mean something else in a room, or to a model."""

_TURNED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: with them one name can be made to look like another."""


class Unfit(ValueError):
    """What a text of a persona must be; said in the language of who reads it, after the name of the field."""

    def __init__(self, predicate: str, **values: object) -> None:
        super().__init__(predicate)
        self._predicate, self._values = predicate, values

    def __str__(self) -> str:
        return _(self._predicate).format(**self._values)


def one_line(text: str) -> str:
    """`text` without the space around it. ValueError where it has a line break or characters that do not show."""
    text = text.strip()
    if any(category(char) in ("Cc", "Zl", "Zp") for char in text):
        raise Unfit("must be one line, without control characters")
    if not _TURNED.isdisjoint(text):
        raise Unfit("must not change the direction of writing")
    return text


def clean(text: str) -> str:
    """`text` as it is. ValueError where it has control characters, which databases and providers refuse."""
    if any(category(char) == "Cc" and char not in "\t\n\r" for char in text):
        raise Unfit("must not contain control characters")
    return text


def callable_by(name: str) -> str:
    """`name` as it is. ValueError where nobody could be called so."""
    if name.casefold() in RESERVED:
        raise Unfit("must not be “{name}”, which means something else in a room", name=name)
    if all(category(char)[0] in "CZ" for char in name):
        raise Unfit("must have something in it that shows")
    return name


Line = Annotated[str, AfterValidator(one_line)]
Text = Annotated[str, AfterValidator(clean)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(one_line),
    AfterValidator(callable_by),
]


def something(text: str) -> str:
    """Raises `ValueError` for a text of which nothing was left, as of a control character alone."""
    if not text:
        raise ValueError("must not be empty")
    return text


Phrase = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(one_line),
    AfterValidator(something),
]


class Persona(Word):
    """One character, as its Markdown file tells it; only `name` is required."""

    name: Name
    role: Line = Field(default="", max_length=200)
    description: Line = Field(default="", max_length=300)
    """A sentence on what it helps with."""
    expertise: tuple[Phrase, ...] = Field(default=(), max_length=64)
    stance: Line = Field(default="", max_length=100)
    """`for`, `against`, or other words that make a side of its own in an argument; empty takes sides in turn."""
    model: str | None = Field(default=None, max_length=200)
    """A LiteLLM model, `local`, `offline` or `python/file.py:function`; None is the room's."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1, le=32_000)
    timeout: float | None = Field(default=None, gt=0, le=600)
    """Seconds for a whole answer; None is the operator's default."""
    memory: Literal["room", "none"] = "room"
    """`none`: it sees only what it answers."""
    talkativeness: float = Field(default=1, ge=0, le=1)
    """The share of its chances to speak unasked that it takes."""
    avatar: str | None = None
    """An image file: in the file's front matter beside it, once loaded with its whole path."""
    greeting: Text = Field(default="", max_length=2000)
    expansion: tuple[Phrase, ...] = Field(default=(), max_length=100)
    """Words people use when they need this expert; they count towards its expertise."""
    prompt: Text = Field(default="", max_length=32_000)
    """The body of the file: the system prompt, verbatim."""
