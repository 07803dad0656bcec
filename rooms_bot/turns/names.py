"""What each of several can be called: by name, first word or without accents, while it is clear who."""

from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

from rooms_bot.turns.folding import continues, folded, unspaced, wordy

ALL = "all"
"""`@all` names everyone."""

_ARTICLES = {"the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo"}
_TITLES = {"dr", "mr", "mrs", "ms", "prof"}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be addressed."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Book:
    """What each of the names can be called, folded, and whose it is; None is everyone's."""

    ids: dict[str, int | None]
    members: frozenset[int]
    lengths: tuple[int, ...]
    """Longest first."""
    initials: frozenset[str]

    def at(self, text: str, start: int) -> tuple[int, int | None] | None:
        """The end and owner of the longest name that stands at `start` as a word of its own."""
        if start >= len(text) or text[start] not in self.initials:
            return None
        for length in self.lengths:
            called = text[start : start + length]
            if len(called) == length and called in self.ids and _is_whole(text, start + length):
                return start + length, self.ids[called]
        return None


@lru_cache(maxsize=256)
def book_of(names: tuple[Named, ...]) -> Book:
    ids: dict[str, int | None] = {}
    short: dict[str, set[int]] = {}
    for one in names:
        ids.setdefault(folded(one.name).lstrip("@"), one.id)
        for alias in _aliases(folded(one.name).lstrip("@")):
            short.setdefault(alias, set()).add(one.id)
    for alias, owners in short.items():
        if len(owners) == 1:
            ids.setdefault(alias, *owners)
    ids[ALL] = None
    ids.pop("", None)
    lengths = tuple(sorted({len(called) for called in ids}, reverse=True))
    return Book(ids, frozenset(one.id for one in names), lengths if names else (), frozenset(key[0] for key in ids))


def _aliases(name: str) -> set[str]:
    """The part before a parenthesis, the first word, and each without its accents."""
    outer = name.partition("(")[0].strip()
    words = [word.strip(".,:;!?()[]\"'") for word in outer.split()]
    first = next((word for word in words if any(map(wordy, word)) and word not in _ARTICLES | _TITLES), "")
    short = {outer, first if len(first) > 1 else "", *map(_plain, (name, outer, first))}
    return short - {"", name}


def _plain(name: str) -> str:
    """A Latin name without its accents; of other scripts nothing, where marks are letters."""
    bare = "".join(char for char in folded(name, form="NFKD") if not category(char).startswith("M"))
    return bare if bare.isascii() and len(bare) > 1 else ""


def _is_whole(text: str, end: int) -> bool:
    """Whether a name may end here: not in `@Bobby`, `@bob-o`, `@bob.smith`, `@bob@host`; in `@Bob's`, `@艾达你好`."""
    if end == len(text):
        return True
    if continues(text[end]) or not wordy(text[end - 1]):
        return not continues(text[end])
    if text[end] in "-_.@":
        after = text[end + 1 : end + 2]
        return not (after and wordy(after) and not unspaced(after))
    return not wordy(text[end]) or unspaced(text[end]) or unspaced(text[end - 1])
