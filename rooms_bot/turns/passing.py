"""Whether an answer is a PASS: the word alone, however it is dressed; one that merely contains it is an answer."""

import re
from unicodedata import category, normalize

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[\w+#.-]*\s*\n")
_MARKS = frozenset("`~|^+<>=´¨")
"""Signs, as Unicode has it, that are Markdown or quotes to people."""


def is_pass(text: str) -> bool:
    """Whether this says PASS and nothing else; space, quotes, Markdown and punctuation around it do not count."""
    fence = _FENCE.match(text)
    return _bare(text) == "pass" or (fence is not None and _bare(text[fence.end() :]) == "pass")


def _bare(text: str) -> str:
    """Lower case, not casefolded: German `paß` is another word."""
    plain = normalize("NFKC", text)
    start, end = 0, len(plain)
    while start < end and _is_dress(plain[start]):
        start += 1
    while start < end and _is_dress(plain[end - 1]):
        end -= 1
    return plain[start:end].lower() if end - start == 4 else ""


def _is_dress(char: str) -> bool:
    return char in _MARKS or (category(char)[0] in "PZC" and char not in "@%&")
