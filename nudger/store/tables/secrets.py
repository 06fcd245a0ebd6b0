"""What is sealed, and by which keys."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from nudger.store.tables.columns import Moment, metadata

secret = Table(
    "secret",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

data_key = Table(
    "data_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
