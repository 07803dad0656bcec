"""What of a text tells its subject: light stems, and pieces of words and of unspaced writing, in any script."""

import re
from functools import lru_cache
from unicodedata import combining, normalize

PIECE = 4
"""Letters of a piece of a word: with them compounds, endings and misspellings still meet."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(rf"{_UNSPACED_RUN.pattern}|(?:(?![{_UNSPACED}])[^\W_]|[\u0900-\u0dff])+[+#]{{0,2}}")
"""Words, `C++` and `C#` as one. Signs for vowels in the scripts of India are no letters to `re`, hence the range."""
_ENDINGS = (
    *(("ations", 4), ("ation", 4), ("ingly", 4), ("ings", 3), ("ing", 3), ("edly", 4), ("ies", 3), ("ied", 3)),
    *(("ness", 4), ("ment", 4), ("ed", 3), ("es", 3), ("s", 3), ("ly", 4), ("e", 4), ("y", 4)),
    *(("ers", 4), ("er", 4), ("en", 4), ("n", 5)),
)
"""Endings, the first that fits goes, and how many letters must be left of the word."""
_IDLE_WORDS = """
the an my we you your he she it its they them this that these those is am are was were be been being do does did done
have has had can could will would shall should may might must to of in on at by for with from as and or but if not so
than then there here what which who whom how when where why up out about into over please just also any some all more
most other such only own same very let get got need want like know tell make give help me
ich du er sie es wir ihr mich mir mein meine meinen dein deine der das den dem des ein eine einen einem einer und
oder aber ist sind bist von vom zu zum zur mit auf im bei nach aus wie was wer wo wann warum welche welcher
bitte kannst kann können soll will möchte gibt wird werden haben habe hat nicht kein auch noch um bis
le la les un une des du de et ou est sont par avec dans que qui quoi comment je tu il elle nous vous mon ma
el los las una unos unas del por para que como cuando donde yo mi tu su es está están al lo
"""
"""Words of which every subject is full, in English, German, French and Spanish, if they mean nothing in another."""


def features(text: str) -> list[str]:
    """Each once: `w…` a stem, `g…` a piece of a word, `c…` and `u…` two signs or one of unspaced writing."""
    return list(dict.fromkeys(feature for word in words(text) for feature in _of(word)))


def words(text: str) -> list[str]:
    """The words that may tell something, without case and accents."""
    return [word for word in _words(text) if word not in _IDLE]


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.casefold())
    bare = "".join(char for char in normalize("NFKD", text.casefold()) if not combining(char))
    return _WORD.findall(normalize("NFC", bare))


_IDLE = frozenset(_words(_IDLE_WORDS))


@lru_cache(maxsize=16_384)
def _of(word: str) -> tuple[str, ...]:
    if _UNSPACED_RUN.fullmatch(word):
        pairs = [f"c{word[at : at + 2]}" for at in range(max(1, len(word) - 1))]
        return (*pairs, *(f"u{sign}" for sign in word))
    if len(word) < 2 and word.isascii():
        return ()
    return (f"w{_stem(word)}", *_pieces(word))


def _stem(word: str) -> str:
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word.removesuffix(ending)
    return word


def _pieces(word: str) -> list[str]:
    """Pieces with the word's beginning and, for longer words, its end marked; `flaw` must not sound like `law`."""
    if len(word) < PIECE - 1:
        return []
    marked = f"_{word}_" if len(word) > PIECE else f"_{word}"
    return [f"g{marked[at : at + PIECE]}" for at in range(len(marked) - PIECE + 1)]
