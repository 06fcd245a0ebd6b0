"""Signing in to the rep's page, and the sessions that came of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("pending_hash", sa.String(64), primary_key=True),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column(
            "rep_id",
            sa.Integer(),
            sa.ForeignKey("rep.id", name="fk_sign_in_rep_id", ondelete="CASCADE"),
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("confirmed_at", sa.DateTime()),
    )
    op.create_index("ix_sign_in_link_hash", "sign_in", ["link_hash"], unique=True)
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column(
            "rep_id",
            sa.Integer(),
            sa.ForeignKey("rep.id", name="fk_web_session_rep_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("web_session")
    op.drop_table("sign_in")
