"""Teams and managers, working hours that calendars tell, and how often a series is asked about"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rep") as rep:
        rep.add_column(sa.Column("team", sa.String(length=80)))
        rep.add_column(sa.Column("manager", sa.String(length=254)))
        rep.add_column(sa.Column("manager_told", sa.String(length=254)))
        rep.add_column(sa.Column("own_hours", sa.JSON()))
        rep.add_column(sa.Column("own_hours_read_at", sa.DateTime()))
    with op.batch_alter_table("mail") as mail:
        mail.add_column(sa.Column("recipient", sa.String(length=254)))
        mail.create_index("ix_mail_rep_id_sent_at", ["rep_id", "sent_at"])
    with op.batch_alter_table("occurrence") as occurrence:
        occurrence.add_column(sa.Column("original_start", sa.DateTime()))
        occurrence.create_index("ix_occurrence_series_id", ["series_id"])
    op.create_table(
        "series",
        sa.Column("series_id", sa.String(length=1024), primary_key=True),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer()),
        sa.Column("counted_from", sa.DateTime(), nullable=False),
        sa.Column("customers", sa.JSON(), nullable=False),
        sa.Column("title_hash", sa.String(length=64)),
        sa.Column("follows", sa.String(length=1024)),
        sa.Column("chosen_at", sa.DateTime()),
        sa.ForeignKeyConstraint(
            ["rep_id"], ["rep.id"], name="fk_series_rep_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_series_title_hash", "series", ["title_hash"])
    op.execute(
        "INSERT INTO series (series_id, rep_id, every, counted_from, customers, chosen_at) "
        "SELECT series_id, min(rep_id), 0, min(muted_at), '[]', min(muted_at) "
        "FROM muted_series GROUP BY series_id"
    )
    op.drop_table("muted_series")


def downgrade() -> None:
    op.create_table(
        "muted_series",
        sa.Column("rep_id", sa.Integer(), primary_key=True),
        sa.Column("series_id", sa.String(length=1024), primary_key=True),
        sa.Column("muted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rep_id"], ["rep.id"], name="fk_muted_series_rep_id", ondelete="CASCADE"
        ),
    )
    op.execute(
        "INSERT INTO muted_series (rep_id, series_id, muted_at) "
        "SELECT rep_id, series_id, chosen_at FROM series WHERE every = 0"
    )
    op.drop_table("series")
    op.drop_index("ix_occurrence_series_id", "occurrence")
    op.drop_index("ix_mail_rep_id_sent_at", "mail")
    # Not in a batch: it makes tables anew, and dropping the old one deletes all that refers to it.
    op.drop_column("occurrence", "original_start")
    op.drop_column("mail", "recipient")
    for name in ("team", "manager", "manager_told", "own_hours", "own_hours_read_at"):
        op.drop_column("rep", name)
