"""Questions and words in Slack, and the day in Teams channels."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from nudger.store.tables.columns import Moment, failing, leased, metadata, partial
from nudger.store.written_out import rows_with

chat_person = Table(
    "chat_person",
    metadata,
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", String(32)),
    Column("user_id", String(32)),
    Column("channel_id", String(32)),
    Column("chosen_at", Moment, nullable=False),
    Column("refused_at", Moment),
    Column("refused_why", Text),
    UniqueConstraint("team_id", "user_id"),
)

chat_post = Table(
    "chat_post",
    metadata,
    Column("mail_id", ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", String(32), nullable=False),
    Column("thread_ts", String(32)),
    Column("post_key", String(64), nullable=False),
    Column("ts", String(32)),
    Column("begun_at", Moment, nullable=False),
    Column("shown", String(300), nullable=False, server_default=""),
    # When it is looked at again, since something became of its calls; none where nothing did.
    Column("due_at", Moment),
    *leased(),
    UniqueConstraint("channel_id", "ts"),
    partial("ix_chat_post_due", "due_at", where=text("due_at IS NOT NULL")),
    failing("chat_post", "mail_id"),
)

chat_word = Table(
    "chat_word",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_key", String(200), nullable=False, unique=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("mail_id", ForeignKey("mail.id", ondelete="CASCADE"), index=True),
    Column("kind", String(16), nullable=False),
    Column("content", LargeBinary),
    Column("state", String(16), nullable=False),
    Column("disposition", String(24)),
    Column("reason", String(40)),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    *leased(),
    # Claims: what is not dealt with yet.
    partial("ix_chat_word_stored", "due_at", where=rows_with("stored")),
    failing("chat_word", "state"),
)

channel_share = Table(
    "channel_share",
    metadata,
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(60), primary_key=True),
    Column("shared_at", Moment, nullable=False),
)

channel_day = Table(
    "channel_day",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(60), nullable=False),
    Column("day", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40)),
    Column("due_at", Moment, nullable=False),
    *leased(),
    UniqueConstraint("channel", "day"),
    # Claims: what is not posted yet.
    partial("ix_channel_day_waiting", "due_at", where=rows_with("due", "posting")),
    failing("channel_day", "state"),
)
