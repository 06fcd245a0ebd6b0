"""Who signs in: reps, managers, admins."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from nudger.store.tables.columns import Moment, metadata

sign_in = Table(
    "sign_in",
    metadata,
    Column("pending_hash", String(64), primary_key=True),
    Column("link_hash", String(64), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE")),
    Column("address", String(254)),
    Column("asked_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("confirmed_at", Moment),
    Index(None, "link_hash", unique=True),
)

addon_account = Table(
    "addon_account",
    metadata,
    Column("subject_hash", String(64), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("bound_at", Moment, nullable=False),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE")),
    Column("address", String(254)),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

admin = Table(
    "admin",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("issuer", String(300)),
    Column("subject", String(300)),
    Column("added_at", Moment, nullable=False),
    Column("bound_at", Moment),
    UniqueConstraint("issuer", "subject"),
)

admin_code = Table(
    "admin_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("admin_id", ForeignKey("admin.id", ondelete="CASCADE")),
    Column("made_at", Moment, nullable=False),
)

admin_session = Table(
    "admin_session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("admin_id", ForeignKey("admin.id", ondelete="CASCADE")),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
