"""That nobody else adds the same meeting at the same time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, func, select

from nudger.domain.meeting_copies import Identity

_ADDING = 0x6E756467
"""The advisory lock of whoever adds meetings: "nudg"."""
MOST_LOCKS = 200
"""A server has room for some thousands in all; who needs more has all others wait."""
_LOCK_EACH = select(
    func.pg_advisory_xact_lock_shared(_ADDING),
    func.pg_advisory_xact_lock(
        func.unnest(bindparam("locks", type_=ARRAY(BigInteger))).column_valued("lock")
    ),
)


def add_alone(tx: Connection, identities: Iterable[Identity]) -> None:
    """Have nobody else add meetings with these identities until this transaction ends: the same
    meeting may be new in two calendars that are read at once. To be called once in a transaction,
    before it has changed anything. SQLite lets one transaction write anyway."""
    if tx.dialect.name != "postgresql":
        return
    texts = {text for one in identities for text in (one.meeting_key, one.fingerprint)}
    if len(texts) > MOST_LOCKS:
        tx.execute(select(func.pg_advisory_xact_lock(_ADDING)))
    elif texts:
        # In one order everywhere, or two that add the same would wait for each other.
        tx.execute(_LOCK_EACH, {"locks": sorted(map(_lock_of, texts))})


def _lock_of(text: str) -> int:
    """The number of an advisory lock, which has 64 bits."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)
