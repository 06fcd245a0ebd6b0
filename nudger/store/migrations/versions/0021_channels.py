"""Channels that get the day's plan, and whose calls stand in it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    of_rep = sa.ForeignKey("rep.id", name="fk_channel_share_rep_id", ondelete="CASCADE")
    op.create_table(
        "channel_share",
        sa.Column("rep_id", sa.Integer(), of_rep, primary_key=True),
        sa.Column("channel", sa.String(60), primary_key=True),
        sa.Column("shared_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "channel_day",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("lease_owner", sa.String(80)),
        sa.Column("lease_until", sa.DateTime()),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
        sa.UniqueConstraint("channel", "day", name="uq_channel_day_channel_day"),
    )
    _partial("ix_channel_day_waiting", "due_at", "state IN ('due', 'posting')")
    _partial("ix_channel_day_failing", "state", "last_error IS NOT NULL")


def _partial(name: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "channel_day", [column], sqlite_where=condition,
                    postgresql_where=condition)  # fmt: skip


def downgrade() -> None:
    op.drop_table("channel_day")
    op.drop_table("channel_share")
