"""What the coach took an answer for, so that a report need not judge a year of them anew

Answers that were given before have none: reports judge these each time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("is_commitment", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("answer", "is_commitment")
