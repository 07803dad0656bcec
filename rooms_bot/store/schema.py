"""The tables. Times are whole milliseconds since the epoch, UTC, in every database alike."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

NEWEST = "0004"
"""The newest migration; a database at it needs none."""


class Prose(TypeDecorator[str]):
    """Text as people and models write it.

    PostgreSQL takes no NUL, and neither database half a surrogate pair; both
    can come out of a model, and both become U+FFFD.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value if value is None or (value.isascii() and "\0" not in value) else sound(value)


def sound(text: str) -> str:
    """`text` with what no database can keep replaced by U+FFFD."""
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


def _number(*args: Any, **options: Any) -> Column[int]:
    """A snowflake, an index or a time."""
    return Column(*args, type_=BigInteger, autoincrement=False, **options)


metadata = MetaData()

guilds = Table(
    "guilds",
    metadata,
    _number("guild", primary_key=True),
    _number("host_role", nullable=True),
    # What else its people decided, by field of `GuildSettings`.
    Column("body", JSON, nullable=False),
)

personas = Table(
    "personas",
    metadata,
    _number("guild", primary_key=True),
    # The name, casefolded.
    Column("key", Prose, primary_key=True),
    Column("body", JSON, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    _number("guild", primary_key=True),
    _number("member", primary_key=True),
    _number("hour", primary_key=True),
    _number("tokens", nullable=False),
    Column("dollars", Double, nullable=False),
    Column("unpriced", Boolean, nullable=False),
    Index("spending_hour", "hour"),
)

profiles = Table(
    "profiles",
    metadata,
    _number("guild", primary_key=True),
    _number("member", primary_key=True),
    Column("name", Prose, nullable=False),
    Column("background", Prose, nullable=False),
    Column("ignored", Boolean, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    # SQLite counts up by itself only in a column that is exactly INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _number("guild", nullable=False),
    _number("channel", nullable=False),
    _number("parent", nullable=False),
    Column("config", JSON, nullable=False),
    Column("opened_by", JSON, nullable=False),
    _number("opened_at", nullable=False),
    Column("open", Boolean, nullable=False),
    Column("tally", JSON, nullable=False),
    # Since when it is over.
    _number("closed_at", nullable=True),
    Index("rooms_open", "open"),
    # Without it SQLite gives the number of a removed last room to the next one.
    sqlite_autoincrement=True,
)

seats = Table(
    "seats",
    metadata,
    Column("room", ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("seat", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False),
    Column("body", JSON, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("room", ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _number("idx", primary_key=True),
    _number("at", nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Prose, nullable=True),
    Column("body", JSON, nullable=False),
    # A room's events lie side by side, in order, and are written to one tree instead of two.
    sqlite_with_rowid=False,
)

faces = Table(
    "faces",
    metadata,
    Column("digest", String(64), primary_key=True),
    _number("emoji", nullable=False),
    Column("url", Text, nullable=False),
    _number("guild", nullable=True),
    _number("used_at", nullable=False),
    Index("faces_used", "guild", "used_at"),
)

expansions = Table(
    "expansions",
    metadata,
    Column("card", String(64), primary_key=True),
    Column("words", JSON, nullable=False),
    _number("used_at", nullable=False),
)
