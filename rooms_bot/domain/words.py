"""What every word of the vocabulary has in common: it never changes and knows no other fields than its own."""

from pydantic import BaseModel, ConfigDict


class Word(BaseModel):
    """An immutable value; a changed one is a copy (`model_copy(update=…)`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
