"""Mails that came back, and by what replies to removed reps are known"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "rep", sa.Column("hard_bounces", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("mail", sa.Column("bounced_at", sa.DateTime()))
    op.create_index("ix_mail_rfc_message_id", "mail", ["rfc_message_id"])
    op.create_table(
        "retired_token",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("retired_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """Reps whom no mail reaches are written to again."""
    op.execute("DELETE FROM control WHERE name LIKE 'unreachable:%'")
    op.drop_table("retired_token")
    op.drop_index("ix_mail_rfc_message_id", "mail")
    op.drop_column("mail", "bounced_at")
    op.drop_column("rep", "hard_bounces")
