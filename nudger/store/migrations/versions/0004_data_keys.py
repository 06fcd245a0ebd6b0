"""Data keys, wrapped by the admin's key"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """Values that a data key sealed would be lost with it."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM data_key")):
        raise RuntimeError("values are sealed with data keys: this version cannot be taken back")
    op.drop_table("data_key")
