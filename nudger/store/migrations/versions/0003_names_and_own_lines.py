"""The field's own names for columns and states; the lines of each mail that we sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RENAMED = (
    ("rep", "manager_told", "disclosed_manager"),
    ("rep", "own_hours", "calendar_hours"),
    ("rep", "own_hours_read_at", "calendar_hours_read_at"),
)


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    op.execute("UPDATE inbound SET state = 'unreadable' WHERE state = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'quarantined' WHERE state = 'held'")
    op.execute("UPDATE mail SET kind = 'quarantined' WHERE kind = 'held'")
    _replace_prefix("together:", "batch:")
    op.add_column("mail", sa.Column("own_lines", sa.LargeBinary()))
    op.add_column(
        "mail", sa.Column("is_batch", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE mail SET is_batch = true WHERE once LIKE 'batch:%'")
    _plan_weekly_mails_anew()


def downgrade() -> None:
    op.drop_column("mail", "is_batch")
    op.drop_column("mail", "own_lines")
    _replace_prefix("batch:", "together:")
    op.execute("UPDATE mail SET kind = 'held' WHERE kind = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'held' WHERE state = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'quarantined' WHERE state = 'unreadable'")
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")


def _plan_weekly_mails_anew() -> None:
    """Their week stands in their content now, which only the program can seal: those that nobody
    has drafted are planned again within the hour."""
    weekly = "kind IN ('weekly', 'manager_weekly')"
    op.execute(f"DELETE FROM mail WHERE {weekly} AND state IN ('due', 'drafting')")  # noqa: S608
    op.execute(f"UPDATE mail SET state = 'in_doubt' WHERE {weekly} AND state = 'drafted'")  # noqa: S608


def _replace_prefix(old: str, new: str) -> None:
    op.execute(
        f"UPDATE mail SET once = '{new}' || substr(once, {len(old) + 1}) "  # noqa: S608
        f"WHERE once LIKE '{old}%'"
    )
