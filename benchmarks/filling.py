"""A database as it stands after a year of use: what was asked, answered, written and recorded.

The rows are as the jobs leave them, in the proportions of a team that answers most questions; they
are written by the table, not by the jobs, which would take hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from nudger.domain.commitment import MeetingState
from nudger.domain.mails import MailKind, MailState
from nudger.runtime.context import Context
from nudger.store import tables
from nudger.store.retention import KEEP_OCCURRENCES

MEETINGS_A_REP = 200
"""A year's for one rep: four a week."""
STEPS_A_MEETING = 5
DAYS = 365
CUSTOMERS_A_REP = 40
AT_ONCE = 5000
ENDED = (*[MeetingState.WRITTEN] * 6, *[MeetingState.ASKED] * 3, MeetingState.WITHDRAWN)
"""Of ten questions six are answered, three are not, and one call was called off."""
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Past:
    """One meeting of the past, and how far it came."""

    id: int
    rep_id: int
    start: datetime
    state: MeetingState
    customer: str

    @property
    def key(self) -> str:
        return f"past:{self.id}"

    @property
    def is_answered(self) -> bool:
        return self.state is MeetingState.WRITTEN

    @property
    def asked_at(self) -> datetime:
        return self.start - timedelta(hours=20)


def add_reps(ctx: Context, reps: int) -> list[int]:
    """Have so many reps; returns their ids. The calendars of those who are added are not read."""
    with ctx.database.begin() as tx:
        return _reps(tx, reps, ctx.clock())


