"""Managers: who lets them read their calls, that they sign in, and that they want no weekly mail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rep", sa.Column("shared_with", sa.String(254)))
    op.add_column("rep", sa.Column("shared_since", sa.DateTime()))
    op.add_column("sign_in", sa.Column("address", sa.String(254)))
    with op.batch_alter_table("web_session") as sessions:
        sessions.add_column(sa.Column("address", sa.String(254)))
        sessions.alter_column("rep_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "manager_stop",
        sa.Column("address", sa.String(254), primary_key=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("stopped_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """An older version knows no manager who signs in, and no mail of theirs to a rep."""
    comments = "kind = 'comment'"
    op.execute(f"DELETE FROM mail_meeting WHERE mail_id IN (SELECT id FROM mail WHERE {comments})")  # noqa: S608  # nosec B608
    op.execute(f"DELETE FROM mail WHERE {comments}")  # noqa: S608  # nosec B608
    op.execute("DELETE FROM web_session WHERE rep_id IS NULL")
    op.drop_table("manager_stop")
    with op.batch_alter_table("web_session") as sessions:
        sessions.drop_column("address")
        sessions.alter_column("rep_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("sign_in", "address")
    op.drop_column("rep", "shared_since")
    op.drop_column("rep", "shared_with")
