"""The weekly mails: to each rep about their own calls, to a manager about the reps who were told.

One mail waits for each of them at any time, so that planning is one look into the database an hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from nudger.domain.history import Tally, tally
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never, Span, Wait
from nudger.domain.week import (
    MANAGER_DELAY,
    Days,
    Week,
    days_ahead,
    days_behind,
    weekly_part,
    weekly_span,
    weeks_to_plan,
)
from nudger.jobs.outgoing.content import opened_content, sealed_content
from nudger.jobs.outgoing.managers import receiver
from nudger.jobs.outgoing.past_meetings import past_meetings
from nudger.jobs.outgoing.recipient import as_rep
from nudger.mail.kinds.manager_weekly import ManagerWeeklyContent, RepsShown
from nudger.mail.kinds.weekly import CallShown, OfWeek, WeeklyContent, WeekShown
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules, manager_of, weekly_day, working_hours
from nudger.store import history, manager_stops, outbox, people
from nudger.store.meetings import Meeting
from nudger.store.outbox import Mail, NewMail
from nudger.store.people import Rep

NO_TIME = timedelta()
TELLING_TAKES = timedelta(minutes=10)
"""After as long a manager's mail looks again whether another rep was told."""


def plan_weekly(ctx: Context) -> int:
    """Have a weekly mail wait for each rep and each manager; returns how many were planned."""
    if not ctx.settings.weekly.enabled:
        return 0
    with ctx.database.read() as tx:
        reps = people.list_reps(tx)
        waiting = outbox.waiting(tx, (MailKind.WEEKLY, MailKind.MANAGER_WEEKLY))
    have = {mail.once for mail in waiting}
    wanted = [list(_for_rep(ctx, rep)) for rep in reps]
    wanted += [
        list(_for_manager(ctx, manager, first, reps))
        for manager, first in _managers(ctx, reps).items()
    ]
    missing = [mails for mails in wanted if not any(mail.once in have for mail in mails)]
    if not missing:
        return 0
    with ctx.database.begin() as tx:
        return sum(_put_first(tx, candidates) for candidates in missing)


def _put_first(tx: Connection, candidates: Iterable[NewMail]) -> bool:
    """Put the first that was not put before."""
    return any(outbox.put(tx, new) is not None for new in candidates)


def _for_rep(ctx: Context, rep: Rep) -> Iterator[NewMail]:
    """The rep's mail of this week, then of the next."""
    hours, day = working_hours(ctx.settings, rep), weekly_day(ctx.settings)
    for week in weeks_to_plan(day, hours, ctx.clock()):
        due = weekly_span(week, day, hours).earliest
        once = f"weekly:{rep.id}:{week}"
        content = sealed_content(ctx, once, WeeklyContent(week=week))
        yield NewMail(MailKind.WEEKLY, once, rep.id, due, Reason.WEEKLY, content=content)


def _managers(ctx: Context, reps: Sequence[Rep]) -> dict[str, Rep]:
    """Each manager's address with the first of their reps."""
    found: dict[str, Rep] = {}
    for rep in reps:
        manager = manager_of(ctx.settings, rep)
        if manager is not None:
            found.setdefault(manager, rep)
    return found


def _for_manager(ctx: Context, manager: str, first: Rep, reps: Sequence[Rep]) -> Iterator[NewMail]:
    """The manager's mail of this week, then of the next; an hour after the reps' own, so that who
    is told this morning knows it first."""
    hours, day = working_hours(ctx.settings, as_rep(manager, first, reps)), weekly_day(ctx.settings)
    whose = hashlib.sha256(manager.encode()).hexdigest()[:16]
    for week in weeks_to_plan(day, hours, ctx.clock(), MANAGER_DELAY):
        due = weekly_span(week, day, hours, MANAGER_DELAY).earliest
        once = f"manager_weekly:{whose}:{week}"
        content = sealed_content(ctx, once, ManagerWeeklyContent(week=week))
        new = NewMail(MailKind.MANAGER_WEEKLY, once, first.id, due, Reason.WEEKLY, content=content)
        yield replace(new, recipient=manager)


def span_of(ctx: Context, mail: Mail, reader: Rep) -> Span:
    """When this weekly mail may go out."""
    after = MANAGER_DELAY if mail.kind is MailKind.MANAGER_WEEKLY else NO_TIME
    hours = working_hours(ctx.settings, reader)
    return weekly_span(_week_of(ctx, mail), weekly_day(ctx.settings), hours, after)


