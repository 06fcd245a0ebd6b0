"""The weekly mail to the admin: each outside domain that is new, once."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never
from nudger.domain.week import weekly_span, weeks_to_plan
from nudger.jobs.outgoing.content import opened_content, sealed_content
from nudger.jobs.outgoing.recipient import as_rep
from nudger.jobs.outgoing.unknown_domains import UnknownDomain, waiting_for_review
from nudger.mail.kinds.admin_weekly import AdminWeeklyContent, DomainsShown, NewDomain
from nudger.runtime.context import Context
from nudger.runtime.policies import weekly_day, working_hours
from nudger.store import outbox, outside, people
from nudger.store.outbox import Mail, NewMail

MOST_SHOWN = 25


def plan_admin_weekly(ctx: Context) -> int:
    """Have a mail wait for the admin, where there is one to tell; returns how many were planned."""
    admin = admin_of(ctx)
    with ctx.database.read() as tx:
        waiting = outbox.waiting(tx, (MailKind.ADMIN_WEEKLY,))
        reps = people.list_reps(tx)
    if admin is None or not reps or any(mail.recipient == admin for mail in waiting):
        return 0
    hours, day = working_hours(ctx.settings, as_rep(admin, reps[0], reps)), weekly_day(ctx.settings)
    for week in weeks_to_plan(day, hours, ctx.clock()):
        due, once = weekly_span(week, day, hours).earliest, f"admin_weekly:{week}"
        content = sealed_content(ctx, once, AdminWeeklyContent(week=week))
        new = NewMail(MailKind.ADMIN_WEEKLY, once, reps[0].id, due, Reason.WEEKLY, content=content)
        with ctx.database.begin() as tx:
            if outbox.put(tx, replace(new, recipient=admin)) is not None:
                return 1
    return 0


def admin_of(ctx: Context) -> str | None:
    """Who gets the mail. Nobody in the personal mode: no mailbox but the rep's could send it."""
    return None if ctx.settings.mode == "personal" else ctx.settings.admin.mail


def admin_content(ctx: Context, mail: Mail) -> AdminWeeklyContent | Never:
    """What the mail says: the domains that are asked about and that no mail has named yet."""
    if admin_of(ctx) != mail.recipient:
        return Never(Reason.SWITCHED_OFF)
    waiting = waiting_for_review(ctx)
    new = [one for one in waiting if one.is_asked and not one.is_told]
    if not new:
        return Never(Reason.NOTHING_NEW)
    shown = DomainsShown(
        new=tuple(map(_shown, new[:MOST_SHOWN])),
        more=len(new[MOST_SHOWN:]),
        held_back=sum(one.is_held_back for one in waiting),
    )
    return opened_content(ctx, mail, AdminWeeklyContent).model_copy(update={"shown": shown})


def record_told(ctx: Context, tx: Connection, mail: Mail) -> None:
    """The mail went out: the domains that it names are new no more."""
    shown = opened_content(ctx, mail, AdminWeeklyContent).shown
    if shown is not None:
        outside.set_told(tx, [one.domain for one in shown.new], ctx.clock())


def _shown(one: UnknownDomain) -> NewDomain:
    return NewDomain(
        domain=one.domain, meetings=one.meetings, coming=one.coming, titles=tuple(one.titles)
    )
