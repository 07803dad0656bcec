"""The same sandbox and the same bot as in the tests of the wire."""

from tests.wire.conftest import bot, description, ledger, rest, sandbox

__all__ = ["bot", "description", "ledger", "rest", "sandbox"]
