"""The words found for personas."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "expansions",
        sa.Column("card", sa.String(64), primary_key=True),
        sa.Column("words", sa.JSON, nullable=False),
    )