def _week_of(ctx: Context, mail: Mail) -> Week:
    return opened_content(ctx, mail, OfWeek).week


def rep_content(ctx: Context, mail: Mail, rep: Rep) -> WeeklyContent | Never:
    """What the rep's weekly mail says."""
    if not ctx.settings.weekly.enabled:
        return Never(Reason.SWITCHED_OFF)
    week, day = _week_of(ctx, mail), weekly_day(ctx.settings)
    behind, ahead = days_behind(week, day), days_ahead(week, day)
    hours = working_hours(ctx.settings, rep)
    numbers = _numbers(ctx, rep, behind)
    since, until = ahead.moments(hours)
    with ctx.database.read() as tx:
        manager = receiver(ctx.settings, load_domain_rules(tx, ctx.settings), rep)
        coming = ctx.meetings.ahead(tx, rep.id, max(since, ctx.clock()), until)
        answers = ctx.answers.latest_of(tx, [meeting.id for meeting in coming])
        open_ids = history.outcome_open(tx, rep.id, *behind.moments(hours))
        unknown = ctx.meetings.in_order(tx, open_ids)
    prepared = {one for one, (_, answer) in answers.items() if answer.commitment_objective}
    bare = [meeting for meeting in coming if meeting.id not in prepared]
    must_be_told = manager is not None and manager != rep.disclosed_manager
    part = weekly_part(numbers.asked, must_be_told=must_be_told)
    if part is None:
        return Never(Reason.NOTHING_ASKED)
    shown = WeekShown(
        part=part,
        behind=_ends(behind),
        ahead=_ends(ahead),
        numbers=numbers,
        unknown=_calls(unknown),
        bare=_calls(bare),
        prepared=len(prepared),
        manager=manager,
        shares=manager is not None and manager == rep.shared_with,
    )
    return WeeklyContent(week=week, shown=shown)


def manager_content(ctx: Context, mail: Mail) -> ManagerWeeklyContent | Wait | Never:
    """What a manager's weekly mail says: a line for each rep who was told of this very manager, in
    a mail that went out. While there is nothing to say of these, it waits for mails that are on
    their way and tell others."""
    if not ctx.settings.weekly.enabled:
        return Never(Reason.SWITCHED_OFF)
    week = _week_of(ctx, mail)
    behind = days_behind(week, weekly_day(ctx.settings))
    assert mail.recipient is not None  # noqa: S101 - as it was planned
    with ctx.database.read() as tx:
        stopped = manager_stops.why_stopped(tx, mail.recipient)
        reps, rules = people.list_reps(tx), load_domain_rules(tx, ctx.settings)
        on_their_way = outbox.waiting(tx, (MailKind.WEEKLY,))
    if stopped is not None:
        return Never(stopped)
    led = [rep for rep in reps if receiver(ctx.settings, rules, rep) == mail.recipient]
    told = [rep for rep in led if rep.disclosed_manager == mail.recipient]
    lines = tuple(_numbers(ctx, rep, behind) for rep in sorted(told, key=lambda rep: rep.name))
    if not any(line.asked for line in lines):
        untold = {rep.id for rep in led} - {rep.id for rep in told}
        if any(one.rep_id in untold and _week_of(ctx, one) == week for one in on_their_way):
            return Wait(ctx.clock() + TELLING_TAKES)
        return Never(Reason.NOTHING_ASKED if told else Reason.NOBODY_TOLD)
    shown = RepsShown(behind=_ends(behind), lines=lines)
    return ManagerWeeklyContent(week=week, shown=shown)


def record_disclosure(ctx: Context, tx: Connection, mail: Mail, rep: Rep) -> None:
    """The rep's weekly mail went out: whom it named gets their numbers from now on."""
    shown = opened_content(ctx, mail, WeeklyContent).shown
    if shown is not None and shown.manager is not None:
        people.set_disclosed_manager(tx, rep.id, shown.manager)


def _numbers(ctx: Context, rep: Rep, days: Days) -> Tally:
    since, until = days.moments(working_hours(ctx.settings, rep))
    return tally(rep.name, past_meetings(ctx, since, until, rep.id))


def _calls(meetings: Sequence[Meeting]) -> tuple[CallShown, ...]:
    return tuple(CallShown(one.details.title, one.start) for one in meetings)


def _ends(days: Days) -> tuple[date, date]:
    """The first and the last of these days."""
    return days.since, days.last
