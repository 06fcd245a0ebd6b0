"""Mails to send. Each is one row, unique by what it is for, and goes through

due -> drafting -> drafted -> sent, or ends as expired, withdrawn, merged, in_doubt or failed.

The row says what we are about to do before we do it, so that after a crash the provider can be
asked what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from nudger.domain.mails import (
    ENDED_UNSENT,
    PROACTIVE,
    RESPONSES,
    UNSENT,
    MailKind,
    MailState,
)
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.controls import may_be_sent
from nudger.store.insert_if_absent import key_if_added
from nudger.store.leases import Claimant, Lease, claim
from nudger.store.many_rows import add_rows, new_ids
from nudger.store.written_out import is_unsent

_CLAIMING = 0x6D61696C
"""The advisory lock of whoever claims mails: "mail"."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox. `once` is what makes it unique, as in "question:12". `recipient` is
    the address that it goes to where that is not the rep's; the rep is then one of those whom it
    is about. `own_lines` is sealed like `content`. `is_batch` says that several mails were merged
    into it, so that it stands for none of their meetings alone, `token_void` that replies to it
    count no more, `bounced_at` when it was reported that it cannot be delivered."""

    id: int
    kind: MailKind
    once: str
    rep_id: int
    state: MailState
    reason: str
    due_at: datetime
    attempts: int
    content: bytes | None = None
    token_hash: str | None = None
    rfc_message_id: str | None = None
    draft_id: str | None = None
    thread_id: str | None = None
    sent_at: datetime | None = None
    recipient: str | None = None
    own_lines: bytes | None = None
    is_batch: bool = False
    token_void: bool = False
    bounced_at: datetime | None = None

    @property
    def reader_id(self) -> int | None:
        """The rep whom it goes to, `None` where it goes to somebody else."""
        return self.rep_id if self.recipient is None else None


@dataclass(frozen=True, slots=True)
class NewMail:
    kind: MailKind
    once: str
    rep_id: int
    due_at: datetime
    reason: str
    meeting_ids: Sequence[int] = ()
    content: bytes | None = None
    recipient: str | None = None


def put(tx: Connection, new: NewMail) -> int | None:
    """Add a mail to send; `None` when this one was put already."""
    mail_id: int | None = key_if_added(tx, tables.mail, _row(new))
    if mail_id is not None:
        _link(tx, {mail_id: new.meeting_ids})
    return mail_id


def put_new(tx: Connection, mails: Sequence[NewMail]) -> list[int]:
    """Add mails of which none was put before; returns their ids in the same order."""
    if not mails:
        return []
    ids = new_ids(tx, tables.mail, len(mails))
    numbered = list(zip(ids, mails, strict=True))
    add_rows(tx, tables.mail, [{"id": mail_id, **_row(new)} for mail_id, new in numbered])
    _link(tx, {mail_id: new.meeting_ids for mail_id, new in numbered})
    return list(ids)


def _row(new: NewMail) -> dict[str, Any]:
    return {
        "kind": new.kind.value,
        "once": new.once,
        "rep_id": new.rep_id,
        "recipient": new.recipient,
        "due_at": new.due_at,
        "reason": new.reason,
        "content": new.content,
        "state": MailState.DUE.value,
    }


def _link(tx: Connection, meetings: Mapping[int, Sequence[int]]) -> None:
    """Have each mail be about these meetings, numbered in their order."""
    links = [
        {"mail_id": mail_id, "meeting_id": meeting_id, "number": number}
        for mail_id, meeting_ids in meetings.items()
        for number, meeting_id in enumerate(meeting_ids, start=1)
    ]
    add_rows(tx, tables.mail_meeting, links)


@dataclass(frozen=True, slots=True)
class Retiming:
    """Another moment, or another rep, for a mail that nobody has begun to send."""

    once: str
    rep_id: int
    due_at: datetime
    reason: str


def retime(tx: Connection, once: str, rep_id: int, due_at: datetime, reason: str) -> None:
    """Move a mail that nobody has begun to send to another moment or another rep."""
    retime_many(tx, [Retiming(once, rep_id, due_at, reason)])


def retime_many(tx: Connection, retimings: Sequence[Retiming]) -> None:
    """The same of several mails."""
    if not retimings:
        return
    columns = tables.mail.c
    unbegun = or_(columns.state == MailState.DUE, columns.state == MailState.WITHDRAWN)
    moved = (
        update(tables.mail)
        .where((columns.once == bindparam("of")) & unbegun)
        .values(
            due_at=bindparam("at"),
            rep_id=bindparam("to"),
            reason=bindparam("why"),
            state=MailState.DUE.value,
        )
    )
    rows = [
        {"of": one.once, "to": one.rep_id, "at": one.due_at, "why": one.reason} for one in retimings
    ]
    tx.execute(moved, rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that nobody has begun to send, with the starts of its meetings by their ids."""

    once: str
    due_at: datetime
    reason: str
    starts: Mapping[int, datetime]


