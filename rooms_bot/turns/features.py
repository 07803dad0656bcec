"""What of a text tells its subject: light stems, and pieces of words and of unspaced writing, in any script."""

import re
from functools import lru_cache
from unicodedata import combining, normalize

PIECE = 4
"""Letters of a piece of a word: with them compounds, endings and misspellings still meet."""

_LETTERS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
"""Unspaced writing in letters: Thai, Lao, Burmese, Khmer."""
_SIGNS = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)
"""Unspaced writing in signs for a syllable or a word: Chinese, Japanese, and Korean, whose endings have no space."""
_GRAMMAR = re.compile("[\u3040-\u309f]+")
"""Hiragana, in which Japanese writes its endings and particles."""
_UNSPACED = re.compile(f"{_LETTERS.pattern}|{_SIGNS.pattern}")
_WORD = re.compile(rf"{_UNSPACED.pattern}|(?:(?!{_UNSPACED.pattern})[^\W_]|[\u0900-\u0dff])+[+#]{{0,2}}")
"""Words, `C++` and `C#` as one. Signs for vowels in the scripts of India are no letters to `re`, hence the range."""
_ARTICLE = re.compile("^[\u0648\u0641\u0628\u0643]?\u0627\u0644(?=.{3})")
"""What Arabic writes before a noun as one word with it (as in the stemmer light10 of Larkey and others, 2002)."""
_ENDINGS = (
    *(("ations", 4), ("ation", 4), ("ingly", 4), ("ings", 3), ("ing", 3), ("edly", 4), ("ies", 3), ("ied", 3)),
    *(("ness", 4), ("ment", 4), ("ed", 3), ("es", 3), ("s", 3), ("ly", 4), ("e", 4), ("y", 4)),
    *(("ers", 4), ("er", 4), ("en", 4), ("n", 5)),
)
"""Endings, the first that fits goes, and how many letters must be left of the word."""
_IDLE_WORDS = """
the an this that these those it its me my mine we us our you your yours he him his she her they them their one ones
am is are was were be been being do does did done doing have has had having can could will would shall should may might
must to of in on at by for with from as into onto about over under through between around after before since until
during up down out off back again and or but if not no yes so than then there here because while though
what which who whom whose how when where why all any some many much more most other another such each every both few
just only also very too even still ever never always already yet now well really quite maybe perhaps own same
get gets got go goes going went come comes came take takes took make makes made give gives gave put let keep
say says said tell think thought know known see look find found want need like try use used using please help
thing things something anything nothing everything someone anyone everyone
good great best better nice new old big little lot long first last next right sure okay ok oh two
im ive dont doesnt didnt cant couldnt wont wouldnt isnt whats thats lets youre don doesn didn couldn wouldn isn
ll ve re

ich mich mir mein meine meinen meinem meiner du dich dir dein deine er ihn ihm sein seine sie ihr ihre ihnen es wir uns
unser der das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem und oder aber dass weil
wenn als ob denn ist sind bist sei waren wird werden wurde habe haben hatte kann kannst können könnte soll will möchte
muss müssen gibt geht machen macht mal bitte ja nein nicht kein keine nichts auch noch schon nur sehr mehr viel alle
alles etwas von vom zu zum zur mit auf im bei nach aus unter vor durch ohne gegen um bis seit wie was wer wo wann warum
welche welcher welches da dann doch jetzt hier immer wieder heute

le la les un une des du de et ou mais est sont être suis était ont avoir il elle ils elles nous vous on je tu te se lui
leur mon ma mes ta tes sa ses notre votre vos ce cet cette ces ça qui que quoi dont où quand pourquoi quel quelle dans
sur sous avec par en au aux ne pas plus très bien aussi tout tous toute peut faire fait si comme

el lo los una unos unas del al está están ser soy ha yo mi su sus qué quien cuál cómo cuando donde muy esto este esta
eso ese puede puedo quiero hacer tengo tiene como para

gli che di non per della dei da sono ho più nel alla anche questo questa mio mia cosa quando perché
não uma com em na foi ao você meu minha isso já também onde tem
het een ik je jij dat voor met niet zijn maar om aan naar bij dit wat heeft hebben kan mijn wel waar hoe wanneer
"""
"""Words of which every subject is full, the most frequent of English, German, French, Spanish, Italian, Portuguese
and Dutch, if they mean nothing in another."""


KINDS = {"w": 1.0, "g": 0.2, "c": 1.0, "u": 0.3, "i": 0.35}
"""What a feature counts for by its first letter: the stem of a word, a piece of one, a few signs of unspaced writing in
a row, one sign of it, and what is idle."""


def features(text: str) -> list[str]:
    """Each once, after the letter of its kind."""
    return list(dict.fromkeys(feature for word in _words(text) for feature in _of(word)))


def words(text: str) -> list[str]:
    """The words that may tell something, without case and accents."""
    return [word for word in _words(text) if not _idle(word)]


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.casefold())
    bare = "".join(char for char in normalize("NFKD", text.casefold()) if not combining(char))
    return _WORD.findall(normalize("NFC", bare))


_IDLE = frozenset(_words(_IDLE_WORDS))


def _idle(word: str) -> bool:
    """Alphabets other than the Latin have no list here: their words of one or two letters are."""
    return word in _IDLE or (len(word) < 3 and not word.isascii() and not _UNSPACED.match(word))


@lru_cache(maxsize=16_384)
def _of(word: str) -> tuple[str, ...]:
    if _SIGNS.match(word):
        return (*_rows(word, 2), *(f"u{sign}" for sign in word if not _GRAMMAR.match(sign)))
    if _LETTERS.match(word):
        return tuple(_rows(word, PIECE))
    if len(word) < 2 and word.isascii():
        return ()
    if _idle(word):
        return (f"i{word}",)
    bare = _ARTICLE.sub("", word)
    return (f"w{_stem(bare)}", *_pieces(bare))


def _rows(run: str, size: int) -> list[str]:
    rows = [run[at : at + size] for at in range(max(1, len(run) - size + 1))]
    return [f"{'i' if _GRAMMAR.fullmatch(row) else 'c'}{row}" for row in rows]


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
