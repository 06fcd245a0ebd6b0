"""Tokens of people who connected their own account, sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from nudger.store import tables
from nudger.store.vault import Vault


class Secrets:
    """Keeps one secret text a name, as in "google:ana@ourco.com"."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def get(self, tx: Connection, name: str) -> str | None:
        """Raises `SealBroken` when the key is not the one it was sealed with."""
        sealed = tx.scalar(select(tables.secret.c.sealed).where(tables.secret.c.name == name))
        return None if sealed is None else self._vault.open(sealed, f"secret:{name}").decode()

    def names(self, tx: Connection) -> frozenset[str]:
        """Those that are kept, unopened."""
        return frozenset(tx.execute(select(tables.secret.c.name)).scalars())

    def put(self, tx: Connection, name: str, value: str, now: datetime) -> None:
        values = {"sealed": self._vault.seal(value.encode(), f"secret:{name}"), "updated_at": now}
        changed = tx.execute(
            update(tables.secret).where(tables.secret.c.name == name).values(**values)
        )
        if changed.rowcount == 0:
            tx.execute(insert(tables.secret).values(name=name, **values))

    def forget(self, tx: Connection, name: str) -> None:
        tx.execute(delete(tables.secret).where(tables.secret.c.name == name))