_WAITING_QUESTIONS = (
    select(
        tables.mail.c.once,
        tables.mail.c.due_at,
        tables.mail.c.reason,
        tables.meeting.c.id,
        tables.meeting.c.start_at,
    )
    .join(tables.mail_meeting, tables.mail_meeting.c.mail_id == tables.mail.c.id)
    .join(tables.meeting, tables.meeting.c.id == tables.mail_meeting.c.meeting_id)
    .where(
        tables.mail.c.kind == MailKind.QUESTION.value,
        tables.mail.c.state == MailState.DUE.value,
        is_unsent(tables.mail),
        tables.mail.c.rep_id == bindparam("of"),
    )
    .order_by(tables.mail.c.id)
)


def waiting_questions(tx: Connection, rep_id: int) -> list[Waiting]:
    """The rep's waiting questions, the oldest first."""
    rows = tx.execute(_WAITING_QUESTIONS, {"of": rep_id})
    found: dict[str, Waiting] = {}
    for once, due_at, reason, meeting_id, start in rows:
        before = found[once].starts if once in found else {}
        found[once] = Waiting(once, due_at, reason, {**before, meeting_id: start})
    return list(found.values())


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


def resume_deferred(tx: Connection, rep_id: int, put_off_until: datetime, now: datetime) -> None:
    """Look again at the rep's mails that were put off until a moment."""
    columns = tables.mail.c
    waiting = (columns.rep_id == rep_id) & (columns.due_at == put_off_until)
    tx.execute(update(tables.mail).where(waiting, is_unsent(tables.mail)).values(due_at=now))


def is_waiting(tx: Connection, kind: MailKind, meeting_id: int) -> bool:
    """Whether a mail of this kind about the meeting is to be sent, alone or with others."""
    return any(mail.kind is kind and mail.state in UNSENT for mail in about_meeting(tx, meeting_id))


def waiting_question(tx: Connection, meeting_id: int) -> str | None:
    """What makes the latest question about this meeting alone unique, which nobody has begun to
    send, or which was taken back."""
    found = [
        mail.once
        for mail in about_meeting(tx, meeting_id)
        if mail.kind is MailKind.QUESTION
        and mail.state in (MailState.DUE, MailState.WITHDRAWN)
        and not mail.is_batch
    ]
    return found[-1] if found else None


def reopen(tx: Connection, once: str, meeting_id: int, due_at: datetime) -> None:
    """Have a mail that was taken back, merged or expired, and not sent, go out by itself."""
    columns, links = tables.mail.c, tables.mail_meeting.c
    ended = columns.state.in_([state.value for state in ENDED_UNSENT])
    mail_id = tx.scalar(select(columns.id).where((columns.once == once) & ended))
    if mail_id is None:
        return
    values = {"state": MailState.DUE.value, "due_at": due_at, "attempts": 0}
    tx.execute(update(tables.mail).where(columns.id == mail_id).values(values))
    if not tx.execute(select(links.mail_id).where(links.mail_id == mail_id)).first():
        link = {"mail_id": mail_id, "number": 1, "meeting_id": meeting_id}
        tx.execute(insert(tables.mail_meeting).values(link))


def waiting(tx: Connection, kinds: Sequence[MailKind]) -> list[Mail]:
    """The mails of these kinds that are not sent yet, due or not."""
    columns = tables.mail.c
    unsent = is_unsent(tables.mail) & columns.kind.in_([kind.value for kind in kinds])
    return [mail_of(row) for row in tx.execute(select(tables.mail).where(unsent))]


def of_kind(tx: Connection, kind: MailKind) -> list[Mail]:
    """Every mail of this kind, in whatever state, in the order in which they were put."""
    columns = tables.mail.c
    found = select(tables.mail).where(columns.kind == kind.value).order_by(columns.id)
    return [mail_of(row) for row in tx.execute(found)]


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


def set_content(tx: Connection, mail_id: int, content: bytes) -> None:
    """Replace what a mail that is not sent yet will say; `content` is sealed."""
    tx.execute(update(tables.mail).where(tables.mail.c.id == mail_id).values(content=content))


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


def mail_of(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        kind=MailKind(row.kind),
        once=row.once,
        rep_id=row.rep_id,
        state=MailState(row.state),
        reason=row.reason,
        due_at=row.due_at,
        attempts=row.attempts,
        content=row.content,
        token_hash=row.token_hash,
        rfc_message_id=row.rfc_message_id,
        draft_id=row.draft_id,
        thread_id=row.thread_id,
        sent_at=row.sent_at,
        recipient=row.recipient,
        own_lines=row.own_lines,
        is_batch=row.is_batch,
        token_void=row.token_void,
        bounced_at=row.bounced_at,
    )


def state_of(tx: Connection, once: str) -> MailState | None:
    state = tx.scalar(select(tables.mail.c.state).where(tables.mail.c.once == once))
    return None if state is None else MailState(state)


def due_at_of(tx: Connection, once: str) -> datetime | None:
    due_at: datetime | None = tx.scalar(
        select(tables.mail.c.due_at).where(tables.mail.c.once == once)
    )
    return due_at
