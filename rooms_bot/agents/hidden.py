"""Characters that hide text, turn it round or pile up on it: taken out, wherever no script and no emoji needs them."""

import re
from unicodedata import category, combining

SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences: colours, the cursor (ECMA-48, 5.4)
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # strings: titles, links (5.6)
    r"|\x1b[ -/]*[0-~]"  # all other escapes
)
"""What a terminal would take for an order; anywhere else its letters would be left to read."""
MARKS = 4
"""Combining marks in a row that a letter may carry: polytonic Greek with a macron has four."""
STACKED = 8
"""The same where letters are written as marks: Tibetan stacks, Hebrew with its accents."""

_NEVER = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, of which nothing is seen
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # soft hyphen, invisible letters
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a"  # embeddings, isolates, annotations
)
_SOMETIMES = "\u061c\u180b-\u180d\u180f\u200b-\u200f\ufe00-\ufe0f\U000e0000-\U000e0fff"
_NO_MARK = r"\w\s!-~\xa0-\xbf\u2010-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u303f\ufe30-\uffef\U0001f000-\U0001faff"
_SUSPICIOUS = re.compile(f"[{_NEVER}{_SOMETIMES}\u2028\u2029\ud800-\udfff]|[^{_NO_MARK}]{{{MARKS + 1}}}")
"""Seldom found in an ordinary text, so that one look is all it takes."""
_NONE = re.compile(f"[{_NEVER}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
"""England's, Scotland's and the like: letters as tags behind a black flag."""
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_JOINED = re.compile(
    "[\u0600-\u074f\u0750-\u077f\u07c0-\u085f\u0860-\u109f\u1700-\u18af\u1900-\u1c4f\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U00011fff]"
)
"""Scripts in which a joiner decides how letters are drawn: Arabic and its kin, those of India and around, Mongolian."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u1aad\ua9e0-\uaa7f]")
"""Scripts without spaces, where one of no width may end a word: Thai, Lao, Khmer, Burmese and their kin."""
_STACKING = re.compile("[\u0591-\u05c7\u0f00-\u0fff]")
_DRAWN = re.compile(
    "[\u1000-\u109f\u2200-\u22ff\u2a00-\u2aff\u3000-\u303f\u3400-\u9fff\ua840-\ua87f\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
"""What has variants of its own: mathematics, Han, Burmese, Phags-pa."""
_PICTURED = frozenset("0123456789#*\u203c\u2049\u2139\u3030\u2194\u2195")
"""No symbols by their category, and yet emojis."""


def visible(text: str) -> str:
    """`text` without what hides, turns or buries it. Doing it again changes nothing; nothing is added.

    What emojis and scripts need stays: joiners, variants, flags, vowel points, accents. Control characters but tabs and
    line ends go too, and half a surrogate pair is shown as the sign for that.
    """
    if _SUSPICIOUS.search(text) is None:
        return text
    text = _SURROGATE.sub("\ufffd", _NONE.sub("", _BREAK.sub("\n", SEQUENCE.sub("", text))))
    kept: list[str] = []
    for at, line in enumerate(text.split("\n")):
        kept += ["\n"] if at else []
        kept += _line(line)
    return "".join(kept)


def bare(text: str) -> str:
    """`text` without anything that takes no room of its own, needed or not: to compare it with something."""
    return "".join(char for char in visible(text) if category(char) != "Cf" and not "\ufe00" <= char <= "\ufe0f")


def _line(line: str) -> str:
    turns = _RIGHT_TO_LEFT.search(line) is not None
    flags = {at for found in _FLAG.finditer(line) for at in range(*found.span())}
    kept, marks = "", 0
    for at, char in enumerate(line):
        mark = _is_mark(char)
        marks += mark
        if at in flags or _stays(char, kept[-2:], line[at + 1 : at + 2], turns, marks * mark):
            kept += char
            marks = marks if mark or _is_variant(char) else 0
    return kept


def _stays(char: str, before: str, after: str, turns: bool, marks: int) -> bool:
    last = before[-1:]
    if char in "\u200c\u200d":
        return _joins(char, before.rstrip("\ufe0f"), last, after)
    if char in "\u200e\u200f\u061c":
        return turns and last not in "\u200e\u200f\u061c"
    if char == "\u200b":
        return bool(_UNSPACED.match(last) and _UNSPACED.match(after) and category(after)[0] == "L")
    if _is_variant(char):
        return _varies(char, last)
    if "\U000e0000" <= char <= "\U000e0fff":
        return False
    return marks <= (STACKED if _STACKING.match(char) else MARKS)


def _joins(char: str, drawn: str, last: str, after: str) -> bool:
    """Between two pictures, or behind a letter that it shapes."""
    if char == "\u200d" and _is_picture(drawn[-1:]) and _is_picture(after):
        return True
    return _JOINED.match(last) is not None


def _is_picture(char: str) -> bool:
    known = bool(char) and (category(char) == "So" or char in ("\u2194", "\u2195"))
    return known or "\U0001f000" <= char <= "\U0001faff"


def _is_variant(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char in "\u180b\u180c\u180d\u180f"


def _varies(char: str, last: str) -> bool:
    if char in "\ufe0e\ufe0f":
        return bool(last) and (last in _PICTURED or category(last) in ("So", "Sm", "Sk") or _is_picture(last))
    if char in "\u180b\u180c\u180d\u180f":
        return "\u1800" <= last <= "\u18af" and not _is_variant(last)
    return bool(last) and _DRAWN.match(last) is not None


def _is_mark(char: str) -> bool:
    return not _is_variant(char) and (combining(char) > 0 or category(char) in ("Mn", "Me"))
