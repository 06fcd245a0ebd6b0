"""Databases for tests: SQLite in a file, and PostgreSQL where there is one to use."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

SERVER = os.environ.get("NUDGER_TEST_POSTGRESQL", "")
BOTH = (
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(not SERVER, reason="NUDGER_TEST_POSTGRESQL names no server"),
    ),
)


def sqlite_copy(template: Path, folder: Path) -> str:
    """The URL of a copy of a database that was brought up to date once for all."""
    copied = shutil.copy(template, folder / "nudger.db")
    return f"sqlite:///{copied}"


def empty_postgresql() -> str:
    """The URL of an empty database of this process's own, on the server of the environment."""
    name = f"nudger_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)
