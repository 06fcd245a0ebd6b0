"""For whom the organization's credentials may be used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from nudger.config import Settings
from nudger.providers.base import AccessDenied
from nudger.store import people
from nudger.store.database import Database

Clock = Callable[[], datetime]

REPS_READ_EVERY = timedelta(seconds=5)


class Subjects:
    """For whom the organization's credentials may be used: our reps and the shared mailboxes. They
    would open everybody's mail. Who is a rep is read every few seconds, not for each calendar."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._mailboxes = {settings.google.mailbox, settings.microsoft.mailbox}
        self._database = database
        self._clock = clock
        self._reps: frozenset[str] = frozenset()
        self._read_at: datetime | None = None

    def require(self, person: str) -> None:
        """Raises `AccessDenied` for anybody else."""
        if person in self._mailboxes:
            return
        if not (self._is_fresh() and person in self._reps) and person not in self._read():
            raise AccessDenied(
                f"{person} is neither a rep nor the shared mailbox: we do not act for them."
            )

    def _is_fresh(self) -> bool:
        return self._read_at is not None and abs(self._clock() - self._read_at) < REPS_READ_EVERY

    def _read(self) -> frozenset[str]:
        with self._database.read() as tx:
            self._reps, self._read_at = people.addresses(tx), self._clock()
        return self._reps
