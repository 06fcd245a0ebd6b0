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


def downgrade() -> None:
    op.drop_column("mail", "own_lines")
    _replace_prefix("batch:", "together:")
    op.execute("UPDATE mail SET kind = 'held' WHERE kind = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'held' WHERE state = 'quarantined'")
    op.execute("UPDATE inbound SET state = 'quarantined' WHERE state = 'unreadable'")
    for table, old, new in RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")


def _replace_prefix(old: str, new: str) -> None:
    replacing = sa.text(
        "UPDATE mail SET once = :new || substr(once, :rest) WHERE once LIKE :old || '%'"
    )
    texts = (sa.bindparam("new", new, type_=sa.Text), sa.bindparam("old", old, type_=sa.Text))
    op.execute(replacing.bindparams(*texts, sa.bindparam("rest", len(old) + 1)))
