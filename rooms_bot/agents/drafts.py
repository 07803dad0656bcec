"""How much of an answer can be shown while it is still growing: nothing that might have to be taken back."""

import re
from collections.abc import Collection

from rooms_bot.agents.cleaning import SPEAKERS, clean
from rooms_bot.agents.labels import label
from rooms_bot.turns.passing import is_pass

_OPEN_TAG = re.compile(r"<(?:[/|a-z][^>\n]{0,40})?\Z", re.I)
"""What may become the mark of a thought, or of a chat template."""
_PASS_ENDINGS = ("", "s", "ss", "ass", "pass", "\npass")
_VERBS = ("said", "says", "replied", "replies")
LONGEST_LABEL = 200
"""Characters beyond which a line's beginning is no label: names have at most 80, what stands in brackets 60."""


def showable(draft: str, name: str, others: Collection[str] = ()) -> str:
    """What may be shown of the raw answer so far of `name`, among these `others`.

    Held back is what could still become a PASS, a thought, or the label of a speaker; it comes with the next words.
    """
    text = clean(_OPEN_TAG.sub("", draft), name, others)
    if any(is_pass(text + ending) for ending in _PASS_ENDINGS):
        return ""
    before, _, last = text.rpartition("\n")
    sure = before.rstrip() if _may_label(last, (name, *others, *SPEAKERS)) else text
    return "" if is_pass(sure) else sure


def _may_label(line: str, names: Collection[str]) -> bool:
    """Whether some ending would make this line the beginning of what somebody says."""
    if len(line) > LONGEST_LABEL:
        return False
    words = (word[at:] for word in (*names, *_VERBS) for at in range(len(word)))
    found = label(names)
    return any(found.fullmatch(f"{line}{rest}:") for rest in ("", ")", *words))
