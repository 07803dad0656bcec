"""What looks alike: letters of other scripts, full-width and invisible characters, accents, spaces, case.

Names are compared by their skeletons, as Unicode's UTS 39 does. The table is the part of Unicode's `confusables.txt`
(15.1, Unicode Licence V3) that looks like Latin letters and digits and that normalisation leaves as it is, with the
small capitals. The library for it, `confusable_homoglyphs`, has no skeletons and keeps a megabyte of JSON in memory.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from unicodedata import category, combining, normalize
from unicodedata import name as title

_LIKE = """
    2 ƧϨᒿꙄꛯꝚ
    3 ƷȜЗӠⳌꝪꞫ𑣊𖼻
    4 Ꮞ𑢯
    5 Ƽ𑢻
    6 бᏮⳒ𑣕
    7 𐓒𑣆
    8 Ȣȣ৪੪𐌚
    9 ৭੧୨൭ⳊꝮ𑢬𑣌𑣖
    a ɑΑαАаᎪᗅᴀꓮ𐊠𖽀
    ae ÆæӔӕ
    b ƄʙΒВЬвᏏᏴᑲᖯᗷꓐꞴ𐊂𐊡𐌁
    c СсᏟᴄⲤⲥꓚꮯ𐊢𐌂𐐕𐐽𐔜𑣩𑣲
    d ԁᎠᏧᑯᗞᗪᴅꓒꓓ
    e ΕЕеҽᎬᴇⴹꓰꬲ𐊆𑢦𑢮
    f ϜքᖴẝꓝꜰꞘꞙꬵ𐊇𐊥𐔥𑢢𑣂
    g ƍɡɢԌցᏀᏳᶃꓖ
    h ʜΗНнһհᎻᏂᕼⲎꓧ𐋏
    i ıɩɪιіӏᎥꙇꭵ𑣃
    j ȷͿϳЈјᎫᒍᴊꓙꞲ
    k ĸΚκКкᏦᛕᴋⲔꓗ𐔘
    l ƖǀʟΙІӀ۱ᏞᒪᛁⲒⳐⵏꓡꓲ𐊊𐌉𐌠𐐛𐔦𑢣𑢲𖼖𖼨
    lo Ю
    m ΜϺМмᎷᗰᛖᴍⲘꓟ𐊰𐌑
    n ɴΝոռⲚꓠ𐔓
    o ΟοσОоՕօ۵०০੦૦ଠ୦௦౦೦ഠ൦๐໐ဝ၀ჿዐᴏᴑⲞⲟⵔ〇ꓳꬽ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑓐𑢵𑣈𑣗𑣠
    oe Œœ
    oo ꚘꚙꝎꝏ
    p ΡρРрᏢᑭᴘⲢⲣꓑ𐊕
    q ԛգզⵕꞯ
    r ƦʀгᎡᏒᖇᴦⲅꓣꭇꭈꮁ𐒴𖼵
    rn 𑜀𑣣
    s ƽЅѕՏᏕᏚꓢꜱꮪ𐊖𐐠𐑈𑣁𖼺
    t ΤτТтᎢᴛⲦꓔ𐊗𐊱𐌕𑢼𖼊
    u ʋυՍսሀᑌᴜꓴꞟꭎꭒ𐓎𐓶𑢸𑣘𖽂
    v νѴѵ۷Ꮩᐯᴠⴸꓦꛟꮩ𐔝𑜆𑢠𑣀𖼈
    w ɯѡԜԝաᎳᏔᴡꓪꮃ𑜊𑜎𑜏𑣦𑣯
    x ΧХхᕁᕽᚷⲬⵝꓫꞳ𐊐𐊴𐌗𐌢𐔧𑣬
    y ɣʏΥγУуҮүყᎩᎽᶌỿⲨꓬꭚ𐊲𑢤𑣜𖽃
    z ΖᏃᴢꓜꮓ𐋵𑢩𑣄𑣥
"""
"""A letter, and what looks like it."""
_SAME = {"0": "o", "1": "l", "|": "l", "i": "l", "\u2800": "", "\u3164": "", "\u115f": "", "\u1160": ""}
"""Besides: what hardly differs within Latin (a capital i and a small l are one to the eye), and letters without ink."""

_SIGNS = {chr(first + at): chr(ord("a") + at) for first in (0x1F150, 0x1F170) for at in range(26)}
"""Letters in dark circles and squares, which normalisation leaves as they are."""
_FLAGS = {chr(0x1F1E6 + at): chr(ord("a") + at) for at in range(26)}
"""Letters of which two make a flag."""
_LETTERS = _SIGNS | {char: one for one, chars in map(str.split, _LIKE.split("\n")[1:-1]) for char in chars}
_LATIN = str.maketrans(_LETTERS | _FLAGS | {"ı": "ı"})
"""Without the Turkish i, which makes other words."""
_WORD = re.compile("(?:[^\\W_]|[\U0001f150-\U0001f189\U0001f1e6-\U0001f1ff])+")
_READABLE, _SKELETON = str.maketrans(_LETTERS), str.maketrans(_SAME | _LETTERS)


def looks_like(name: str, others: Iterable[str]) -> bool:
    """Whether people could take `name` for one of the others."""
    seen = _looks(name)
    return any(not seen.isdisjoint(_looks(other)) for other in others)


def readable(name: str) -> str:
    """The name as one would type it who sees it: in Latin letters, if they would do for all of it."""
    shown = "".join(char for char in normalize("NFKC", name) if category(char) not in ("Cc", "Cf"))
    latin = shown.translate(_READABLE)
    return " ".join((latin if latin.isascii() else shown).split())


def in_latin(text: str) -> str:
    """`text` with Latin letters for all that look like them, save in words of other scripts.

    A word is one of another script if the text has also letters of it that look like no Latin ones.
    """
    if text.isascii():
        return text
    shown = normalize("NFKC", text)
    written = {_script(char) for char in set(shown) if char.isalpha() and not _LETTERS.get(char, "").isalpha()}
    return _WORD.sub(lambda found: _typed(found.group(), written - {"LATIN"}), shown)


def _typed(word: str, written: Collection[str]) -> str:
    scripts = {_script(char) for char in word if char.isalpha()}
    return word if len(scripts) == 1 and not scripts.isdisjoint(written) else word.translate(_LATIN)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The first word of what Unicode calls it, which is its script."""
    return title(char, "").partition(" ")[0]


@lru_cache(maxsize=1024)
def _looks(name: str) -> frozenset[str]:
    """How it looks as it stands, and in small letters, which can look like others than the capitals do."""
    return frozenset((_skeleton(name), _skeleton(name.casefold())))


def _skeleton(name: str) -> str:
    bare = "".join(char for char in normalize("NFKD", name) if _inked(char))
    small = bare.translate(_SKELETON).casefold().translate(_SKELETON)
    return small.replace("rn", "m").replace("vv", "w") or name


def _inked(char: str) -> bool:
    """Not for spaces, dots and dashes, invisible characters, and the accents of letters (vowel signs have no class)."""
    kind = category(char)
    return kind[0] not in "ZCP" and kind != "Me" and combining(char) < 200 and not "\ufe00" <= char <= "\ufe0f"
