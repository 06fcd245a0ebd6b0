"""Finding mails: by what was given to them, by what they are about, by what they wait for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from nudger.domain.mails import MailKind, MailState
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.outbox.mail import Mail, mail_of


def of_kind(tx: Connection, kind: MailKind) -> list[Mail]:
    """Every mail of this kind, in whatever state, in the order in which they were put."""
    columns = tables.mail.c
    found = select(tables.mail).where(columns.kind == kind.value).order_by(columns.id)
    return [mail_of(row) for row in tx.execute(found)]


_MEETINGS_OF = (
    select(tables.mail_meeting.c.meeting_id)
    .where(tables.mail_meeting.c.mail_id == bindparam("of"))
    .order_by(tables.mail_meeting.c.number)
)
_BY_ID = select(tables.mail).where(tables.mail.c.id == bindparam("wanted"))
_BY_TOKEN = select(tables.mail).where(tables.mail.c.token_hash == bindparam("wanted"))


def meeting_ids(tx: Connection, mail_id: int) -> list[int]:
    """The meetings that a mail asks about, in its numbered order."""
    return list(tx.scalars(_MEETINGS_OF, {"of": mail_id}))


def get_mail(tx: Connection, mail_id: int) -> Mail:
    return mail_of(tx.execute(_BY_ID, {"wanted": mail_id}).one())


def find_by_token(tx: Connection, token_hash: str) -> Mail | None:
    row = tx.execute(_BY_TOKEN, {"wanted": token_hash}).one_or_none()
    return None if row is None else mail_of(row)


def find_by_link(tx: Connection, link_hash: str) -> Mail | None:
    """The mail whose link to an answer page has this hash."""
    found = select(tables.mail).where(tables.mail.c.link_hash == link_hash)
    row = tx.execute(found).one_or_none()
    return None if row is None else mail_of(row)


def find_by_message_id(tx: Connection, rfc_message_id: str) -> Mail | None:
    """The mail to which we gave this Message-ID."""
    found = select(tables.mail).where(tables.mail.c.rfc_message_id == rfc_message_id)
    row = tx.execute(found).first()
    return None if row is None else mail_of(row)


def about_meeting(tx: Connection, meeting_id: int) -> list[Mail]:
    """Every mail about the meeting, oldest first."""
    about = select(tables.mail_meeting.c.mail_id).where(
        tables.mail_meeting.c.meeting_id == meeting_id
    )
    found = select(tables.mail).where(tables.mail.c.id.in_(about)).order_by(tables.mail.c.id)
    return [mail_of(row) for row in tx.execute(found)]


def about_meetings(
    tx: Connection, meeting_ids: Collection[int], states: Sequence[MailState] = tuple(MailState)
) -> dict[int, list[Mail]]:
    """Every mail in these states about each of the meetings, oldest first."""
    found: dict[int, list[Mail]] = {meeting_id: [] for meeting_id in meeting_ids}
    links, columns = tables.mail_meeting.c, tables.mail.c
    for chunk in chunks(meeting_ids):
        about = links.meeting_id.in_(chunk) & columns.state.in_([one.value for one in states])
        mails = select(tables.mail, links.meeting_id).join(
            tables.mail_meeting, links.mail_id == columns.id
        )
        for row in tx.execute(mails.where(about).order_by(columns.id)):
            found[row.meeting_id].append(mail_of(row))
    return found


def state_of(tx: Connection, once: str) -> MailState | None:
    state = tx.scalar(select(tables.mail.c.state).where(tables.mail.c.once == once))
    return None if state is None else MailState(state)


def due_at_of(tx: Connection, once: str) -> datetime | None:
    due_at: datetime | None = tx.scalar(
        select(tables.mail.c.due_at).where(tables.mail.c.once == once)
    )
    return due_at
