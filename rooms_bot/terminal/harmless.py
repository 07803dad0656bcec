"""What others wrote, made fit for a terminal: nothing in it moves the cursor, changes a colour or turns the writing."""

import re

from rooms_bot.agents.hidden import SEQUENCE

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_TURNED = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def harmless(text: str) -> str:
    """`text` without escape sequences, control characters other than line breaks, and marks of direction."""
    text = _CONTROL.sub("", _LINE_END.sub("\n", SEQUENCE.sub("", text)).expandtabs(4))
    return _SURROGATE.sub("\ufffd", _TURNED.sub("", text))


def one_line(text: str) -> str:
    """The same, on one line without space around it: for names, topics, and sentences with names in them."""
    return " ".join(harmless(text).split())
