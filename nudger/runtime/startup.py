"""From settings to what every job is given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from nudger.config import Settings
from nudger.runtime.accounts import open_accounts
from nudger.runtime.chat_tokens import with_kept_tokens
from nudger.runtime.context import Context, current_time
from nudger.runtime.pool import Pool
from nudger.store.data_keys import use_data_keys
from nudger.store.database import Database
from nudger.store.secrets import Secrets
from nudger.store.vault import load_vault


@contextmanager
def open_context(
    settings: Settings,
    clock: Callable[[], datetime] = current_time,
    stop: threading.Event | None = None,
) -> Iterator[Context]:
    """A context on a database that is brought to this version's schema, and closed at the end.

    Raises `KeyProblem`, `SealBroken`, `DatabaseProblem`, and `ConfigProblem` for credentials.
    """
    vault = load_vault(settings.key, settings.key_file, settings.key_command)
    database = Database(settings.database)
    pool = Pool(settings.at_once)
    try:
        database.upgrade()
        use_data_keys(vault, database, clock())
        with database.read() as tx:
            settings = with_kept_tokens(settings, Secrets(vault), tx)
        accounts = open_accounts(settings, database, vault, clock)
        yield Context(
            settings,
            database,
            vault,
            accounts,
            clock=clock,
            pool=pool,
            stop=stop or threading.Event(),
        )
    finally:
        pool.close()
        database.close()
