"""The domains that admins list, and the review of the unknown ones."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from nudger.store.tables.columns import Moment, metadata

domain = Table(
    "domain",
    metadata,
    Column("entry", String(254), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("added_at", Moment, nullable=False),
)

domain_review = Table(
    "domain_review",
    metadata,
    Column("domain", String(254), primary_key=True),
    Column("told_at", Moment),
    Column("put_off_until", Moment),
)
