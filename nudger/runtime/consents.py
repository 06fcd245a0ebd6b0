"""What people who connected gave us, and the command by which they do."""

from __future__ import annotations

from datetime import datetime

from nudger.domain.event import Provider
from nudger.providers.base import ReconnectNeeded
from nudger.store.database import Database
from nudger.store.secrets import Secrets
from nudger.store.vault import Vault


class Consents:
    """What people who connected gave us, sealed in the database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._secrets = Secrets(vault)

    def of(self, provider: Provider, person: str) -> str:
        """Raises `ReconnectNeeded` where there is none."""
        with self._database.read() as tx:
            stored = self._secrets.get(tx, consent_name(provider, person))
        if stored is None:
            command = connect_command(provider, person)
            raise ReconnectNeeded(f"{person} has not connected yet: run `{command}`.")
        return stored

    def keep(self, provider: Provider, person: str, consent: str, now: datetime) -> None:
        with self._database.begin() as tx:
            self._secrets.put(tx, consent_name(provider, person), consent, now)


def consent_name(provider: Provider, person: str) -> str:
    """The name under which a person's consent is kept."""
    return f"{provider.value}:{person}"


def connect_command(provider: Provider, person: str) -> str:
    """What a person runs to give consent."""
    return f"nudger connect {'google' if provider is Provider.GOOGLE else 'outlook'} {person}"
