"""By what a reply is known that says the same as one before"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound", sa.Column("words", sa.String(64)))
    op.create_index("ix_inbound_words", "inbound", ["words"])


def downgrade() -> None:
    op.drop_index("ix_inbound_words", "inbound")
    op.drop_column("inbound", "words")
