"""Claiming the mails that are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from nudger.domain.mails import PROACTIVE, RESPONSES, MailKind
from nudger.store import tables
from nudger.store.controls import may_be_sent
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.outbox.mail import Mail, mail_of
from nudger.store.written_out import is_unsent

_CLAIMING = 0x6D61696C
"""The advisory lock of whoever claims mails: "mail"."""


def claim_mails(
    tx: Connection,
    claimant: Claimant,
    limit: int,
    kinds: Sequence[MailKind] = tuple(MailKind),
    only: int | None = None,
) -> list[tuple[Lease, Mail]]:
    """Claim what is due, of these kinds, or `only` this mail if it is. Mails of our own accord to
    one rep are sent by one worker at a time, or two of them would each find that none went out
    within the hour; and after an announcement that is due to the same rep."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))
    claimed = claim(tx, tables.mail, due_kinds(claimant, kinds), claimant, limit, only)
    return [(lease, mail_of(row)) for lease, row in claimed]


_OTHER_MAIL = tables.mail.alias()


def due_kinds(claimant: Claimant, kinds: Sequence[MailKind]) -> ColumnElement[bool]:
    """Whether a mail is one of these and may go out now."""
    columns, other = tables.mail.c, _OTHER_MAIL
    ours = [kind.value for kind in PROACTIVE]
    is_held = is_unsent(other) & ~claimant.finds_free(other)
    held_by_another = select(other.c.rep_id).where(other.c.kind.in_(ours) & is_held)
    answers_at_once = columns.kind.in_([kind.value for kind in RESPONSES])
    due = (columns.due_at <= claimant.now) | (answers_at_once & claimant.is_due(tables.mail))
    due &= is_unsent(tables.mail) & columns.kind.in_([kind.value for kind in kinds])
    due &= may_be_sent(tables.mail)
    due &= columns.kind.not_in(ours) | columns.rep_id.not_in(held_by_another)
    announces = is_unsent(other) & (other.c.due_at <= claimant.now)
    announces &= other.c.kind == MailKind.ANNOUNCEMENT.value
    later = columns.kind.in_(ours) & (columns.kind != MailKind.ANNOUNCEMENT.value)
    return due & (~later | columns.rep_id.not_in(select(other.c.rep_id).where(announces)))


def last_due(tx: Connection) -> datetime | None:
    """When the last mail that waits is due."""
    columns = tables.mail.c
    last: datetime | None = tx.scalar(
        select(func.max(columns.due_at)).where(is_unsent(tables.mail))
    )
    return last


def due_mails(tx: Connection, now: datetime) -> list[Mail]:
    """What `claim_mails` would take, without taking it, and what a switch holds."""
    columns = tables.mail.c
    due = is_unsent(tables.mail) & (columns.due_at <= now)
    return [mail_of(r) for r in tx.execute(select(tables.mail).where(due).order_by(columns.due_at))]
