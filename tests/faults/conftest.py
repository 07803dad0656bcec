"""The same sandbox and the same bot as in the tests of the wire."""

from tests.store.conftest import postgres, postgres_database
from tests.wire.conftest import bot, description, ledger, rest, sandbox

__all__ = ["bot", "description", "ledger", "postgres", "postgres_database", "rest", "sandbox"]
