"""How what people and models wrote stands in a prompt: nobody can write a line there that seems to be another's."""

import re
import unicodedata
from collections.abc import Collection

from rooms_bot.agents.labels import ROLES, label
from rooms_bot.domain.talk import tokens

_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_TOKENS = re.compile(
    r"<(?=[|/]?(?:\||s>|/?SYS|start_of|end_of|eot|bos|eos|think))|\[(?=/?(?:INST|SYSTEM_PROMPT)\])", re.I
)
"""Where a marker begins that chat templates give a meaning: llama.cpp reads them in any text."""
_MARKS = re.compile(r"[“”„]")
_IN_NAMES = re.compile(r"[:：()\[\]{}<>|\\`*_#@\"“”]")


def tidy(text: str) -> str:
    """`text` with plain line breaks, without invisible characters, and with template markers made inert."""
    if "<" not in text and "[" not in text and text.replace("\n", "").isprintable():  # nearly always, and soon seen
        return text.strip()
    return _TOKENS.sub(r"\g<0> ", _HIDDEN.sub("", _BREAKS.sub("\n", text))).strip()


def quoted(text: str, names: Collection[str]) -> str:
    """`text` to stand after a speaker's label: further lines are indented, labels within it broken (`Ada\\: …`)."""
    if ":" not in text and "：" not in text:
        return tidy(text).replace("\n", "\n  ")
    broken = label((*names, *ROLES)).sub(lambda found: re.sub(r"([:：])", r"\\\1", found[0], count=1), tidy(text))
    return broken.replace("\n", "\n  ")


def one_line(text: str, limit: int = 300) -> str:
    """`text` as a phrase within a sentence of ours."""
    return " ".join(tidy(text).split())[:limit]


def cited(text: str, limit: int = 300) -> str:
    """`text` as a phrase between quotation marks that it cannot close."""
    inner = _MARKS.sub("'", one_line(text, limit))
    return f"“{inner}”"


def plain_name(name: str, limit: int = 60) -> str:
    """A member's name without what labels are made of; `someone` where nothing is left."""
    return " ".join(_IN_NAMES.sub(" ", unicodedata.normalize("NFC", tidy(name))).split())[:limit].strip() or "someone"


def shortened(text: str, limit: int) -> str:
    """At most about `limit` tokens of it: its beginning and its end."""
    if tokens(text) <= limit:
        return text
    raw, half = text.encode(), max(limit, 8) * 2
    return f"{raw[:half].decode(errors='ignore')} […] {raw[-half:].decode(errors='ignore')}"
