"""What a server does not want to be said, as its people write it down: words, phrases, and `*` for any letters."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from unicodedata import category, normalize

from rooms_bot.agents.hidden import bare
from rooms_bot.domain.lookalikes import in_latin
from rooms_bot.errors import Refused
from rooms_bot.i18n import N_

SHORTEST, LONGEST = 2, 60
"""Characters of one entry, as Discord's own filter has it."""
WITHIN = 2
"""How many `*` may stand within an entry: more would take long to look for."""

_MARKDOWN = re.compile(r"[*_~|`\\]+")
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
"""Those that make no other letter of the one they stand on: strokes through it, rings around it."""
_BLANK = "\u2800"
"""A letter of Braille without a dot: it may separate words, or hide within one."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts without spaces between words: there, a word is found within others."""

_LENGTH = N_("A blocked word has {least} to {most} characters besides `*`; this one has not: {word}")
_STARS = N_("Within a blocked word there are at most {most} `*`: {word}")


def entries(lines: Iterable[str]) -> tuple[str, ...]:
    """One entry a line, each once. Raises `Refused` for one that cannot be."""
    words = dict.fromkeys(re.sub(r"\*+", "*", line.strip()) for line in lines)
    for word in filter(None, words):
        if not SHORTEST <= len(word.replace("*", "").strip()) <= len(word) <= LONGEST:
            raise Refused(_LENGTH, least=SHORTEST, most=LONGEST, word=f"`{word[:LONGEST].replace('`', '')}`")
        if word.strip("*").count("*") > WITHIN:
            raise Refused(_STARS, most=WITHIN, word=f"`{word.replace('`', '')}`")
    return tuple(filter(None, words))


def blocked(words: Sequence[str], text: str) -> str | None:
    """The first of these entries that the text has, in any case, in letters that look so, with Markdown or not."""
    if not words:
        return None
    texts = dict.fromkeys(_spellings(text))
    for word, pattern, starts, ends in _compiled(tuple(words)):
        if any(_found(pattern, one, starts, ends) for one in texts):
            return word
    return None


def _spellings(text: str) -> Iterator[str]:
    shown = _ACCENTS.sub("", normalize("NFKC", bare(text)))
    for spaced in dict.fromkeys((shown.replace(_BLANK, ""), shown.replace(_BLANK, " "))):
        for one in dict.fromkeys((spaced, _MARKDOWN.sub("", spaced))):
            yield from map(_small, (one, in_latin(one)))


def _plain(text: str) -> str:
    return _small(normalize("NFKC", bare(text)))


def _small(text: str) -> str:
    return _ACCENTS.sub("", normalize("NFKC", text.casefold()))


@lru_cache(maxsize=256)
def _compiled(words: tuple[str, ...]) -> list[tuple[str, re.Pattern[str], bool, bool]]:
    """Each entry, what finds it, and whether a word must begin and end there."""
    return [(word, _pattern(word), *_edges(word)) for word in words]


def _pattern(word: str) -> re.Pattern[str]:
    parts = [r"\s+".join(map(re.escape, part.split())) for part in _plain(word).strip("* ").split("*")]
    return re.compile(r"\w{0,30}".join(parts) or r"(?!)")


def _edges(word: str) -> tuple[bool, bool]:
    inner = _plain(word).strip("* ")
    starts, ends = (bool(inner) and not _UNSPACED.match(inner[at]) for at in (0, -1))
    return starts and not word.startswith("*"), ends and not word.endswith("*")


def _found(pattern: re.Pattern[str], text: str, starts: bool, ends: bool) -> bool:
    at = 0
    while (found := pattern.search(text, at)) is not None:
        begun = starts and found.start() > 0 and _is_of_word(text[found.start() - 1])
        goes_on = ends and found.end() < len(text) and _is_of_word(text[found.end()])
        if not begun and not goes_on:
            return True
        at = found.start() + 1
    return False


def _is_of_word(char: str) -> bool:
    """A letter, a digit, or a vowel sign."""
    return char.isalnum() or category(char)[0] == "M"
