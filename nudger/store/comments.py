"""Managers' comments on calls: mails of their own kind, found by the call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select, update

from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.outbox import Mail, mail_of


def comments_on(tx: Connection, meeting_ids: Collection[int]) -> Mapping[int, Sequence[Mail]]:
    """By the call, in the order in which they were put; what was merged is in what it went into."""
    columns, links = tables.mail.c, tables.mail_meeting.c
    found: dict[int, list[Mail]] = defaultdict(list)
    for chunk in chunks(meeting_ids):
        rows = tx.execute(
            select(tables.mail, links.meeting_id)
            .join(tables.mail_meeting, links.mail_id == columns.id)
            .where(columns.kind == MailKind.COMMENT.value, links.meeting_id.in_(chunk))
            .order_by(columns.id)
        )
        for row in rows:
            found[row.meeting_id].append(mail_of(row))
    return found


def withdraw_comments(tx: Connection, rep_id: int, reason: Reason) -> None:
    """Take back what was not yet sent to this rep. The fence moves on, so that a worker that is
    about to draft one of them stops."""
    columns = tables.mail.c
    unsent = columns.state.in_(UNSENT) & (columns.kind == MailKind.COMMENT.value)
    values = {
        "state": MailState.WITHDRAWN.value,
        "reason": reason.value,
        "fence": columns.fence + 1,
    }
    tx.execute(update(tables.mail).where(unsent & (columns.rep_id == rep_id)).values(values))
