"""What an agent says, made fit to be posted: only its own words, only once, and no sentence broken off.

Cleaning sees one answer alone and never what the room said before.
"""

import re
from collections.abc import Callable, Collection

from rooms_bot.agents.hidden import visible
from rooms_bot.agents.labels import label

TIMES = 2
"""How often one sentence may stand in an answer."""

_THOUGHT = re.compile(r"<(think|thinking|reasoning)\b[^>]*>(.*?)(?:</\1\s*>|\Z)", re.S | re.I)
_END_OF_THOUGHT = re.compile(r"\A(.*)</(?:think|thinking|reasoning)\s*>", re.S | re.I)
_MARK_OF_THOUGHT = re.compile(r"</?(?:think|thinking|reasoning)\b[^>]*>", re.I)
_CONTROL = re.compile(r"<\|[^|>\n]{1,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>", re.I)
_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:[.!?。！？]+[\"'”’)»*_]*|\n+|\Z)\s*", re.S)
_ENDED = re.compile(r"""[.!?…。！？:;][\"'”’)\]»*_`]*\Z|```\Z""")
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]")
_ITEM = re.compile(r"(?:(?<=[.!?…:;。！？])[ \t]|\n)\s*(?:\d{1,2}[.)]|[-*•])\s*\Z")
"""A list's next number or mark, with nothing after it."""
SPEAKERS = ("system", "user", "assistant")
"""Speakers of chat templates, in whose names a model may go on."""
_LISTED = re.compile(r"[ \t>]*[-*+•][ \t]")
_FENCE = re.compile(r"(```.*?(?:```|\Z))", re.S)


def clean(text: str, name: str, others: Collection[str] = (), cut: bool = False) -> str:
    """`text` as `name` may say it; `cut` says that its length ran out, so that an unfinished sentence goes too.

    Nothing in it hides or turns other text any more, see `visible`. Cleaning what is clean changes nothing, and any
    text may be given.
    """
    own, foreign = label((name,)), label((*others, *SPEAKERS))
    text = text.strip()
    while True:  # one cut may lay bare what another is there for; each makes the text shorter or plainer, so this ends
        before = text
        text = _own(_CONTROL.sub("", _without_thoughts(visible(text))), own, foreign)
        text = _unquoted(_once(text).strip())
        text = _finished(text) if cut else text
        if text == before:
            return text


def thought_of(text: str) -> str:
    """What a model that thinks aloud thought before and between what it says; empty where it marked nothing."""
    thoughts = []

    def taken(found: re.Match[str]) -> str:
        thoughts.append(_MARK_OF_THOUGHT.sub("", found[found.lastindex or 0]).strip())
        return ""

    _without_thoughts(text, taken)
    return "\n\n".join(filter(None, thoughts))


def began_unmarked(text: str) -> bool:
    """Whether a thought ends in it whose beginning nothing marks: one was shown as what is said, until its end came."""
    while (shorter := _THOUGHT.sub("", text)) != text:
        text = shorter
    return _END_OF_THOUGHT.search(text) is not None


def ran_out(completion_tokens: int, max_tokens: int | None) -> bool:
    """Whether an answer of so many tokens was ended by its limit."""
    return max_tokens is not None and completion_tokens >= max_tokens


def _without_thoughts(text: str, taken: Callable[[re.Match[str]], str] = lambda _: "") -> str:
    """Models that think aloud mark it; where only the end of it is marked, it began before the answer."""
    while (shorter := _THOUGHT.sub(taken, text)) != text:
        text = shorter
    return _END_OF_THOUGHT.sub(taken, text)


def _own(text: str, own: re.Pattern[str], foreign: re.Pattern[str]) -> str:
    """Up to where somebody else begins to speak, without labels of one's own.

    What begins with another's name is a dialogue, of which one's own part is kept, or, where that name is all there
    is of it, an answer to them.
    """
    text = text.strip()
    other = _goes_on_as(text, foreign)
    if other is not None and not text[: other.start()].strip():
        mine = own.search(text, other.end())
        text = text[mine.start() if mine else other.end() :]
    elif other is not None:
        text = text[: other.start()]
    return own.sub("", text).strip()


def _goes_on_as(text: str, foreign: re.Pattern[str]) -> re.Match[str] | None:
    """Where somebody else begins to speak: not in code, nor in a list, which tells of people instead."""
    code = [found.span() for found in _FENCE.finditer(text)]
    for found in foreign.finditer(text):
        fenced = any(start <= found.start() < end for start, end in code)
        if not fenced and not _LISTED.match(text, found.start()):
            return found
    return None


def _unquoted(text: str) -> str:
    """Without quotation marks around the whole: what one says oneself is no quotation."""
    whole = _QUOTED.fullmatch(text)
    return whole[whole.lastindex or 0].strip() if whole else text


def _once(text: str) -> str:
    """Without sentences that stood `TIMES` times already; what is fenced as code stays as it is."""
    seen: dict[str, int] = {}
    parts = _FENCE.split(text)
    return "".join(part if at % 2 else _kept(part, seen) for at, part in enumerate(parts))


def _kept(prose: str, seen: dict[str, int]) -> str:
    kept = []
    for sentence in _SENTENCE.findall(prose):
        key = " ".join(re.findall(r"\w+", sentence.casefold()))
        seen[key] = seen.get(key, 0) + 1
        if not key or len(key) < 12 or seen[key] <= TIMES:
            kept.append(sentence)
    return "".join(kept)


def _finished(text: str) -> str:
    """Up to the last whole sentence, if there is one."""
    text = _ITEM.sub("", text).rstrip()
    if _ENDED.search(text) or text.count("```") % 2:
        return text
    ends = list(re.finditer(r"""[.!?…。！？][\"'”’)\]»*_]*(?=\s)""", text))
    return text[: ends[-1].end()].strip() if ends else text
