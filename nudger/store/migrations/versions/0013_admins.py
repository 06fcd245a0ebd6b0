"""Who has a role, and their way into the console"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("issuer", sa.String(300)),
        sa.Column("subject", sa.String(300)),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("bound_at", sa.DateTime()),
        sa.UniqueConstraint("email", name="uq_admin_email"),
        sa.UniqueConstraint("issuer", "subject", name="uq_admin_issuer_subject"),
    )
    op.create_table(
        "admin_code",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        _of_admin("admin_code"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "admin_session",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        _of_admin("admin_session"),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
    )


def _of_admin(table: str) -> sa.Column[int]:
    leads_to = sa.ForeignKey("admin.id", name=f"fk_{table}_admin_id", ondelete="CASCADE")
    return sa.Column("admin_id", sa.Integer(), leads_to)


def downgrade() -> None:
    op.drop_table("admin_session")
    op.drop_table("admin_code")
    op.drop_table("admin")
