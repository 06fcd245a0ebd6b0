"""Accounts of add-ons at Microsoft beside those at Google, in one table"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
OLD, NEW = "google_account", "addon_account"


def upgrade() -> None:
    _move(OLD, NEW)


def downgrade() -> None:
    _move(NEW, OLD)


def _move(old: str, new: str) -> None:
    op.create_table(
        new,
        sa.Column("subject_hash", sa.String(64), primary_key=True),
        sa.Column(
            "rep_id",
            sa.Integer(),
            sa.ForeignKey("rep.id", name=f"fk_{new}_rep_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("bound_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("rep_id", name=f"uq_{new}_rep_id"),
    )
    columns = "subject_hash, rep_id, bound_at"
    op.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608 # nosec B608
    op.drop_table(old)
