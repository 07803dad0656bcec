"""Numbers as people type them: with points, commas or spaces, as they are used to; what could be two, is refused."""

import re

from rooms_bot.errors import Refused
from rooms_bot.i18n import number

_PLAIN = re.compile(r"[0-9]{1,18}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<sign>[.,'’])[0-9]{3}(?:(?P=sign)[0-9]{3}){0,4}")
"""`1.234.567`: three digits after each sign."""
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
"""`1.234`: with a fraction it is another number in one country than in the next."""
_FRACTION = re.compile(rf"(?P<whole>{_GROUPED.pattern}|[0-9]{{0,18}})(?!(?P=sign))[.,](?P<rest>[0-9]{{1,18}})")
_THOUSANDS = {"k": 1_000, "m": 1_000_000}


def whole(text: str) -> int:
    """`500000`, `500.000`, `500,000`, `500 000`, `500k`. Raises `Refused`, also where there is a fraction."""
    bare = _bare(text)
    factor = _THOUSANDS.get(bare[-1:].casefold(), 1)
    digits = _digits(bare) if _GROUPED.fullmatch(bare) else bare[: -1 if factor > 1 else None]
    if not _PLAIN.fullmatch(digits):
        raise Refused("“{text}” is no whole number.", text=_shown(text))
    return int(digits) * factor


def decimal(text: str) -> float:
    """`0.50`, `0,50`, `1,234.5`, `1.234,5`. Raises `Refused`, also for `1.234`, which can be meant in two ways."""
    bare = _bare(text).strip("$")
    if _AMBIGUOUS.fullmatch(bare):
        raise Refused(
            "“{text}” can be read in two ways. Please write {one} or {other}.",
            text=_shown(text),
            one=_digits(bare),
            other=f"{bare}0",
        )
    if _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare):
        return float(_digits(bare))
    if (found := _FRACTION.fullmatch(bare)) is None:
        raise Refused("“{text}” is no number.", text=_shown(text))
    return float(f"{_digits(found['whole']) or 0}.{found['rest']}")


def filled(value: float) -> str:
    """A number as it stands in a form at first: in the language that is spoken, and read again as itself."""
    text = number(value).replace(number(1000)[1], "")
    return f"{text}0" if _AMBIGUOUS.fullmatch(text) else text


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _bare(text: str) -> str:
    return "".join(text.split()).replace("_", "")


def _shown(text: str) -> str:
    return text.strip()[:20]
