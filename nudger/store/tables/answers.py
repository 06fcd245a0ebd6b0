"""What reps answered, and the notes with it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from nudger.store.tables.columns import Moment, failing, leased, metadata, partial
from nudger.store.written_out import rows_with

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    # What else the same reply answered; and a reply that goes is looked for here.
    Column("inbound_id", ForeignKey("inbound.id", ondelete="SET NULL"), index=True),
    Column("content", LargeBinary, nullable=False),
    Column("is_commitment", Boolean),
    Column("given_at", Moment, nullable=False),
    UniqueConstraint("meeting_id", "revision"),
)

outcome = Table(
    "outcome",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("given_at", Moment, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("written_revision", Integer),
    Column("place", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("event_rep_id", ForeignKey("rep.id", ondelete="SET NULL")),
    Column("event_id", String(1024)),
    Column("companion_id", String(1024)),
    Column("due_at", Moment, nullable=False),
    Column("written_at", Moment),
    *leased(),
    Index(None, "state", "due_at"),
    # Claims: what is to be written.
    partial("ix_note_due", "due_at", where=rows_with("due")),
    failing("note", "state"),
)
