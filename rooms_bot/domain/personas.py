"""Who an agent is: a name, a way of speaking, what it knows and which model speaks for it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from rooms_bot.domain.words import Word

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Persona(Word):
    """One character, as its Markdown file tells it; only `name` is required."""

    name: Name
    role: str = Field(default="", max_length=200)
    expertise: tuple[Phrase, ...] = Field(default=(), max_length=64)
    stance: str = Field(default="", max_length=100)
    """`for`, `against`, or other words that make a side of its own in an argument; empty takes sides in turn."""
    model: str | None = Field(default=None, max_length=200)
    """A LiteLLM model, `local`, `offline` or `python/file.py:function`; None is the room's."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1, le=32_000)
    timeout: float | None = Field(default=None, gt=0, le=600)
    """Seconds for a whole answer; None is the operator's default."""
    avatar: str | None = None
    """An image file: in the file's front matter beside it, once loaded with its whole path."""
    greeting: str = Field(default="", max_length=2000)
    expansion: tuple[Phrase, ...] = Field(default=(), max_length=100)
    """Words people use when they need this expert; they count towards its expertise."""
    prompt: str = Field(default="", max_length=32_000)
    """The body of the file: the system prompt, verbatim."""
