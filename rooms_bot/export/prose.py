"""Text of others inside Markdown of ours: it looks as it was meant to and cannot pass for anything but itself.

Discord's Markdown and CommonMark differ: in Discord a fence may stand within a
line, line breaks count, and HTML is text. Everything a text brings stays in one
block quote, with its fences whole and its HTML switched off.
"""

import re
from collections.abc import Iterator, Mapping

_SPECIAL = re.compile(r"[\\`*_\[\]<>~#|]|&(?=#?\w+;)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")

_FENCE = re.compile(
    r"(?<!`)(`{3,})(?!`)(.*?)\1`*"  # closed by as many backticks, or more
    r"|(?:^|(?<=\n))[ ]*(`{3,})(?!`)([^`\n]*(?:\n.*|$))",  # or, at the start of a line, never
    re.DOTALL,
)
_LANGUAGE = re.compile(r"([\w+\-.#]*)[ \t]*\n")

_INLINE = re.compile(
    r"(?=[\\`<&~\]])(?:"  # most characters are none of these
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<link><https?://[^\s<>`]+>)"
    r"|<@!?(?P<member>\d+)>"
    r"|<a?:(?P<emoji>\w+):\d+>"
    r"|(?P<special>[`<]|&(?=#?\w+;)|~(?=~~))"
    r"|(?P<reference>\]:))"
)


def plain(text: str) -> str:
    """One line that shows `text` itself: nothing in it is Markdown."""
    text = _TURNED.sub("", _CONTROL.sub(" ", text.replace("\n", " ").replace("\t", " ")))
    return _SPECIAL.sub(r"\\\g<0>", text.strip())


def quoted(text: str, names: Mapping[int, str]) -> Iterator[str]:
    """The lines of a block quote that shows `text` as Discord does, mentions by name."""
    yield from _within(_blocks(_clean(text), names))


def verbatim(text: str) -> Iterator[str]:
    """The lines of a block quote that shows `text` as it is, as code."""
    yield from _within(_code("", _clean(text).removesuffix("\n")))


def mentioning(text: str, names: Mapping[int, str]) -> str:
    """`text` with the mentions of known members as @Name."""
    return re.sub(r"<@!?(\d+)>", lambda found: _mention(found, names, found[1]), text)


def _mention(found: re.Match[str], names: Mapping[int, str], number: str) -> str:
    name = names.get(int(number))
    return found[0] if name is None else f"@{name}"


def _clean(text: str) -> str:
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _within(lines: Iterator[str]) -> Iterator[str]:
    return (f"> {line}" if line else ">" for line in lines)


def _blocks(text: str, names: Mapping[int, str]) -> Iterator[str]:
    """Prose and fences in turn, with an empty line between them."""
    end, begun = 0, False
    for fence in _FENCE.finditer(text):
        before = text[end : fence.start()].strip("\n")
        if before.strip():
            yield from [""] * begun
            yield from _prose(before, names)
            begun = True
        yield from [""] * begun
        yield from _fenced(fence[2] if fence[1] else fence[4])
        end, begun = fence.end(), True
    rest = text[end:].strip("\n")
    if rest.strip():
        yield from [""] * begun
        yield from _prose(rest, names)


def _fenced(inside: str) -> Iterator[str]:
    language = _LANGUAGE.match(inside)
    code = re.sub(r"\n *\Z", "", inside[language.end() :] if language else inside)
    yield from _code(language[1] if language else "", code)


def _code(language: str, code: str) -> Iterator[str]:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    yield fence + language
    yield from code.split("\n")
    yield fence


def _prose(text: str, names: Mapping[int, str]) -> Iterator[str]:
    """Discord's line breaks count: two spaces at a line's end are Markdown's."""
    lines = [_INLINE.sub(lambda found: _tame(found, names), line.rstrip(" ")) for line in text.split("\n")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        yield f"{line}  " if line.strip() and following.strip() else line


def _tame(found: re.Match[str], names: Mapping[int, str]) -> str:
    match found.lastgroup:
        case "member" if int(found["member"]) in names:
            return plain(f"@{names[int(found['member'])]}")
        case "member":
            return f"\\{found[0]}"
        case "emoji":
            return f":{found['emoji']}:"
        case "special":
            return f"\\{found[0]}"
        case "reference":  # a definition of a link would hold for the whole document
            return "]\\:"
        case _:
            return found[0]
