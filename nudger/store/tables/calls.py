"""Meetings, and where each lies in the calendars."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from nudger.store.tables.columns import Moment, metadata, partial
from nudger.store.written_out import rows_with

meeting = Table(
    "meeting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("meeting_key", String(300), nullable=False, unique=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("rep_reason", String(40), nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("customers", JSON, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index(None, "state", "start_at"),
    # The rep's calls before and ahead.
    Index(None, "rep_id", "start_at"),
    # What was answered before a call, the latest first: withdrawn and silent ones are skipped.
    partial("ix_meeting_answered", "rep_id", "start_at", where=rows_with("answered", "written")),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", String(1024), nullable=False),
    Column("series_id", String(1024), nullable=False, index=True),
    Column("etag", String(200), nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("original_start", Moment),
    Column("verdict", String(8), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="SET NULL"), index=True),
    Column("outsiders", JSON(none_as_null=True)),
    UniqueConstraint("rep_id", "event_id"),
)
