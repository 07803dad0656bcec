"""Events that Discord tells again, or too late: each command and message counts once, and what is deleted stays so.

After a lost connection Discord may repeat what it told before; discord.py neither counts its events nor sorts them.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

Parser = Callable[[Any], None]

KEPT = 2000
"""Ids that are remembered; Discord itself keeps fewer events for a session."""
ARRIVALS = ("INTERACTION_CREATE", "MESSAGE_CREATE")


def count_once(parsers: MutableMapping[str, Parser]) -> None:
    """`parsers` are discord.py's, by the names of their events."""
    seen = Seen()
    for name in ARRIVALS:
        parsers[name] = _once(seen, parsers[name])
    parsers["MESSAGE_DELETE"] = _last(seen, parsers["MESSAGE_DELETE"])


class Seen:
    """The newest `KEPT` ids."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def __contains__(self, one: object) -> bool:
        return str(one) in self._ids

    def add(self, one: object) -> None:
        self._ids[str(one)] = None
        if len(self._ids) > KEPT:
            del self._ids[next(iter(self._ids))]


def _once(seen: Seen, parse: Parser) -> Parser:
    def parsed(data: Any) -> None:
        if data["id"] not in seen:
            parse(data)
            seen.add(data["id"])

    return parsed


def _last(seen: Seen, parse: Parser) -> Parser:
    """A deletion that overtook its message is the last that is heard of it."""

    def parsed(data: Any) -> None:
        seen.add(data["id"])
        parse(data)

    return parsed
