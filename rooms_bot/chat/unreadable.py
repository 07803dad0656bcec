"""Events of Discord's that discord.py cannot read: such a one is left out, and the connection stays.

discord.py lets the fault out of its connection, which ends it; a connection made anew may well bring the same event.
"""

import logging
from collections.abc import Callable, MutableMapping
from typing import Any

log = logging.getLogger(__name__)

Parser = Callable[[Any], None]

NEEDED = frozenset({"READY", "RESUMED"})
"""Without these there is no connection."""
FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What reading something that is not as it should be raises."""


def skip_unreadable(parsers: MutableMapping[str, Parser]) -> None:
    """`parsers` by the names of their events; from now on they raise none of `FAULTS`."""
    for name in parsers.keys() - NEEDED:
        parsers[name] = _lenient(name, parsers[name])


def _lenient(name: str, parse: Parser) -> Parser:
    def parsed(data: Any) -> None:
        try:
            parse(data)
        except FAULTS:
            log.exception("an event from Discord (%s) could not be read and is left out", name)

    return parsed
