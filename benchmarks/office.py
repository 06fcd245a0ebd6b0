"""Nudger set up against a sandbox with a fleet of reps."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nudger.config import load_settings
from nudger.domain.event import Provider
from nudger.runtime.accounts import open_accounts
from nudger.runtime.context import Context, current_time
from nudger.sandbox.google.oauth import new_service_account
from nudger.sandbox.microsoft.identity import app_credentials
from nudger.store import people
from nudger.store.data_keys import use_data_keys
from nudger.store.database import Database
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key

SETTINGS = """
write_back = "meeting"
time_zone = "Europe/Berlin"
[{provider}]
mailbox = "nudger@ourco.example"
{endpoints}
[scan]
every_seconds = 5
"""


ENDPOINTS = {
    "google": 'api_root = "{root}"',
    "microsoft": 'graph_root = "{root}/v1.0"\nauthority = "{root}"\n'
    "outlook_may_notify_guests = true",
}


def rep_address(number: int) -> str:
    return f"rep{number:04d}@ourco.example"


@contextmanager
def office(url: str, reps: int, provider: str) -> Iterator[Context]:
    with tempfile.TemporaryDirectory(prefix="nudger-bench-") as name:
        folder = Path(name)
        endpoints = ENDPOINTS[provider].format(root=url)
        text = SETTINGS.format(provider=provider, endpoints=endpoints)
        (folder / "nudger.toml").write_text(text)
        credentials = {
            "google_service_account": new_service_account(url),
            "microsoft_app": app_credentials(),
        }
        (folder / "credentials.json").write_text(json.dumps(credentials))
        (folder / "nudger.key").write_text(new_key())
        settings = load_settings(folder / "nudger.toml")
        vault = load_vault(settings.key, settings.key_file)
        database = Database(settings.database)
        database.upgrade()
        use_data_keys(vault, database, current_time())
        accounts = open_accounts(settings, database, vault, current_time)
        ctx = Context(settings, database, vault, accounts)
        with database.begin() as tx:
            people.set_domains(tx, ["ourco.example"], "ours", ctx.clock())
            for number in range(reps):
                people.add_rep(tx, NewRep(rep_address(number), Provider(provider)), ctx.clock())
        try:
            yield ctx
        finally:
            database.close()
