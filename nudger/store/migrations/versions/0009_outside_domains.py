"""Which outside domains come to what is not asked about, and what the admin was told of each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("occurrence", sa.Column("outsiders", sa.JSON()))
    op.create_table(
        "domain_review",
        sa.Column("domain", sa.String(254), primary_key=True),
        sa.Column("told_at", sa.DateTime()),
        sa.Column("put_off_until", sa.DateTime()),
    )


def downgrade() -> None:
    """An older version knows no mail to the admin."""
    admins = "kind = 'admin_weekly'"
    op.execute(f"DELETE FROM mail_meeting WHERE mail_id IN (SELECT id FROM mail WHERE {admins})")  # noqa: S608  # nosec B608
    op.execute(f"DELETE FROM mail WHERE {admins}")  # noqa: S608  # nosec B608
    op.drop_table("domain_review")
    op.drop_column("occurrence", "outsiders")
