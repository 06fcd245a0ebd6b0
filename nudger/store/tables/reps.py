"""Who is asked: reps, their series, how far their calendars are read; managers who want no mail."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from nudger.store.tables.columns import Moment, hinted, leased, metadata

rep = Table(
    "rep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("provider", String(16), nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("time_zone", String(64)),
    Column("country", String(8)),
    Column("language", String(8)),
    Column("team", String(80)),
    Column("manager", String(254)),
    Column("disclosed_manager", String(254)),
    Column("shared_with", String(254)),
    Column("shared_since", Moment),
    Column("calendar_hours", JSON),
    Column("calendar_hours_read_at", Moment),
    Column("hard_bounces", Integer, nullable=False, server_default="0"),
    Column("announced_at", Moment),
    Column("position", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("state_reason", Text),
    Column("paused_until", Moment),
    Column("added_at", Moment, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("series_id", String(1024), primary_key=True),
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), nullable=False),
    Column("cadence", String(16)),
    Column("counted_from", Moment, nullable=False),
    Column("customers", JSON, nullable=False),
    Column("title_hash", String(64), index=True),
    Column("follows", String(1024)),
    Column("chosen_at", Moment),
)

calendar = Table(
    "calendar",
    metadata,
    Column("rep_id", ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True),
    Column("cursor", Text),
    Column("window_end", Moment),
    Column("rules_version", String(64)),
    Column("scanned_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("hints", Integer, nullable=False, server_default="0"),
    *leased(),
    # Claims: of some thousands that are due in the morning, a few at a time.
    Index(None, "due_at", "rep_id"),
    hinted("calendar"),
)

manager_stop = Table(
    "manager_stop",
    metadata,
    Column("address", String(254), primary_key=True),
    Column("reason", String(40), nullable=False),
    Column("stopped_at", Moment, nullable=False),
)
