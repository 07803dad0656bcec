"""Tells the operator when an open database begins to fail, and when it answers again; not with each call between."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from rooms_bot.errors import RoomsError
from rooms_bot.store.address import place, unusable
from rooms_bot.store.desk import FAULTS

log = logging.getLogger(__name__)


def impossible(error: BaseException) -> bool:
    """Whether what the database was given cannot be kept, while the database is well."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, FAULTS)
    # SQLAlchemy has no `DataError` for asyncpg's: the server's have a class of their own, asyncpg's are `ValueError`s.
    state, cause = getattr(error.orig, "sqlstate", None) or "", getattr(error.orig, "__cause__", None)
    return isinstance(error, IntegrityError | DataError) or state.startswith("22") or isinstance(cause, ValueError)


class Trouble:
    """One for reading and one for writing: a database on a full disk still answers."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._told = ""

    @contextmanager
    def told(self) -> Iterator[None]:
        """Around each call."""
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            if not impossible(error):
                self._tell(str(unusable(self._url, error)))
            raise
        except RoomsError as error:
            self._tell(str(error))
            raise
        if self._told:
            self._told = ""
            log.info("%s can be used again", place(self._url))

    def _tell(self, sentence: str) -> None:
        if sentence != self._told:
            self._told = sentence
            log.error("%s", sentence)
