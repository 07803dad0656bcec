"""What others wrote, made harmless: models' texts before they are posted, names before they are shown."""

import re
from collections.abc import Mapping
from unicodedata import category, normalize
from urllib.parse import unquote

from rooms_bot.agents.hidden import visible
from rooms_bot.chat.splitting import units
from rooms_bot.turns.addressing import Named, calls
from rooms_bot.turns.prose import code

LONGEST_NAME = 80
"""Characters of a webhook's name (Discord, error 50035)."""
LONGEST_CODE = 500
"""Characters of inline code that stays as it is: longer than a message it would be cut, and be code no more."""
NAMELESS = "Agent"
"""Who posts where nothing is left of a name."""

_BREAK = "\u200b"
"""Put behind the @ so that Discord sees no mention, as discord.py's `escape_mentions` does."""
_MENTION = re.compile(r"<@!?(\d{1,20})>|@(?=everyone|here|[!&]?\d{15,20})|(?<=<)@(?=&\d+>)", re.I)
_INVITE = re.compile(
    r"(?<![\w-])(?:(discord|dsc|invite|dis)([.。．｡])(gg)(?=[.。．｡]?(?::\d*)?[/\\])"
    r"|(discord(?:app)?)([.。．｡])(com)(?=[.。．｡]?(?::\d*)?(?:[/\\]+(?:(?!\.\.?[/\\])[^/\\\s]+[/\\]+\.\.|\.\.?)(?=[/\\]))*"
    r"[/\\]+invite\b))",
    re.I,
)
"""Addresses that invite to a server: Discord shows them as a card to join it, a browser follows them in any guise."""
_DOT = re.compile("[.。．｡․﹒]|%2e", re.I)
_WORD = re.compile(r"\S+")
_MASK = re.compile(r"\](?=\()")
"""What makes `[words](address)` a link that does not show where it leads."""
_MARKDOWN = re.compile(r"([\\*_~`|>#\-\[\]()<:@])")
_GAP = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b]+")
_JOINERS = frozenset("\u200c\u200d")
_REFUSED = re.compile(r"c(?=lyde)|d(?=iscord)|s(?=ystem\s*message)|^\W*(?:every(?=one\W*$)|her(?=e\W*$))", re.I)
"""What a dot goes behind in names that Discord refuses: its list is not published, these are documented or reported."""
_SIGNS = str.maketrans({"@": "＠", "#": "＃", ":": "：", "`": "’"})
"""Signs that Discord's naming rules exclude, and others that look like them."""
_HOLLOW = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs, as Unicode has it, of which nothing shows."""


def outgoing(text: str, members: Mapping[str, int]) -> str:
    """`text` with `@Name` of these members (name to id) as mentions and without any other; code stays as it is.

    Who is notified is decided by `allowed_mentions`; this sees to it that the text looks so, too. What cannot be sent
    or seen is left out (see `visible`), invitations to servers lead nowhere, and a link shows its address.
    """
    text = visible(text)
    names = [Named(number, name) for name, number in members.items()]
    kept = [block for block in code(text) if block.closed and (block.fence or block.end - block.start <= LONGEST_CODE)]
    spans = [(block.start, block.end, text[block.start : block.end]) for block in kept]
    spans += [
        (call.start, call.end, f"{text[call.start + 1 : call.name]}<@{call.id}>")
        for call in calls(text, names, vocative=True)
        if call.id is not None
    ]
    return _with(text, sorted(spans), frozenset(members.values()))


def _with(text: str, spans: list[tuple[int, int, str]], allowed: frozenset[int]) -> str:
    """The text with these spans as given and all between them without mentions, save `allowed` ones."""

    def tame(found: re.Match[str]) -> str:
        if found.group(1) and int(found.group(1)) in allowed:
            return found.group()
        return found.group().replace("@", f"@{_BREAK}")

    pieces, place = [], 0
    for start, end, instead in spans:
        if start >= place:
            pieces += [_MENTION.sub(tame, _unlinked(text[place:start])), instead]
            place = end
    return "".join([*pieces, _MENTION.sub(tame, _unlinked(text[place:]))])


def _unlinked(text: str) -> str:
    """Without invitations, and without links behind other words; both can still be read."""
    return _MASK.sub("] ", _uninviting(text)) if "/" in text or "\\" in text or "](" in text else text


def _uninviting(text: str) -> str:
    """`discord.gg/x` as `discord[.]gg/x`, which nothing makes a link of; in other guises (`ｄiscord.g%67/x`) too."""
    text = _INVITE.sub(_dotted, text)
    return text if text.isascii() and "%" not in text else _WORD.sub(_unmasked, text)


def _dotted(found: re.Match[str]) -> str:
    return "".join("[.]" if _DOT.fullmatch(part) else part for part in found.groups() if part)


def _unmasked(found: re.Match[str]) -> str:
    word = found.group()
    if "/" not in word and "\\" not in word:
        return word
    shown = normalize("NFKC", unquote(word))
    if shown == word or not _INVITE.search(shown):
        return word
    return _DOT.sub("[.]", word)


def plain(text: str) -> str:
    """One line in which no Markdown, mention, emoji code or link works, for names and topics in the bot's own words."""
    line = _GAP.sub(" ", "".join(char for char in visible(text) if _shows(char))).strip()
    return _MARKDOWN.sub(r"\\\1", _uninviting(line))


def webhook_name(name: str) -> str:
    """A name that Discord lets a webhook post under, of 1 to 80 characters; what it refuses is visibly changed."""
    line = _line(name)
    if _REFUSED.search(normalize("NFKC", _line(name, joiners=False))):
        line = _line(normalize("NFKC", _line(name, joiners=False)))
        line = _REFUSED.sub(lambda found: f"{found.group()}·", line)
    line = _cut(line.strip())
    return line if any(category(char)[0] not in "ZCM" and char not in _HOLLOW for char in line) else NAMELESS


def _line(name: str, *, joiners: bool = True) -> str:
    kept = "".join(char for char in name if _shows(char) and (joiners or char not in _JOINERS))
    return _GAP.sub(" ", kept).strip().translate(_SIGNS)


def _shows(char: str) -> bool:
    """Whether a character may stand in a name: none that is half of one, or changes the direction of what follows."""
    kind = category(char)
    tag = "\U000e0020" <= char <= "\U000e007f"
    return kind != "Cs" and (kind != "Cf" or char in _JOINERS or char == "\u200b" or tag)


def _cut(line: str) -> str:
    if units(line) <= LONGEST_NAME:
        return line
    while line and (units(line) > LONGEST_NAME - 1 or category(line[-1])[0] in "ZMC"):
        line = line[:-1]
    return f"{line}…"
