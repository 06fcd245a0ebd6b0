"""What admins have switched off, and tokens that count no more"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "control",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("rep_id", sa.Integer(), sa.ForeignKey("rep.id", ondelete="CASCADE")),
        sa.Column("since", sa.DateTime(), nullable=False),
    )
    op.add_column(
        "mail", sa.Column("token_void", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Tokens that a lockdown made void would count again."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM mail WHERE token_void")):
        raise RuntimeError("a lockdown made tokens void: this version cannot be taken back")
    op.drop_column("mail", "token_void")
    op.drop_table("control")
