"""What other systems are told of a call, to whom, and how it went"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column("once", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        _of("notice", "meeting"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("public_id", name="uq_notice_public_id"),
        sa.UniqueConstraint("once", name="uq_notice_once"),
    )
    op.create_index("ix_notice_meeting_id_kind", "notice", ["meeting_id", "kind"])
    op.create_index("ix_notice_at", "notice", ["at"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        _of("delivery", "notice"),
        _of("delivery", "meeting"),
        sa.Column("receiver", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("wanted_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("delivered_at", sa.DateTime()),
        sa.Column("lease_owner", sa.String(80)),
        sa.Column("lease_until", sa.DateTime()),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
        sa.UniqueConstraint("notice_id", "receiver", name="uq_delivery_notice_id_receiver"),
    )
    op.create_index("ix_delivery_meeting_id", "delivery", ["meeting_id"])
    due = ["receiver", "state", "due_at"]
    op.create_index("ix_delivery_receiver_state_due_at", "delivery", due)
    op.create_table(
        "receiver",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reason", sa.String(40)),
        sa.Column("detail", sa.String(200)),
        sa.Column("left_until", sa.DateTime()),
        sa.Column("off_since", sa.DateTime()),
        sa.Column("delivered_at", sa.DateTime()),
    )


def downgrade() -> None:
    for table in ("receiver", "delivery", "notice"):
        op.drop_table(table)


def _of(table: str, what: str) -> sa.Column[Any]:
    belongs = sa.ForeignKey(f"{what}.id", name=f"fk_{table}_{what}_id", ondelete="CASCADE")
    return sa.Column(f"{what}_id", sa.Integer(), belongs, nullable=False)
