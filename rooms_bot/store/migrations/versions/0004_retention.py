"""How ephemeral rooms stand, and since when rooms are over and words are no longer looked for."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Nobody wrote down when a room ended: its last event was its end, and without events it is as old as it is.
ENDED = """UPDATE rooms SET closed_at =
    coalesce((SELECT max(events.at) FROM events WHERE events.room = rooms.id), rooms.opened_at) WHERE NOT open"""


def upgrade() -> None:
    op.add_column("rooms", sa.Column("tally", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("rooms", sa.Column("closed_at", sa.BigInteger))
    op.add_column("expansions", sa.Column("used_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute(ENDED)
    op.execute(sa.text("UPDATE expansions SET used_at = :now").bindparams(now=round(time.time() * 1000)))
