"""What is done with a database in one go, on a connection of SQLAlchemy's, wherever that runs."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Work = Callable[[Connection], T]


def transact(engine: Engine, work: Work[T]) -> T:
    """Do all of `work` and commit it, or nothing of it.

    A connection that was lost while it lay in the pool shows it only now: nothing was committed then, and a new one is
    tried, once. What is lost in the commit itself is not tried again: it may be kept.
    """
    with engine.connect() as connection:
        try:
            result = work(connection)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        else:
            connection.commit()
            return result
    with engine.begin() as connection:
        return work(connection)
