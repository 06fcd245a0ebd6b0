"""The database as a whole: moved to another one, backed up into a file, restored from it.

The key is never in it: a backup without the key cannot be read by anybody, and with both everything
can. So they are kept apart.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from nudger.admin.controls import pause_sending
from nudger.store.copying import Tell, copy_rows, held_until, pulse, refuse_unless_empty
from nudger.store.data_keys import use_data_keys
from nudger.store.database import Database, DatabaseProblem
from nudger.store.vault import SealBroken, Vault

AT_WORK = (
    "A worker works on this database: stop every `nudger run` first, so that nothing is done after "
    "the copy that it does not know of. Nothing was copied."
)


def copy_database(source: Database, target_url: str, now: datetime, tell: Tell) -> dict[str, int]:
    """Copy everything into an empty database, and return the number of rows by table. No worker may
    be at work: what it did after the copy would be done twice.

    Raises `DatabaseProblem`.
    """
    with source.read() as tx:
        held, before = held_until(tx), pulse(tx)
    if held is not None and held > now:
        raise DatabaseProblem(AT_WORK)

    def refuse_if_changed() -> None:
        with source.read() as tx:
            if pulse(tx) != before:
                raise DatabaseProblem(AT_WORK)

    with closing(Database(target_url)) as target:
        return copy_rows(source, target, tell, refuse_if_changed)


def back_up(source: Database, file: Path, tell: Tell) -> dict[str, int]:
    """Write one moment of the database, whichever it is, into a new SQLite file that its owner
    alone can read; workers go on. Returns the number of rows by table.

    Raises `DatabaseProblem`; there is no such file then.
    """
    if file.exists():
        raise DatabaseProblem(f"{file} exists already: name a new file.")
    if not file.parent.is_dir():
        raise DatabaseProblem(f"There is no folder {file.parent}.")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(Database(f"sqlite:///{part.resolve()}")) as target:
            rows = copy_rows(source, target, tell)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return rows


def restore(file: Path, target_url: str, vault: Vault, now: datetime, tell: Tell) -> dict[str, int]:
    """Bring a backup, of this version or an older one, into an empty database, with sending paused:
    a backup does not know what was sent after it. Returns the number of rows by table.

    Raises `DatabaseProblem`, and `SealBroken` where the key is not the one of then.
    """
    with closing(Database(target_url)) as target:
        refuse_unless_empty(target)
        with _opened_copy(file) as source:
            _require_key(vault, source, now)
            pause_sending(source, None, now)
            return copy_rows(source, target, tell)


@contextmanager
def _opened_copy(file: Path) -> Iterator[Database]:
    """A copy of the backup, brought to this version's schema; the file itself stays as it is."""
    if not file.is_file():
        raise DatabaseProblem(f"There is no file {file}.")
    with tempfile.TemporaryDirectory(prefix="nudger-") as folder:
        copied = shutil.copy(file, Path(folder) / "backup.db")
        with closing(Database(f"sqlite:///{copied}")) as source:
            revision = None
            with suppress(DatabaseProblem):
                revision = source.revision()
            if revision is None:
                raise DatabaseProblem(f"{file} is no backup of Nudger.")
            source.upgrade()
            yield source


def _require_key(vault: Vault, source: Database, now: datetime) -> None:
    try:
        use_data_keys(vault, source, now)
    except SealBroken as error:
        raise SealBroken(
            "The key is not the one that this backup was sealed with: put the right one back. "
            "Nothing was changed."
        ) from error
