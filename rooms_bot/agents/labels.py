"""The beginning of a line that says who speaks."""

import re
from collections.abc import Collection
from functools import lru_cache

ROLES = ("system", "user", "assistant", "developer", "tool")
"""Speakers of every chat template."""


def label(names: Collection[str]) -> re.Pattern[str]:
    """Finds `Ada:`, `**Ada:**`, `[Ada]`, `Ada (engineer):`, `Ada, in reply to Mara:` and such at lines' beginnings."""
    return _label(tuple(names))


@lru_cache(maxsize=256)
def _label(names: tuple[str, ...]) -> re.Pattern[str]:
    known = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
    if not known:
        return re.compile(r"(?!)")
    one = "|".join(map(re.escape, known))
    return re.compile(
        rf"^[ \t>*_]*\[(?:{one})\][*_]*[ \t]+"
        rf"|^[ \t>#*_\[(<@\"“-]*(?:{one})(?:[ \t]+(?:said|says|replied|replies))?"
        rf"(?:[ \t]*\([^()\n]{{0,60}}\))?(?:,[ \t]+in reply to [^:：\n]{{1,80}})?"
        rf"[*_\])>\"”]*[ \t]*[:：][*_\"”]*[ \t]*",
        re.M | re.I,
    )
