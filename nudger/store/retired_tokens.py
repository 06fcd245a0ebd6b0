"""The tokens of mails to reps who were removed: by them a late reply is known for what it is.

Only hashes are kept, and not whose they were.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, literal, select

from nudger.store import tables


def retire(tx: Connection, rep_ids: Collection[int], sent_since: datetime, now: datetime) -> None:
    """Keep the tokens of what was sent to these reps since a moment, as their mails go."""
    mail = tables.mail.c
    known = select(tables.retired_token.c.token_hash)
    theirs = mail.rep_id.in_(rep_ids) & mail.recipient.is_(None) & (mail.sent_at >= sent_since)
    found = select(mail.token_hash, literal(now, tables.retired_token.c.retired_at.type)).where(
        theirs & mail.token_hash.is_not(None) & mail.token_hash.not_in(known)
    )
    tx.execute(insert(tables.retired_token).from_select(["token_hash", "retired_at"], found))


def is_retired(tx: Connection, token_hash: str) -> bool:
    found = select(tables.retired_token).where(tables.retired_token.c.token_hash == token_hash)
    return tx.execute(found).first() is not None
