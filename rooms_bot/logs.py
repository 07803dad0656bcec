"""Logs on stderr, as lines for people or as JSON; secrets are blotted out of either."""

import logging
import os
import sys
from collections.abc import Collection

from pythonjsonlogger.json import JsonFormatter

SECRET_NAMES = ("TOKEN", "KEY", "SECRET", "PASSWORD", "DATABASE_URL")


class Blotter(logging.Formatter):
    """Formats as `inner` does, and replaces every secret wherever it turns up, tracebacks included."""

    def __init__(self, inner: logging.Formatter, secrets: Collection[str]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, sorted(secrets, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = self._inner.format(record)
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        return text


def secrets_of(environment: dict[str, str]) -> set[str]:
    """The values that no log may show: those of variables whose names say so."""
    return {
        value
        for name, value in environment.items()
        if len(value) >= 8 and any(word in name.upper() for word in SECRET_NAMES)
    }


def set_up(level: str, form: str, secrets: Collection[str] = ()) -> None:
    """Send all logs from `level` up to stderr; libraries' from WARNING up."""
    inner: logging.Formatter = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    if form == "json":
        inner = JsonFormatter("{asctime}{levelname}{name}{message}", style="{")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Blotter(inner, {*secrets, *secrets_of(dict(os.environ))}))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("rooms_bot", "cogs"):
        logging.getLogger(ours).setLevel(level)
