"""A fresh database with its schema."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from nudger.store.database import Database

POSTGRESQL = os.environ.get("NUDGER_TEST_POSTGRESQL")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def database(request, tmp_path) -> Iterator[Database]:
    """SQLite always; PostgreSQL too where NUDGER_TEST_POSTGRESQL names an empty database."""
    url = POSTGRESQL if request.param == "postgresql" else f"sqlite:///{tmp_path / 'test.db'}"
    made = Database(url)
    if request.param == "postgresql":
        with made.begin() as tx:
            tx.execute(text("DROP SCHEMA public CASCADE"))
            tx.execute(text("CREATE SCHEMA public"))
    made.upgrade()
    yield made
    made.close()
