"""How providers tell of changes."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from nudger.store.tables.columns import Moment, leased, metadata

push_watch = Table(
    "push_watch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), unique=True),
    Column("mailbox", ForeignKey("mailbox.address", ondelete="CASCADE"), unique=True),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("missed_in_all", Integer, nullable=False, server_default="0"),
    Column("heard_at", Moment),
    Column("due_at", Moment, nullable=False),
    *leased(),
)

push_channel = Table(
    "push_channel",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("watch_id", ForeignKey("push_watch.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("provider", String(16), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("provider_id", String(300)),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment),
)
