"""Taking back what is not sent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select, update

from nudger.domain.mails import PROACTIVE, MailKind, MailState
from nudger.store import tables
from nudger.store.written_out import is_unsent

_OTHER_LINK = tables.mail_meeting.alias()
_UNSENT_OF_KINDS = is_unsent(tables.mail) & tables.mail.c.kind.in_(
    bindparam("kinds", expanding=True)
)
_UNSENT_ABOUT = (
    select(
        tables.mail.c.id,
        select(_OTHER_LINK.c.mail_id)
        .where(
            _OTHER_LINK.c.mail_id == tables.mail.c.id,
            _OTHER_LINK.c.meeting_id != bindparam("about"),
        )
        .exists(),
        tables.mail.c.lease_owner.is_not(None),
    )
    .join(tables.mail_meeting, tables.mail_meeting.c.mail_id == tables.mail.c.id)
    .where(tables.mail_meeting.c.meeting_id == bindparam("about"), _UNSENT_OF_KINDS)
)
_WITHDRAWING = (
    update(tables.mail)
    .where(tables.mail.c.id.in_(bindparam("ids", expanding=True)), _UNSENT_OF_KINDS)
    .values(fence=tables.mail.c.fence + 1)
)


def withdraw(
    tx: Connection, meeting_id: int, reason: str, kinds: Sequence[MailKind] = tuple(MailKind)
) -> int:
    """Take back what was not yet sent about a meeting, of these kinds; returns how many mails. A
    mail about others too goes on without it; one whose text is fixed stays whole.

    The fence moves on, so that a worker that is about to draft one of them stops.
    """
    columns, links = tables.mail.c, tables.mail_meeting.c
    wanted = {"about": meeting_id, "kinds": [kind.value for kind in kinds]}
    rows = tx.execute(_UNSENT_ABOUT, wanted).all()
    shared = [mail_id for mail_id, is_shared, _ in rows if is_shared]
    if shared:
        ours = columns.kind.in_([kind.value for kind in PROACTIVE])
        unwritten = columns.id.in_(shared) & (columns.state == MailState.DUE.value) & ours
        ids = select(columns.id).where(unwritten)
        mine = links.mail_id.in_(ids) & (links.meeting_id == meeting_id)
        tx.execute(delete(tables.mail_meeting).where(mine))
        if any(is_shared and is_held for _, is_shared, is_held in rows):
            tx.execute(update(tables.mail).where(unwritten).values(fence=columns.fence + 1))
    alone = [mail_id for mail_id, is_shared, _ in rows if not is_shared]
    if not alone:
        return 0
    state = MailState.WITHDRAWN.value
    taken = {"ids": alone, "kinds": wanted["kinds"], "state": state, "reason": reason}
    return tx.execute(_WITHDRAWING, taken).rowcount


def cancel(tx: Connection, once: str, reason: str) -> None:
    """Take back one mail that nobody has begun to send."""
    columns = tables.mail.c
    waiting = (columns.once == once) & (columns.state == MailState.DUE.value)
    values = {"state": MailState.WITHDRAWN.value, "reason": reason, "fence": columns.fence + 1}
    tx.execute(update(tables.mail).where(waiting).values(values))
