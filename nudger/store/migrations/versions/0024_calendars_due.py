"""Calendars in the order in which they are due"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
NAME = "ix_calendar_due_at_rep_id"


def upgrade() -> None:
    op.create_index(NAME, "calendar", ["due_at", "rep_id"])


def downgrade() -> None:
    op.drop_index(NAME, "calendar")
