"""Mails that came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from nudger.store import tables


def set_bounced(tx: Connection, mail_id: int, now: datetime) -> None:
    tx.execute(update(tables.mail).where(tables.mail.c.id == mail_id).values(bounced_at=now))


def bouncing_since(tx: Connection, rep_id: int, count: int) -> datetime | None:
    """When the first of the last `count` mails to the rep came back that did; `None` where fewer
    are known to."""
    columns = tables.mail.c
    theirs = (columns.rep_id == rep_id) & columns.recipient.is_(None)
    found = select(columns.bounced_at).where(theirs & columns.bounced_at.is_not(None))
    moments = tx.scalars(found.order_by(columns.bounced_at.desc()).limit(count)).all()
    return moments[-1] if count and len(moments) == count else None
