"""By what the link to a question's answer page is known"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("link_hash", sa.String(64)))
    op.create_index("ix_mail_link_hash", "mail", ["link_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_mail_link_hash", "mail")
    op.drop_column("mail", "link_hash")
