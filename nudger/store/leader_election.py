"""Which workers there are, and which one leads: locks that PostgreSQL keeps as long as a session
lives, so that a worker that was killed is missed at once."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from nudger.store.database import Database

log = logging.getLogger(__name__)

_LEADING = 0x6C656164
"""The advisory lock of whoever leads: "lead"."""
_HERE = 0x68657265
"""The first half of the locks of all that are here: "here"."""


class Presence:
    """This process among the workers, by a session of its own. Not for several threads."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner
        self._session: Connection | None = None
        self._leads = False

    def leads(self) -> bool:
        """Whether this process leads, as the only one; it tries to. False while the database cannot
        be asked."""
        try:
            session = self._session or self._begin()
            if self._leads:
                session.execute(text("SELECT 1"))
            else:
                lock = text("SELECT pg_try_advisory_lock(:lock)")
                self._leads = bool(session.scalar(lock, {"lock": _LEADING}))
        except SQLAlchemyError as error:
            log.warning("whether this worker leads cannot be asked: %s", type(error).__name__)
            self.close()
        return self._leads

    def here(self, owners: Iterable[str]) -> set[str]:
        """Those of the owners whose processes live."""
        session = self._session or self._begin()
        held = session.scalars(
            text(
                "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND objsubid = 2 AND classid = :here AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            ),
            {"here": _HERE},
        )
        numbers = set(held)
        return {owner for owner in owners if zlib.crc32(owner.encode()) in numbers}

    def close(self) -> None:
        """Leave, and let another lead."""
        session, self._session, self._leads = self._session, None, False
        if session is not None:
            session.invalidate()
            session.close()

    def _begin(self) -> Connection:
        session = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._session = session
        number = zlib.crc32(self._owner.encode())
        signed = number - 2**32 if number >= 2**31 else number
        session.execute(
            text("SELECT pg_advisory_lock_shared(:here, :owner)"), {"here": _HERE, "owner": signed}
        )
        return session
