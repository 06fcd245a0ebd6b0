"""Opening the database, its transactions and its schema version.

SQLite runs in WAL mode and every transaction starts with BEGIN IMMEDIATE: one that reads and then
writes would otherwise fail with SQLITE_BUSY_SNAPSHOT, which no busy timeout cures
(https://www.sqlite.org/lang_transaction.html).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError

from nudger.store.afterwards import take_tells
from nudger.store.next_writer import NextWriter
from nudger.store.rowless_errors import leave_rows_out
from nudger.store.shared_commits import SharedCommits

BUSY_SECONDS = 20
KEPT_STATEMENTS = 256
"""By a connection to SQLite: those of `many_rows`, and all others. Each takes some 20 KB."""
KEPT_CONNECTIONS = 16
MORE_CONNECTIONS = 48
"""Beside those kept: threads that read or write at once must not wait for one another's connection,
and most of them wait for a provider without holding one."""
T = TypeVar("T")

NOT_A_URL = (
    "`database` in nudger.toml names no database: use sqlite:///nudger.db or "
    "postgresql+psycopg://user@host/name."
)


class DatabaseProblem(Exception):
    """The database cannot be used; one line that says what to do. It `may_pass` where a server does
    not answer or another program holds the file."""

    def __init__(self, message: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass


class Database:
    """One database. `begin()` opens a transaction that commits at its end or rolls back.

    Raises `DatabaseProblem` for a URL that names no database, or one whose driver is missing.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        leave_rows_out(self.engine)
        # SQLite lets one write at a time and has the others poll: here they queue instead.
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._one_writer: AbstractContextManager[Any] = (
            threading.RLock() if is_sqlite else nullcontext()
        )
        self._next_writer = _next_writer(self.engine.url) if is_sqlite else None
        self._shared_commits = SharedCommits(self.begin) if is_sqlite else None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._one_writer, ExitStack() as begun:
            with self._next_writer or nullcontext():
                connection = begun.enter_context(self.engine.begin())
            take_tells(connection)
            yield connection
            afterwards = take_tells(connection)
        for tell in afterwards:
            tell()

    def write(self, do: Callable[[Connection], T]) -> T:
        """What `do` returns, given a transaction: committed when this returns, together with what
        other threads have written so meanwhile; taken back, alone, where it raises."""
        if self._shared_commits is not None:
            return self._shared_commits.write(do)
        with self.begin() as tx:
            return do(tx)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(read_only=True) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read as of one moment, whatever others write meanwhile."""
        options: dict[str, Any] = {"read_only": True}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        with self.engine.connect().execution_options(**options) as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()
        if self._next_writer is not None:
            self._next_writer.close()

    @property
    def shown(self) -> str:
        """Its URL as people may see it, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def rewrite(self) -> bool:
        """Write the files anew, so that no byte of what was deleted is left in them; false where
        another program reads them just now. On PostgreSQL deleted rows go; the server's log and
        backups are its admin's."""
        if self.engine.dialect.name != "sqlite":
            alone = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            with alone as connection:
                connection.exec_driver_sql("VACUUM")
            return True
        raw = self.engine.raw_connection()
        try:
            with self._one_writer:
                raw.driver_connection.execute("VACUUM")  # type: ignore[union-attr]
                checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)"
                busy, *_ = raw.driver_connection.execute(checkpoint).fetchone()  # type: ignore[union-attr]
                return not busy
        except sqlite3.OperationalError:
            return False
        finally:
            raw.close()

    def upgrade(self) -> None:
        """Bring the schema to this version of Nudger. Raises `DatabaseProblem`."""
        if self.revision() != _head():
            self._migrate(command.upgrade, "head")

    def downgrade(self, revision: str) -> None:
        """Bring the schema back to what an older version knew, and with it what that version can
        hold. Raises `DatabaseProblem`."""
        known = [one.revision for one in _scripts().walk_revisions()]
        if revision not in known:
            says = f"There is no version {revision} of the database"
            raise DatabaseProblem(f"{says}: choose one of {', '.join(sorted(known))}.")
        found = self.revision()
        if found is None or revision > found:
            raise DatabaseProblem(f"The database is at version {found}, which is not after that.")
        self._migrate(command.downgrade, revision)

    def _migrate(self, change: Callable[[Config, str], None], revision: str) -> None:
        try:
            with self.engine.begin() as connection:
                config = _alembic_config()
                config.attributes["connection"] = connection
                change(config, revision)
        except CommandError as error:
            raise DatabaseProblem(_made_by_newer(self.revision())) from error
        except SQLAlchemyError as error:
            raise self.problem(error) from error

    def require_current(self) -> None:
        """Raises `DatabaseProblem` unless the schema is the one that this version knows."""
        found, wanted = self.revision(), _head()
        if found != wanted:
            state = "has no tables yet" if found is None else f"is at version {found}, not {wanted}"
            raise DatabaseProblem(f"The database {state}: run `nudger upgrade`.")

    def revision(self) -> str | None:
        """The version of its schema, `None` before it has one. Raises `DatabaseProblem`."""
        try:
            with self.engine.connect() as connection:
                return MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError as error:
            raise self.problem(error) from error

    def problem(self, error: SQLAlchemyError) -> DatabaseProblem:
        """What an error of this database means, in one line."""
        return _problem(self.url, error)


