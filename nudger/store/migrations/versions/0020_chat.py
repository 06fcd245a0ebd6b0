"""Who is asked in a chat, what was posted there, and what they said"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _leased() -> list[sa.Column[Any]]:
    return [
        sa.Column("lease_owner", sa.String(80)),
        sa.Column("lease_until", sa.DateTime()),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
    ]


def _partial(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def _of(table: str, other: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{other}_id", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "chat_person",
        sa.Column("rep_id", sa.Integer(), _of("chat_person", "rep"), primary_key=True),
        sa.Column("team_id", sa.String(32)),
        sa.Column("user_id", sa.String(32)),
        sa.Column("channel_id", sa.String(32)),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.Column("refused_at", sa.DateTime()),
        sa.Column("refused_why", sa.Text()),
        sa.UniqueConstraint("team_id", "user_id", name="uq_chat_person_team_id_user_id"),
    )
    op.create_table(
        "chat_post",
        sa.Column("mail_id", sa.Integer(), _of("chat_post", "mail"), primary_key=True),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32)),
        sa.Column("post_key", sa.String(64), nullable=False),
        sa.Column("ts", sa.String(32)),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("shown", sa.String(300), nullable=False, server_default=""),
        sa.Column("due_at", sa.DateTime()),
        *_leased(),
        sa.UniqueConstraint("channel_id", "ts", name="uq_chat_post_channel_id_ts"),
    )
    op.create_table(
        "chat_word",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("event_key", sa.String(200), nullable=False),
        sa.Column("rep_id", sa.Integer(), _of("chat_word", "rep"), nullable=False),
        sa.Column("mail_id", sa.Integer(), _of("chat_word", "mail")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("disposition", sa.String(24)),
        sa.Column("reason", sa.String(40)),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        *_leased(),
        sa.UniqueConstraint("event_key", name="uq_chat_word_event_key"),
    )
    op.create_index("ix_chat_word_rep_id", "chat_word", ["rep_id"])
    op.create_index("ix_chat_word_mail_id", "chat_word", ["mail_id"])
    _partial("ix_chat_post_due", "chat_post", "due_at", "due_at IS NOT NULL")
    _partial("ix_chat_post_failing", "chat_post", "mail_id", "last_error IS NOT NULL")
    _partial("ix_chat_word_stored", "chat_word", "due_at", "state IN ('stored')")
    _partial("ix_chat_word_failing", "chat_word", "state", "last_error IS NOT NULL")


def downgrade() -> None:
    for table in ("chat_word", "chat_post", "chat_person"):
        op.drop_table(table)