def fill(ctx: Context, meetings: int, reps: int | None = None) -> None:
    """Add a year of so many meetings, shared by the reps who are there and as many others as it
    takes. What is there already stays as it is."""
    now = ctx.clock()
    rep_ids = add_reps(ctx, reps or max(1, meetings // MEETINGS_A_REP))
    with ctx.database.begin() as tx:
        past = list(_past(_next(tx, tables.meeting.c.id), rep_ids, meetings, now))
        first_mail, first_inbound = _next(tx, tables.mail.c.id), _next(tx, tables.inbound.c.id)
        _add(tx, tables.meeting, (_meeting(ctx, one) for one in past))
        recent = (one for one in past if one.start > now - KEEP_OCCURRENCES)
        _add(tx, tables.occurrence, (row for one in recent for row in _occurrences(one)))
        mails = list(_mails(past, first_mail))
        weekly = _weekly(rep_ids, first_mail + len(mails), now)
        _add(tx, tables.mail, (*(row for row, _ in mails), *weekly))
        _add(tx, tables.mail_meeting, (_link(row, one) for row, one in mails))
        questions = {one.id: row["id"] for row, one in mails if row["kind"] == MailKind.QUESTION}
        replies = [one for one in past if one.is_answered]
        _add(tx, tables.inbound, _inbound(replies, questions, first_inbound))
        answers = (_answer(ctx, one, n) for n, one in enumerate(replies, first_inbound))
        _add(tx, tables.answer, answers)
        _add(tx, tables.note, map(_note, replies))
        _add(tx, tables.outcome, (_outcome(ctx, one) for one in replies if one.id % 2))
        _add(tx, tables.audit, (row for one in past for row in _steps(one)))
        _count_on(tx)
    if ctx.database.engine.dialect.name == "postgresql":
        with ctx.database.engine.begin() as tx:  # as its autovacuum does; SQLite has none
            tx.exec_driver_sql("ANALYZE")


def _next(tx: Connection, column: Any) -> int:
    return (tx.scalar(select(func.max(column))) or 0) + 1


def _add(tx: Connection, table: Table, rows: Iterable[Values]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, AT_ONCE)):
        tx.execute(insert(table), batch)


def _count_on(tx: Connection) -> None:
    """PostgreSQL numbers new rows by a sequence, which knows nothing of rows that had a number."""
    if tx.dialect.name != "postgresql":
        return
    for table in (tables.rep, tables.meeting, tables.mail, tables.inbound):
        last = select(func.max(table.c.id)).scalar_subquery()
        tx.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def _reps(tx: Connection, wanted: int, now: datetime) -> list[int]:
    known = list(tx.scalars(select(tables.rep.c.id).order_by(tables.rep.c.id)))
    first, missing = _next(tx, tables.rep.c.id), range(max(0, wanted - len(known)))
    added = [
        {
            "id": first + n, "email": f"past{first + n:05d}@ourco.example", "name": f"Past {n}",
            "provider": "google", "aliases": [], "position": first + n, "state": "active",
            "added_at": now - timedelta(days=DAYS),
        }
        for n in missing
    ]  # fmt: skip
    _add(tx, tables.rep, added)
    never = {"due_at": now + timedelta(days=DAYS), "attempts": 1}
    _add(tx, tables.calendar, ({"rep_id": one["id"], **never} for one in added))
    return [*known, *(one["id"] for one in added)]


def _past(first: int, rep_ids: Sequence[int], meetings: int, now: datetime) -> Iterator[_Past]:
    for n in range(meetings):
        rep_id = rep_ids[n % len(rep_ids)]
        start = now - timedelta(days=1) - timedelta(days=DAYS) * (meetings - n) / meetings
        customer = f"customer{rep_id}-{n // len(rep_ids) % CUSTOMERS_A_REP}.example"
        yield _Past(first + n, rep_id, start, ENDED[n % 10], customer)


def _meeting(ctx: Context, one: _Past) -> Values:
    details = {"title": f"{one.customer}: call", "guests": [[f"dana@{one.customer}", "Dana"]],
               "link": ""}  # fmt: skip
    return {
        "id": one.id, "meeting_key": one.key, "rep_id": one.rep_id, "rep_reason": "organizer",
        "fingerprint": _hash("fingerprint", one.id), "state": one.state.value,
        "reason": "external_guest", "start_at": one.start,
        "end_at": one.start + timedelta(minutes=45), "time_zone": "Europe/Berlin",
        "customers": [one.customer], "planned_at": one.start - timedelta(days=10),
        "details": ctx.vault.seal_json(details, f"meeting.details:{one.key}"),
        "updated_at": one.start,
    }  # fmt: skip


def _occurrences(one: _Past) -> Iterator[Values]:
    """The meeting in its rep's calendar, and another event that nothing is asked about."""
    common = {"rep_id": one.rep_id, "start_at": one.start, "etag": f'"{one.id}"'}
    held = None if one.state is MeetingState.WITHDRAWN else one.id
    yield common | {
        "event_id": f"past{one.id}", "series_id": f"past{one.id}", "verdict": "ask",
        "reason": "external_guest", "meeting_id": held,
    }  # fmt: skip
    yield common | {
        "event_id": f"inside{one.id}", "series_id": f"inside{one.id}", "verdict": "skip",
        "reason": "internal_only", "meeting_id": None,
    }  # fmt: skip


def _mails(past: Iterable[_Past], first: int) -> Iterator[tuple[Values, _Past]]:
    """A question about each, then a confirmation or a reminder: two mails a meeting."""
    mail_id = first
    for one in past:
        second = MailKind.CONFIRMATION if one.is_answered else MailKind.REMINDER
        for kind, later in ((MailKind.QUESTION, 0), (second, 3)):
            at = one.asked_at + timedelta(hours=later)
            yield _mail(mail_id, kind, f"{kind}:{one.id}", one.rep_id, at), one
            mail_id += 1


def _mail(mail_id: int, kind: MailKind, once: str, rep_id: int, at: datetime) -> Values:
    """One that was sent; of a thousand one was not, and says why."""
    failed = mail_id % 1000 == 999
    return {
        "id": mail_id, "kind": kind.value, "once": f"past-{once}", "rep_id": rep_id,
        "state": (MailState.FAILED if failed else MailState.SENT).value,
        "reason": "failed_thrice" if failed else "planned", "due_at": at,
        "sent_at": None if failed else at, "last_error": "the mail was refused" if failed else None,
        "token_hash": _hash("token", mail_id), "link_hash": _hash("link", mail_id),
        "rfc_message_id": f"<past.{mail_id}@ourco.example>", "draft_id": f"draft{mail_id}",
        "provider_message_id": f"sent{mail_id}", "thread_id": f"thread{mail_id // 2}",
        "own_lines": b"\x00" * 400, "fence": 1,
    }  # fmt: skip


def _weekly(rep_ids: Iterable[int], first: int, now: datetime) -> Iterator[Values]:
    """A weekly mail to each rep."""
    mail_id = first
    for rep_id in rep_ids:
        for week in range(1, DAYS // 7):
            at = now - timedelta(weeks=week)
            yield _mail(mail_id, MailKind.WEEKLY, f"weekly:{rep_id}:{week}", rep_id, at)
            mail_id += 1


def _link(mail: Values, one: _Past) -> Values:
    return {"mail_id": mail["id"], "number": 1, "meeting_id": one.id}


def _inbound(replies: Iterable[_Past], questions: dict[int, int], first: int) -> Iterator[Values]:
    """A reply to each question that was answered; the source of old ones is forgotten."""
    for n, one in enumerate(replies):
        yield {
            "id": first + n, "mailbox": "nudger@ourco.example",
            "provider_message_id": f"reply{first + n}", "thread_id": f"thread{first + n}",
            "sha256": _hash("reply", first + n), "received_at": one.asked_at + timedelta(hours=1),
            "sent_by_owner": False, "raw": None, "state": "done", "disposition": "answer",
            "reason": "answered", "mail_id": questions[one.id], "words": _hash("words", first + n),
            "due_at": one.asked_at + timedelta(hours=1), "fence": 1,
        }  # fmt: skip


def _answer(ctx: Context, one: _Past, inbound_id: int) -> Values:
    given = {
        "commitment_objective": f"Dana of {one.customer} agrees to a pilot by Friday",
        "next_milestone": None, "fallback": None, "private": False,
    }  # fmt: skip
    return {
        "meeting_id": one.id, "revision": 1, "rep_id": one.rep_id, "inbound_id": inbound_id,
        "content": ctx.vault.seal_json(given, f"answer.content:{one.id}:1"),
        "is_commitment": True,
        "given_at": one.asked_at + timedelta(hours=1),
    }  # fmt: skip


def _note(one: _Past) -> Values:
    return {
        "meeting_id": one.id, "revision": 1, "written_revision": 1, "place": "meeting",
        "state": "written", "reason": "written", "event_rep_id": one.rep_id,
        "event_id": f"past{one.id}", "due_at": one.asked_at + timedelta(hours=1),
        "written_at": one.asked_at + timedelta(hours=1), "fence": 1,
    }  # fmt: skip


def _outcome(ctx: Context, one: _Past) -> Values:
    return {
        "meeting_id": one.id, "rep_id": one.rep_id, "outcome": "yes" if one.id % 3 else "partly",
        "content": ctx.vault.seal_json({"words": ""}, f"outcome.content:{one.id}"),
        "given_at": one.start + timedelta(hours=2),
    }  # fmt: skip


def _steps(one: _Past) -> Iterator[Values]:
    for n in range(STEPS_A_MEETING):
        yield {
            "at": one.asked_at + timedelta(minutes=n), "step": "question", "reason": "planned",
            "meeting_id": one.id, "rep_id": one.rep_id, "detail": {}, "seal_id": 1,
            "salt": "0" * 32, "row_hash": "0" * 64,
        }  # fmt: skip


def _hash(kind: str, number: int) -> str:
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()
