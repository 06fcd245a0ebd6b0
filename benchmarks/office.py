"""Nudger set up against a sandbox with a fleet of reps."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nudger.config import load_settings
from nudger.domain.event import Provider
from nudger.jobs.accounts import open_accounts
from nudger.jobs.context import Context, current_time
from nudger.sandbox.google.oauth import service_account_info
from nudger.store import people
from nudger.store.database import Database
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key

SETTINGS = """
write_back = "meeting"
time_zone = "Europe/Berlin"
[google]
mailbox = "nudger@ourco.example"
api_root = "{root}"
[scan]
every_seconds = 5
"""


def rep_address(number: int) -> str:
    return f"rep{number:04d}@ourco.example"


@contextmanager
def office(url: str, reps: int) -> Iterator[Context]:
    with tempfile.TemporaryDirectory(prefix="nudger-bench-") as name:
        folder = Path(name)
        (folder / "nudger.toml").write_text(SETTINGS.format(root=url))
        account = service_account_info(url)
        (folder / "credentials.json").write_text(json.dumps({"google_service_account": account}))
        (folder / "nudger.key").write_text(new_key())
        settings = load_settings(folder / "nudger.toml")
        vault = load_vault(settings.key, settings.key_file)
        database = Database(settings.database)
        database.upgrade()
        accounts = open_accounts(settings, database, vault, current_time)
        ctx = Context(settings, database, vault, accounts)
        with database.begin() as tx:
            people.set_domains(tx, ["ourco.example"], "ours", ctx.clock())
            for number in range(reps):
                people.add_rep(tx, NewRep(rep_address(number), Provider.GOOGLE), ctx.clock())
        try:
            yield ctx
        finally:
            database.close()
