"""The audit trail, and what admins hold."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, text

from nudger.store.tables.columns import Moment, metadata, partial

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("step", String(24), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("meeting_id", Integer, index=True),
    Column("rep_id", Integer, index=True),
    Column("detail", JSON, nullable=False),
    Column("seal_id", Integer, index=True),
    Column("salt", String(32)),
    Column("row_hash", String(64)),
    Column("erased", String(64)),
    # What is to be sealed next, of a trail of which all but the end is.
    partial("ix_audit_unsealed", "id", where=text("seal_id IS NULL")),
)

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("row_count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sealed_at", Moment, nullable=False),
    Column("removed", String(64)),
)

control = Table(
    "control",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE")),
    Column("since", Moment, nullable=False),
)
