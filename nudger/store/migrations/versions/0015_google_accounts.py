"""Which Google account is which rep's, for the add-on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "google_account",
        sa.Column("subject_hash", sa.String(64), primary_key=True),
        sa.Column(
            "rep_id",
            sa.Integer(),
            sa.ForeignKey("rep.id", name="fk_google_account_rep_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("bound_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("rep_id", name="uq_google_account_rep_id"),
    )


def downgrade() -> None:
    op.drop_table("google_account")
