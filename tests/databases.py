"""Databases for tests: SQLite in a file, and PostgreSQL where there is one to use."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from nudger.store.database import Database

SERVER = os.environ.get("NUDGER_TEST_POSTGRESQL", "")
BOTH = (
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(not SERVER, reason="NUDGER_TEST_POSTGRESQL names no server"),
    ),
)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@cache
def _server() -> Engine:
    """Connected once: to open a connection takes the server longer than to copy a database."""
    return create_engine(SERVER, isolation_level="AUTOCOMMIT")


def bring_up_to_date(url: str) -> None:
    made = Database(url)
    made.upgrade()
    made.close()


def sqlite_copy(template: Path, folder: Path) -> str:
    """The URL of a copy of a database that was brought up to date once for all."""
    copied = shutil.copy(template, folder / "nudger.db")
    return f"sqlite:///{copied}"


def new_postgresql(name: str, template: str = "template1") -> str:
    """The URL of a new database of this process's own, a copy of `template`."""
    with _server().connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)