@cache
def _head() -> str | None:
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_alembic_config())


def _made_by_newer(found: str | None) -> str:
    """What somebody reads who went back to an older version of the program first."""
    return (
        f"The database is at version {found}, which a newer Nudger made; this one knows "
        f"{_head()}. Install the newer one, or with it run `nudger db downgrade {_head()}`."
    )


def _problem(url: str, error: SQLAlchemyError) -> DatabaseProblem:
    parsed = make_url(url)
    shown = parsed.render_as_string(hide_password=True)
    cause = " ".join(str(getattr(error, "orig", None) or error).split())
    if "locked" in cause:
        says = f"The database {shown} is locked by another program: stop it, then try again."
        return DatabaseProblem(says, may_pass=True)
    says = f"The database {shown} cannot be used: {cause}. Check `database` in nudger.toml."
    on_a_server = parsed.get_backend_name() != "sqlite"
    return DatabaseProblem(says, may_pass=on_a_server and isinstance(error, OperationalError))


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


_CONNECTIONS: dict[str, Any] = {
    "pool_size": KEPT_CONNECTIONS,
    "max_overflow": MORE_CONNECTIONS,
    "pool_use_lifo": True,
    "hide_parameters": True,
}
"""The connection that was used last knows best what is in the file. An error that reaches a log or
a row names the statement, not what people wrote."""  # fmt: skip


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True, **_CONNECTIONS)
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseProblem(NOT_A_URL) from error
    except ModuleNotFoundError as error:
        raise DatabaseProblem(
            f"The database's driver {error.name} is not installed: "
            "for PostgreSQL, pip install 'nudger[postgresql]'."
        ) from error
    _keep_to_ourselves(parsed.database)
    own = {"timeout": BUSY_SECONDS, "cached_statements": KEPT_STATEMENTS}
    engine = create_engine(parsed, connect_args=own, **_CONNECTIONS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _next_writer(url: URL) -> NextWriter | None:
    """Where other processes may share the file."""
    if not _is_file(url.database):
        return None
    return NextWriter(Path(url.database).parent, BUSY_SECONDS)


def _is_file(database: str | None) -> TypeGuard[str]:
    return bool(database) and database != ":memory:" and not str(database).startswith("file:")


def _keep_to_ourselves(file: str | None) -> None:
    """Make a new database file readable by its owner alone; SQLite gives the files beside it the
    same mode."""
    if _is_file(file):
        with suppress(OSError):
            Path(file).touch(mode=0o600, exist_ok=True)


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    # What may be taken back is kept aside here, not in a file of people's words beside the others.
    "temp_store=MEMORY",
)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
