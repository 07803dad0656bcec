"""Logs on stderr, as lines for people or as JSON; secrets are blotted out of either."""

import json
import logging
import re
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from types import TracebackType
from urllib.parse import quote, unquote, urlsplit

from pythonjsonlogger.json import JsonFormatter

from rooms_bot.i18n import speaking

log = logging.getLogger(__name__)

BLOT = "•••"
SHORT = 8
"""Characters: shorter secrets are blotted only where they are whole words, since `rooms` is in many."""
SECRET_WORDS = frozenset({"TOKEN", "KEY", "SECRET", "PASSWORD"})
"""The last words of the names of variables that hold secrets; LiteLLM's own keep to them."""


_ADDRESS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w-]{20,}")
"""Who has this address can post under any name: errors of the network quote it."""


class Blot:
    """Replaces every one of `secrets` in a text, also where JSON or an address spells it differently.

    So are the tokens in addresses of Discord's, which no setting has.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret.strip())}
        found = "|".join(map(_pattern, sorted(forms, key=len, reverse=True)))
        self._found = re.compile(found or r"(?!)")

    def __call__(self, text: str) -> str:
        return _ADDRESS.sub(rf"\1{BLOT}", self._found.sub(BLOT, text))


def _forms(secret: str) -> Iterator[str]:
    if len(secret) >= 3:
        yield from {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe="")}


def _pattern(form: str) -> str:
    return re.escape(form) if len(form) >= SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"


def secrets_of(environment: Mapping[str, str]) -> set[str]:
    """The values that no log may show: those of variables whose names say so, and passwords in addresses."""
    named = {value for name, value in environment.items() if name.upper().rpartition("_")[2] in SECRET_WORDS}
    return named | {password for value in environment.values() for password in _password(value)}


def _password(address: str) -> Iterator[str]:
    """As it is written in an address, and as it is meant."""
    try:
        password = urlsplit(address).password if "://" in address else None
    except ValueError:
        return
    if password:
        yield from {password, unquote(password)}


class Blotter(logging.Formatter):
    """Formats as `inner` does, in English whoever is spoken to, and blots the whole of it, tracebacks included."""

    def __init__(self, inner: logging.Formatter, blot: Blot) -> None:
        super().__init__()
        self._inner, self._blot = inner, blot

    def format(self, record: logging.LogRecord) -> str:
        with speaking(None):
            return self._blot(self._inner.format(record))


def set_up(level: str, form: str, environment: Mapping[str, str]) -> Blot:
    """Send all logs from `level` up to stderr, libraries' from WARNING up; what blots out `environment`'s secrets.

    Faults that nobody catches become logs too.
    """
    blot = Blot(secrets_of(environment))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Blotter(_json() if form == "json" else _console(), blot))
    handler.addFilter(_calmly)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    for ours in ("rooms_bot", "cogs"):
        logging.getLogger(ours).setLevel(level)
    sys.excepthook = _uncaught
    return blot


def _console() -> logging.Formatter:
    return logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")


def _json() -> logging.Formatter:
    """One object a line: `time` (UTC), `level`, `logger`, `message`, and `exc_info` where there is a traceback."""
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    made = JsonFormatter("{asctime}{levelname}{name}{message}", style="{", rename_fields=names)
    made.converter = time.gmtime
    made.default_time_format, made.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"
    return made


def _calmly(record: logging.LogRecord) -> bool:
    """A lost connection is no fault: discord.py, which comes back by itself, logs it as an error with a traceback."""
    if record.name == "discord.client" and record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        reason = record.exc_info[1]
        record.msg = f"The connection to Discord was lost ({type(reason).__name__}: {reason}). {record.getMessage()}"
        record.args, record.exc_info, record.exc_text = (), None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("the program ended by a fault of its own", exc_info=(kind, error, trace))
