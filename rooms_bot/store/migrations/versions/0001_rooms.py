"""Guilds, profiles, rooms, seats, events, faces."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROOM_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "guilds",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("host_role", sa.BigInteger),
    )
    op.create_table(
        "profiles",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("member", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("background", sa.Text, nullable=False),
        sa.Column("ignored", sa.Boolean, nullable=False),
    )
    _create_rooms()
    op.create_table(
        "faces",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("emoji", sa.BigInteger, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("used_at", sa.BigInteger, nullable=False),
    )
    op.create_index("faces_used", "faces", ["guild", "used_at"])


def _create_rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", ROOM_ID, primary_key=True),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("parent", sa.BigInteger, nullable=False),
        sa.Column("config", sa.JSON, nullable=False),
        sa.Column("opened_by", sa.JSON, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("rooms_open", "rooms", ["open"])
    op.create_table(
        "seats",
        _room(),
        sa.Column("seat", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "events",
        _room(),
        sa.Column("idx", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("body", sa.JSON, nullable=False),
        sqlite_with_rowid=False,
    )


def _room() -> sa.Column[int]:
    """A column belongs to one table: each gets its own."""
    key = sa.ForeignKey("rooms.id", ondelete="CASCADE")
    return sa.Column("room", ROOM_ID, key, primary_key=True, autoincrement=False)
