"""What the jobs would do, read from the same sources and decided by the same rules.

Nothing is written: neither to the database nor to any calendar or mailbox.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from nudger.domain.assignee import choose_rep
from nudger.domain.controls import Activity, Controls
from nudger.domain.domains import DomainRules, PartyKind
from nudger.domain.eligibility import judge
from nudger.domain.event import Event
from nudger.domain.mails import GATHERED_LATE
from nudger.domain.meeting_copies import meeting_key
from nudger.domain.sending import SEND_NOW, Never, SendDecision, SendNow, Wait
from nudger.domain.timing import AskTime
from nudger.domain.verdict import Verdict
from nudger.jobs.outgoing.reports import report_for
from nudger.jobs.outgoing.send_time import Outgoing, outgoing, send_time
from nudger.jobs.planning.calendar_hours import with_calendar_hours
from nudger.jobs.planning.model import Judged, Planning
from nudger.jobs.planning.series import apply_series_rules
from nudger.providers.base import ProviderError, Window
from nudger.runtime.context import Context
from nudger.runtime.policies import Rules, load_rules
from nudger.store import answers, inbox, outbox, people
from nudger.store.controls import read_controls
from nudger.store.people import Rep


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time that a dry run looks at: `back` before now and `ahead` after it."""

    back: timedelta = timedelta()
    ahead: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ScanPreview:
    """`rows` are one object an event; `unknown` counts unlisted outside domains; `failures` maps
    a rep's address to one line."""

    rows: list[dict[str, Any]]
    unknown: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)


def scan(
    ctx: Context, reps: Collection[Rep] | None = None, over: Stretch = Stretch()
) -> ScanPreview:
    """Judge every event of the stretch as a scan would have judged it a fortnight before."""
    with ctx.database.read() as tx:
        rules = load_rules(tx, ctx.settings)
    preview = ScanPreview([])
    seen: set[str] = set()
    for rep in rules.reps if reps is None else reps:
        try:
            rules, events = _read(ctx, rules, rep, over)
            judged = _judged(ctx, rules, rep, events)
        except ProviderError as error:
            preview.failures[rep.email] = str(error)
            continue
        for one in judged:
            _show(ctx, rules, rep, one, seen, preview)
    preview.rows.sort(key=lambda row: (row["start"], row["title"]))
    return preview


def _read(ctx: Context, rules: Rules, rep: Rep, over: Stretch) -> tuple[Rules, list[Event]]:
    """The events of a rep's calendar, and the rules with what it tells of its owner."""
    now, calendar = ctx.clock(), ctx.accounts.calendar(rep)
    events: list[Event] = []
    for page in calendar.peek(Window(now - over.back, now + over.ahead)):
        rules = with_calendar_hours(rules, rep.id, calendar, now)
        events.extend(page.events)
    return rules, events


def _judged(ctx: Context, rules: Rules, rep: Rep, events: Iterable[Event]) -> Sequence[Judged]:
    policy = rules.judging(rep)
    judged = [Judged(e, judge(e, rep.email, policy, _before(ctx, e), rep.aliases)) for e in events]
    with ctx.database.read() as tx:
        return apply_series_rules(Planning(ctx, tx, rules, rep, ctx.clock()), judged).judged


def _before(ctx: Context, event: Event) -> datetime:
    """When a scan would have seen the event first."""
    return min(ctx.clock(), event.start - timedelta(days=14))


def _show(
    ctx: Context, rules: Rules, rep: Rep, one: Judged, seen: set[str], preview: ScanPreview
) -> None:
    event, verdict, now = one.event, one.verdict, _before(ctx, one.event)
    _count_unknown(rules.judging(rep).rules, verdict, preview.unknown)
    if verdict.asks and meeting_key(event) in seen:
        return
    if verdict.asks:
        seen.add(meeting_key(event))
    preview.rows.append(_row(rules, rep, event, verdict, now))


def _count_unknown(rules: DomainRules, verdict: Verdict, unknown: Counter[str]) -> None:
    for guest in verdict.guests:
        party = rules.classify(guest.email)
        if party.kind is PartyKind.OUTSIDE and party.customer:
            unknown[party.customer] += 1


def _row(rules: Rules, rep: Rep, event: Event, verdict: Verdict, now: datetime) -> dict[str, Any]:
    chosen = choose_rep(event, rules.reps_by_address, rules.may_ask(event, rep, now))
    asked = chosen[0] if chosen else rep
    start, _ = rules.span(event, asked)
    asking = rules.ask_time(start, asked, now) if verdict.asks else None
    return {
        "event_id": event.event_id,
        "start": event.start.isoformat(),
        "title": event.title,
        "calendar": rep.email,
        "verdict": verdict.decision.value,
        "reason": verdict.reason.value,
        "customer": list(verdict.customers),
        "rep": asked.email if verdict.asks else None,
        "ask_at": asking.at.isoformat() if isinstance(asking, AskTime) else None,
    }


def ask(ctx: Context) -> list[dict[str, Any]]:
    """The mails that are due, and what would become of each."""
    with ctx.database.read() as tx:
        controls = read_controls(tx)
        due = [outgoing(ctx, tx, mail) for mail in outbox.due_mails(tx, ctx.clock())]
    return [
        {
            "kind": one.mail.kind.value,
            "rep": one.rep.email,
            "meeting": ", ".join(meeting.shown_title for meeting in one.meetings),
            "would": _held(controls, one) or _shown(_decide(ctx, one)),
        }
        for one in due
    ]


def _held(controls: Controls, out: Outgoing) -> str | None:
    reason = controls.why_held(Activity.SEND, out.mail.reader_id)
    return reason and f"wait: {reason}"


def _decide(ctx: Context, out: Outgoing) -> SendDecision:
    """What the job would decide, and whether there would be something to say."""
    timed = send_time(ctx, out)
    if timed.decision != SEND_NOW or out.mail.kind not in GATHERED_LATE:
        return timed.decision
    report = report_for(ctx, replace(out, meetings=timed.meetings))
    return report if isinstance(report, (Wait, Never)) else SEND_NOW


def _shown(decision: SendDecision) -> str:
    match decision:
        case SendNow():
            return "send"
        case Wait():
            return f"wait: {decision}"
        case Never(reason):
            return f"not send: {reason}"


def listen(ctx: Context) -> list[dict[str, Any]]:
    """How many mails wait in each mailbox that we have not stored yet."""
    with ctx.database.read() as tx:
        boxes = inbox.list_mailboxes(tx)
    rows = []
    for box in boxes:
        pages = ctx.accounts.mailbox(box.address).arrivals(box.cursor)
        rows.append({"mailbox": box.address, "new": sum(len(page.arrivals) for page in pages)})
    return rows


def write(ctx: Context) -> list[dict[str, Any]]:
    """The notes that are due, and where each would be written."""
    with ctx.database.read() as tx:
        due = answers.due_notes(tx, ctx.clock())
        meetings = [ctx.meetings.get(tx, note.meeting_id) for note in due]
        reps = [people.get_rep(tx, meeting.rep_id) for meeting in meetings]
    return [
        {
            "meeting": meeting.shown_title,
            "rep": rep.email,
            "where": note.place.value,
        }
        for note, meeting, rep in zip(due, meetings, reps, strict=True)
    ]
