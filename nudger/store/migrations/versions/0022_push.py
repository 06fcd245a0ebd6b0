"""What providers are asked to tell of, through which channels, and what they told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

HINTED = sa.text("hints > 0")


def upgrade() -> None:
    for table in ("calendar", "mailbox"):
        op.add_column(table, sa.Column("hints", sa.Integer(), nullable=False, server_default="0"))
        op.create_index(
            f"ix_{table}_hinted",
            table,
            ["due_at"],
            sqlite_where=HINTED,
            postgresql_where=HINTED,
        )
    op.create_table(
        "push_watch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "rep_id",
            sa.Integer(),
            sa.ForeignKey("rep.id", name="fk_push_watch_rep_id", ondelete="CASCADE"),
        ),
        sa.Column(
            "mailbox",
            sa.String(254),
            sa.ForeignKey("mailbox.address", name="fk_push_watch_mailbox", ondelete="CASCADE"),
        ),
        sa.Column("missed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("missed_in_all", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("heard_at", sa.DateTime()),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("lease_owner", sa.String(80)),
        sa.Column("lease_until", sa.DateTime()),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
        sa.UniqueConstraint("rep_id", name="uq_push_watch_rep_id"),
        sa.UniqueConstraint("mailbox", name="uq_push_watch_mailbox"),
    )
    op.create_table(
        "push_channel",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column(
            "watch_id",
            sa.Integer(),
            sa.ForeignKey("push_watch.id", name="fk_push_channel_watch_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("provider_id", sa.String(300)),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime()),
        sa.UniqueConstraint("secret_hash", name="uq_push_channel_secret_hash"),
    )
    op.create_index("ix_push_channel_watch_id", "push_channel", ["watch_id"])


def downgrade() -> None:
    op.drop_table("push_channel")
    op.drop_table("push_watch")
    for table in ("mailbox", "calendar"):
        op.drop_index(f"ix_{table}_hinted", table)
        op.drop_column(table, "hints")
