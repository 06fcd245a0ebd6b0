"""What was sent, to whom and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, func, select, union_all

from nudger.domain.mails import (
    ENDED_UNSENT,
    GATHERED_LATE,
    PROACTIVE,
    QUESTIONS,
    RESPONSES,
    MailKind,
    MailState,
)
from nudger.domain.responding import Response
from nudger.store import tables
from nudger.store.chunks import chunks
from nudger.store.outbox import Mail, about_meeting, mail_of
from nudger.store.people import Rep
from nudger.store.written_out import is_unsent


@dataclass(frozen=True, slots=True)
class LastSent:
    """When we last mailed somebody of our own accord: to ask, and to tell."""

    asked_at: datetime | None = None
    reported_at: datetime | None = None

    @property
    def latest(self) -> datetime | None:
        known = [at for at in (self.asked_at, self.reported_at) if at is not None]
        return max(known, default=None)


def last_sent(tx: Connection, rep: Rep, since: datetime, by: datetime) -> LastSent:
    """Of what was sent from `since` on. What was sent after `by` was sent by a clock that was
    ahead, and does not count."""
    sent_at: dict[str, datetime] = {}
    for kind, at in tx.execute(_last_sent(), {"since": since, "by": by, **_to(rep)}):
        sent_at[kind] = max(at, sent_at.get(kind, at))
    asked = [sent_at[kind] for kind in QUESTIONS if kind in sent_at]
    told = [sent_at[kind] for kind in GATHERED_LATE if kind in sent_at]
    return LastSent(max(asked, default=None), max(told, default=None))


@cache
def _last_sent() -> CompoundSelect[Any]:
    columns = tables.mail.c
    ours = columns.kind.in_([kind.value for kind in PROACTIVE])
    in_time = (columns.sent_at >= bindparam("since")) & (columns.sent_at <= bindparam("by"))
    sent = select(columns.kind, columns.sent_at).where(ours, in_time)
    return union_all(*(sent.where(half) for half in _GOES_TO))


def next_asking_at(tx: Connection, rep: Rep) -> datetime | None:
    """When the next mail that asks this person something is due."""
    columns = tables.mail.c
    waiting = is_unsent(tables.mail) & columns.kind.in_([kind.value for kind in QUESTIONS])
    firsts = (select(func.min(columns.due_at)).where(waiting, half) for half in _GOES_TO)
    found = (tx.scalar(first, _to(rep)) for first in firsts)
    return min((at for at in found if at is not None), default=None)


_GOES_TO = (
    (tables.mail.c.rep_id == bindparam("rep")) & tables.mail.c.recipient.is_(None),
    tables.mail.c.recipient.in_(bindparam("addresses", expanding=True)),
)
"""What goes to the rep as such, and what to them as somebody else, as a manager. Each half is asked
for by itself: no index serves both at once."""


def _to(rep: Rep) -> dict[str, Any]:
    return {"rep": rep.id, "addresses": list(rep.addresses)}


def responses_since(tx: Connection, rep: Rep, moment: datetime) -> list[Response]:
    """What this person was answered, or will be, since a moment."""
    found: dict[int, Response] = {}
    rows = tx.execute(_responses(), {"since": moment, **_to(rep)})
    for mail_id, kind, reason, state, told_at, meeting_id in rows:
        about = found[mail_id].meetings if mail_id in found else frozenset()
        if meeting_id is not None:
            about |= {meeting_id}
        waits = state == MailState.DUE
        found[mail_id] = Response(MailKind(kind), reason, told_at, about, waits)
    return list(found.values())


@cache
def _responses() -> CompoundSelect[Any]:
    columns, links = tables.mail.c, tables.mail_meeting.c
    at = func.coalesce(columns.sent_at, columns.due_at)
    was_sent = columns.sent_at >= bindparam("since")
    is_put = columns.sent_at.is_(None) & (columns.due_at >= bindparam("since"))
    ours = columns.kind.in_([kind.value for kind in RESPONSES])
    kept = columns.state.not_in([state.value for state in ENDED_UNSENT])
    told = select(columns.id, columns.kind, columns.reason, columns.state, at, links.meeting_id)
    told = told.join(tables.mail_meeting, links.mail_id == columns.id, isouter=True)
    parts = [told.where(half, ours, kept, when) for half in _GOES_TO for when in (was_sent, is_put)]
    return union_all(*parts)


def sent_mails(tx: Connection, kind: MailKind) -> list[Mail]:
    """Every mail of this kind that went out, in the order of sending."""
    columns = tables.mail.c
    sent = (columns.kind == kind.value) & (columns.state == MailState.SENT.value)
    rows = tx.execute(select(tables.mail).where(sent).order_by(columns.sent_at, columns.id))
    return [mail_of(row) for row in rows]


def first_sent_at(tx: Connection) -> datetime | None:
    """When we sent our first mail, `None` before: the first of each rep's first."""
    columns, rep = tables.mail.c, tables.rep.c
    of_rep = select(func.min(columns.sent_at)).where(columns.rep_id == rep.id).scalar_subquery()
    firsts = select(of_rep.label("at")).select_from(tables.rep).subquery()
    first: datetime | None = tx.scalar(select(func.min(firsts.c.at)))
    return first


def sent_in(tx: Connection, thread_ids: Collection[str]) -> dict[str, set[str]]:
    """Those of the provider's threads in which we sent something, with its ids of what we sent."""
    columns = tables.mail.c
    found: dict[str, set[str]] = {}
    for chunk in chunks({thread_id for thread_id in thread_ids if thread_id}):
        sent = select(columns.thread_id, columns.provider_message_id)
        for thread_id, message_id in tx.execute(sent.where(columns.thread_id.in_(chunk))):
            found.setdefault(thread_id, set()).add(message_id)
    return found


def reps_asked(tx: Connection, meeting_id: int) -> set[int]:
    """Whom a question about the meeting was sent to."""
    sent = (MailKind.QUESTION, MailState.SENT)
    return {
        mail.rep_id for mail in about_meeting(tx, meeting_id) if (mail.kind, mail.state) == sent
    }


def reps_ever_asked(tx: Connection) -> set[int]:
    """Whom a mail that asks something was sent to."""
    columns = tables.mail.c
    asks = columns.kind.in_([kind.value for kind in QUESTIONS])
    sent = asks & (columns.state == MailState.SENT.value)
    return set(tx.scalars(select(columns.rep_id).where(sent).distinct()))


def is_asked(tx: Connection, meeting_id: int, kind: MailKind) -> bool:
    """Whether a mail of this kind about the meeting was sent, alone or with others."""
    mails = about_meeting(tx, meeting_id)
    return any((mail.kind, mail.state) == (kind, MailState.SENT) for mail in mails)
