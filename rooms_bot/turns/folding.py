"""Text as names are compared in it: without case, Unicode forms and invisible signs, each place known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import punctuation
from typing import Literal
from unicodedata import category, is_normalized, normalize

from rooms_bot.turns.prose import Span

_SHAPES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "。": ".", "、": ",", "؟": "?", "،": ",", "؛": ";", "۔": "."}
)
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that write words without a space between, or (Korean) put endings right after a name."""
_ROUGH = re.compile(r"[^\n -\[\]-~]|[ \n] ")
"""What has to be looked at sign by sign; plain ASCII without it is folded by `lower` alone, in a fifth of the time."""


@dataclass(frozen=True, slots=True)
class Folded:
    """`text[i]` comes from place `at[i]` of the original; `at` has one place more, for the end."""

    text: str
    at: Sequence[int]


def wordy(char: str) -> bool:
    """Whether it is part of a word: a letter, a digit, or a mark on one."""
    return char.isalnum() or continues(char)


def continues(char: str) -> bool:
    """Whether it stands on the character before it."""
    return char > "\u02ff" and category(char).startswith("M")


def unspaced(char: str) -> bool:
    return _UNSPACED.match(char) is not None


@lru_cache(maxsize=512)
def folded(text: str, form: Literal["NFKC", "NFKD"] = "NFKC") -> str:
    """A name as it is compared."""
    return normalize(form, fold(text.strip()).text)


def fold(text: str, covers: Sequence[tuple[Span, str]] = ()) -> Folded:
    """The text as it is compared; each cover (in order) stands as its sign."""
    out: list[str] = []
    at: list[int] = []
    place = 0
    for cover, sign in covers:
        if cover.end <= place:
            continue
        _fold(text, place, cover.start, out, at)
        out.append(sign)
        at.append(max(cover.start, place))
        place = cover.end
    _fold(text, place, len(text), out, at)
    return Folded("".join(out), [*at, len(text)])


def _fold(text: str, start: int, end: int, out: list[str], at: list[int]) -> None:
    part = text[start:end]
    if _ROUGH.search(part) is None and not (out and out[-1] in " \n" and part.startswith(" ")):
        out += part.lower()
        at += range(start, end)
        return
    for place, cluster in _clusters(text, start, end):
        if cluster == "\\" and text[place + 1 : place + 2] in punctuation and place + 1 < end:
            continue
        for char in _shape(cluster):
            if char != " " or not out or out[-1] not in " \n":
                out.append(char)
                at.append(place)


def _clusters(text: str, start: int, end: int) -> Sequence[tuple[int, str]]:
    """Characters with the marks on them, which NFKC may join to one."""
    part = text[start:end]
    if is_normalized("NFC", part):
        return list(enumerate(part, start))
    clusters: list[tuple[int, str]] = []
    for place, char in enumerate(part, start):
        if clusters and (continues(char) or "\u1160" <= char <= "\u11ff") and len(clusters[-1][1]) < 8:
            clusters[-1] = clusters[-1][0], clusters[-1][1] + char
        else:
            clusters.append((place, char))
    return clusters


@lru_cache(maxsize=16384)
def _shape(cluster: str) -> str:
    plain = normalize("NFKC", normalize("NFKC", cluster).casefold()).translate(_SHAPES)
    return "".join(map(_shown, plain))


def _shown(char: str) -> str:
    if char in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if char.isspace() or char == "\u200b":
        return " "
    return "" if category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char >= "\U000e0100" else char
