"""The mail that tells a rep of Nudger before the first question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.domain.announcing import Standing, why_not_announced
from nudger.domain.controls import Activity
from nudger.domain.event import Provider
from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.domain.publishing import PublishRule
from nudger.domain.reasons import Reason
from nudger.domain.sending import Never
from nudger.jobs.outgoing.managers import receiver
from nudger.mail.compose import Audience
from nudger.mail.kinds.announcement import AnnouncementContent, PromisesShown
from nudger.runtime.context import Context
from nudger.runtime.policies import load_domain_rules
from nudger.store import outbox, sent_log
from nudger.store.controls import read_controls
from nudger.store.outbox import Mail, NewMail
from nudger.store.people import Rep

_MAY_HAVE_COME = (*UNSENT, MailState.SENT, MailState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rep, why nothing is announced to them (`None` where it is), and what makes the mail
    unique. One that ended unsent is followed by another."""

    rep: Rep
    why_not: Reason | None
    once: str


def candidates(ctx: Context, tx: Connection, reps: Iterable[Rep]) -> list[Candidate]:
    """What would be announced to each of the reps."""
    earlier: dict[int, list[Mail]] = {}
    for mail in outbox.of_kind(tx, MailKind.ANNOUNCEMENT):
        earlier.setdefault(mail.rep_id, []).append(mail)
    asked, controls = sent_log.reps_ever_asked(tx), read_controls(tx)
    found = []
    for rep in reps:
        mails = earlier.get(rep.id, [])
        standing = Standing(
            is_announced=rep.announced_at is not None
            or any(mail.state in _MAY_HAVE_COME for mail in mails),
            is_asked=rep.id in asked,
            availability=rep.availability,
            held=controls.why_held(Activity.SEND, rep.id),
        )
        why_not = why_not_announced(standing, ctx.clock())
        found.append(Candidate(rep, why_not, f"announcement:{rep.id}:{len(mails) + 1}"))
    return found


def plan_announcements(ctx: Context, reps: Iterable[Rep]) -> list[Candidate]:
    """Have a mail wait for each of the reps to whom Nudger is to be announced."""
    now = ctx.clock()
    with ctx.database.begin() as tx:
        found = candidates(ctx, tx, reps)
        for one in found:
            if one.why_not is None:
                why = Reason.ANNOUNCED
                outbox.put(tx, NewMail(MailKind.ANNOUNCEMENT, one.once, one.rep.id, now, why))
    return found


def announcements(tx: Connection) -> Mapping[str, Mail]:
    """Every announcement, by what makes it unique."""
    return {mail.once: mail for mail in outbox.of_kind(tx, MailKind.ANNOUNCEMENT)}


def announcement_content(ctx: Context, rep: Rep) -> AnnouncementContent | Never:
    """What the mail says, by the settings of this moment."""
    admin, settings = ctx.settings.admin.mail, ctx.settings.of_team(rep.team)
    if admin is None:
        return Never(Reason.SWITCHED_OFF)
    with ctx.database.read() as tx:
        if rep.id in sent_log.reps_ever_asked(tx):
            return Never(Reason.ASKED_BEFORE)
        manager = receiver(ctx.settings, load_domain_rules(tx, ctx.settings), rep)
    audience = widest_audience(ctx, rep)
    commitments_only = settings.meetings.publish is PublishRule.COMMITMENTS
    shown = PromisesShown(
        admin=admin,
        audience=audience,
        holds_back=audience is Audience.GUESTS and commitments_only,
        asks_after=settings.ask.follow_up,
        is_counted=settings.weekly.enabled,
        days_kept=settings.keep_meeting_days,
        manager=manager,
    )
    return AnnouncementContent(shown=shown)


def widest_audience(ctx: Context, rep: Rep) -> Audience:
    """The widest that an answer of the rep's may have, whatever the meeting."""
    if ctx.settings.write_back == "private":
        return Audience.REP
    if rep.provider is not Provider.MICROSOFT or ctx.settings.microsoft.outlook_may_notify_guests:
        return Audience.GUESTS
    return Audience.OWN_COPY
