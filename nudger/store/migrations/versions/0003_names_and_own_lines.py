"""The field's own names for columns, states and cadences; the lines of each mail that we sent"""

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


CADENCE_OF_EVERY = """
UPDATE series SET cadence = CASE
  WHEN every = 0 THEN 'muted'
  WHEN every = -1 THEN 'first_only'
  ELSE 'every:' || CAST(every AS VARCHAR(12))
END WHERE every IS NOT NULL
"""
EVERY_OF_CADENCE = """
UPDATE series SET every = CASE
  WHEN cadence = 'muted' THEN 0
  WHEN cadence = 'first_only' THEN -1
  ELSE CAST(substr(cadence, 7) AS INTEGER)
END WHERE cadence IS NOT NULL
"""


def upgrade() -> None:
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    op.execute("UPDATE inbound SET state = 'unreadable' WHERE state = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'quarantined' WHERE state = 'held'")
    op.execute("UPDATE mail SET kind = 'quarantined' WHERE kind = 'held'")
    op.execute("UPDATE audit SET step = 'quarantined' WHERE step = 'held'")
    _replace_prefix("together:", "batch:")
    op.add_column("series", sa.Column("cadence", sa.String(16)))
    op.execute(CADENCE_OF_EVERY)
    op.drop_column("series", "every")
    op.add_column("mail", sa.Column("own_lines", sa.LargeBinary()))
    op.add_column(
        "mail", sa.Column("is_batch", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE mail SET is_batch = true WHERE once LIKE 'batch:%'")
    _plan_weekly_mails_anew()


def downgrade() -> None:
    op.drop_column("mail", "is_batch")
    op.drop_column("mail", "own_lines")
    op.add_column("series", sa.Column("every", sa.Integer()))
    op.execute(EVERY_OF_CADENCE)
    op.drop_column("series", "cadence")
    _replace_prefix("batch:", "together:")
    op.execute("UPDATE mail SET kind = 'held' WHERE kind = 'quarantined'")
    op.execute("UPDATE audit SET step = 'held' WHERE step = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'held' WHERE state = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'quarantined' WHERE state = 'unreadable'")
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")


def _plan_weekly_mails_anew() -> None:
    """Their week stands in their content now, which only the program can seal: those that nobody
    has drafted are planned again within the hour."""
    weekly = "kind IN ('weekly', 'manager_weekly')"
    op.execute(f"DELETE FROM mail WHERE {weekly} AND state IN ('due', 'drafting')")  # noqa: S608  # nosec B608
    op.execute(f"UPDATE mail SET state = 'in_doubt' WHERE {weekly} AND state = 'drafted'")  # noqa: S608  # nosec B608


def _replace_prefix(old: str, new: str) -> None:
    replacing = sa.text(
        "UPDATE mail SET once = :new || substr(once, :rest) WHERE once LIKE :old || '%'"
    )
    texts = (sa.bindparam("new", new, type_=sa.Text), sa.bindparam("old", old, type_=sa.Text))
    op.execute(replacing.bindparams(*texts, sa.bindparam("rest", len(old) + 1)))
