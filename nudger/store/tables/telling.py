"""What other systems are told of calls, and what they may read."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from nudger.store.tables.columns import Moment, leased, metadata

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(40), nullable=False, unique=True),
    Column("once", String(80), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "meeting_id", "kind"),
    Index(None, "at"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_id", ForeignKey("notice.id", ondelete="CASCADE"), nullable=False),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("receiver", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40)),
    Column("wanted_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    *leased(),
    UniqueConstraint("notice_id", "receiver"),
    Index(None, "receiver", "state", "due_at"),
)

receiver = Table(
    "receiver",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", String(40)),
    Column("detail", String(200)),
    Column("left_until", Moment),
    Column("off_since", Moment),
    Column("delivered_at", Moment),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
)
