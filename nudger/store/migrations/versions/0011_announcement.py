"""When Nudger was announced to a rep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rep", sa.Column("announced_at", sa.DateTime()))


def downgrade() -> None:
    """An older version knows no announcement."""
    op.execute("DELETE FROM mail WHERE kind = 'announcement'")
    op.drop_column("rep", "announced_at")
