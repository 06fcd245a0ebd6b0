"""The moments of these tests, and mails as a step would leave them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from nudger.domain.mails import MailKind
from nudger.store import mail_groups, tables
from nudger.store.leases import Claimant

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


def states(tx):
    """Every mail by what makes it unique: its state, its reason and its fence."""
    columns = tables.mail.c
    rows = tx.execute(sa.select(columns.once, columns.state, columns.reason, columns.fence))
    return {row.once: (row.state, row.reason, row.fence) for row in rows}


def bring_to(tx, once, **values):
    """Have a mail be as a step would leave it."""
    tx.execute(sa.update(tables.mail).where(tables.mail.c.once == once).values(**values))


def merge_all(tx):
    mails = [
        mail.id
        for mail in mail_groups.due_unclaimed(tx, Claimant("w", NOW), NOW, (MailKind.QUESTION,))
    ]
    mail_groups.merge(tx, mails[0], mails[1:])
    return mails
