"""An office on each database, and what of it can be read by whoever has files and key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, text

from nudger.store.data_keys import SEALED

POSTGRESQL = os.environ.get("NUDGER_TEST_POSTGRESQL")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def settings_file(request, settings_file, monkeypatch) -> Path:
    """SQLite always; PostgreSQL too where NUDGER_TEST_POSTGRESQL names an empty database."""
    if request.param == "postgresql":
        assert POSTGRESQL is not None
        engine = create_engine(POSTGRESQL)
        with engine.begin() as tx:
            tx.execute(text("DROP SCHEMA public CASCADE"))
            tx.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        monkeypatch.setenv("NUDGER_DATABASE", POSTGRESQL)
    return settings_file


def bytes_kept(office: Any) -> bytes:
    """The database's files; on PostgreSQL, all that is in its tables."""
    database = office.ctx.database
    if database.engine.dialect.name == "sqlite":
        return b"".join(file.read_bytes() for file in Path(office.folder).glob("nudger.db*"))
    found = MetaData()
    found.reflect(database.engine)
    with database.read() as tx:
        rows = (row for table in found.tables.values() for row in tx.execute(table.select()))
        values = [value for row in rows for value in row]
    return b"\n".join(v if isinstance(v, bytes) else repr(v).encode() for v in values)


def opened_values(office: Any) -> Iterator[bytes]:
    """Every sealed value, as whoever has the key reads it."""
    with office.ctx.database.read() as tx:
        for sealed in SEALED:
            for row in tx.execute(sealed.table.select().where(sealed.column.is_not(None))):
                kept = getattr(row, sealed.column.name)
                yield office.ctx.vault.open(kept, sealed.owner(row))


def is_kept(office: Any, *words: str) -> list[str]:
    """Those of the words that stand anywhere, readable or sealed."""
    content = (bytes_kept(office) + b"\n" + b"\n".join(opened_values(office))).lower()
    return [word for word in words if word.lower().encode() in content]
