"""The weeks before the demonstration begins, as if Nudger had been at work in them: so that there
is something to see on the pages that look back.

Only what those pages read is there: calls, that they were asked about, answers, what came of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from nudger.domain.assignee import RepReason
from nudger.domain.commitment import Answer, MeetingState, Outcome
from nudger.domain.event import Attendee
from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.runtime.context import Context
from nudger.sandbox.scenario import ANA, BEN, PEOPLE, ZONE
from nudger.store import outbox, people, tables
from nudger.store.meetings import MeetingDetails, MeetingPlan
from nudger.store.outbox import NewMail
from nudger.store.outcomes import GivenOutcome

WEEKS = 8
JOE, DANA, MIA = "joe@acme.example", "dana@acme.example", "mia@globex.example"
SAM, KIM = "sam@initech.example", "kim@umbrella.example"
YES, PARTLY, NO = Outcome.YES, Outcome.PARTLY, Outcome.NO
NAMES = dict(PEOPLE)
CALL, DAY = timedelta(minutes=30), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call so many weeks ago, `day` from Monday as 0. `minutes` passed from the question, at nine
    on the day before, to the answer; without an answer all after `guest` is left out."""

    weeks_ago: int
    day: int
    at: str
    rep: str
    title: str
    guest: str
    said: str | None = None
    milestone: str | None = None
    minutes: int = 0
    outcome: Outcome | None = None


FIRST, NEEDS, ALL_MET, PROPOSAL = (
    "First call", "Needs analysis", "All decision makers met", "Proposal meeting",
)  # fmt: skip
CALLS = (
    PastCall(8, 1, "11:00", ANA, "ACME weekly", JOE),
    PastCall(8, 3, "10:00", BEN, "Umbrella: first call", KIM),
    PastCall(8, 2, "15:00", ANA, "Initech: introduction", SAM,
             "Sam agrees to send us the list of his tools by Friday", FIRST, 190, NO),
    PastCall(7, 1, "11:00", ANA, "ACME weekly", JOE,
             "Joe agrees to show us the stock report by Thursday", NEEDS, 44, YES),
    PastCall(7, 2, "14:00", BEN, "Globex: introduction", MIA),
    PastCall(7, 3, "10:00", BEN, "Umbrella: needs", KIM,
             "get a feeling for the budget", None, 320, NO),
    PastCall(7, 4, "11:00", BEN, "Globex: who decides", MIA),
    PastCall(6, 1, "11:00", ANA, "ACME weekly", JOE),
    PastCall(6, 2, "15:00", ANA, "Initech: what operations needs", SAM,
             "Sam agrees to a needs analysis with two colleagues on Monday", NEEDS, 12, YES),
    PastCall(6, 3, "10:00", BEN, "Globex: needs", MIA,
             "Mia agrees to send us the security questionnaire by Friday", NEEDS, 75, PARTLY),
    PastCall(6, 4, "11:00", BEN, "Umbrella: budget", KIM,
             "Kim agrees to send us last year's budget by Tuesday", NEEDS, 35, NO),
    PastCall(5, 1, "11:00", ANA, "ACME weekly", JOE,
             "Joe agrees to introduce us to Dana next week", ALL_MET, 9, YES),
    PastCall(5, 2, "14:00", BEN, "Umbrella: follow-up", KIM),
    PastCall(5, 3, "10:00", ANA, "Initech: tenant for operations", SAM,
             "Sam agrees to name an owner for the test by Wednesday", NEEDS, 58, PARTLY),
    PastCall(4, 1, "11:00", ANA, "ACME: first call with Dana", DANA,
             "Dana agrees to bring the CFO to a review of the pilot in December", ALL_MET, 21, YES),
    PastCall(4, 2, "15:00", BEN, "Globex: security", MIA,
             "Mia agrees to let her security team read the report by Friday", NEEDS, 130, YES),
    PastCall(4, 3, "10:00", BEN, "Umbrella: supplier day", KIM,
             "Kim agrees to reserve a slot for us on the supplier day", FIRST, 1600, YES),
    PastCall(3, 1, "11:00", ANA, "ACME weekly", JOE,
             "Joe agrees to open the pilot to ten users on Monday", PROPOSAL, 8, YES),
    PastCall(3, 2, "15:00", ANA, "Initech: tenant for operations", SAM,
             "Sam agrees to test the tenant with his shift leads", NEEDS, 33, NO),
    PastCall(3, 3, "10:00", BEN, "Globex: contract", MIA),
    PastCall(3, 4, "11:00", BEN, "Umbrella: offer", KIM,
             "Kim agrees to read the offer with her team by Monday", PROPOSAL, 11, PARTLY),
    PastCall(2, 1, "11:00", ANA, "ACME weekly", JOE,
             "Joe agrees to send us the results of the pilot by Friday", PROPOSAL, 14, YES),
    PastCall(2, 2, "14:00", BEN, "Globex: data protection", MIA,
             "Mia agrees to sign the processing agreement by Thursday", NEEDS, 41, PARTLY),
    PastCall(2, 3, "10:00", BEN, "Umbrella: agenda", KIM,
             "Kim agrees to introduce us to the head of logistics", ALL_MET, 26, YES),
    PastCall(1, 1, "11:00", ANA, "ACME weekly", JOE,
             "Joe agrees to invite Dana to the pilot review", PROPOSAL, 6, YES),
    PastCall(1, 2, "15:00", ANA, "Initech: results of the test", SAM,
             "Sam agrees to a demo for operations next Wednesday", NEEDS, 17, YES),
    PastCall(1, 3, "10:00", BEN, "Globex: security questions", MIA,
             "Mia agrees to name the three open questions by Friday", NEEDS, 22, YES),
)  # fmt: skip


def remember(ctx: Context, monday: datetime) -> None:
    """Keep the weeks before this Monday; its date counts, in the team's zone."""
    with ctx.database.begin() as tx:
        reps = {rep.email: rep.id for rep in people.list_reps(tx)}
        for call, meeting_id in zip(CALLS, _add_meetings(ctx, tx, reps, monday), strict=True):
            _ask(tx, reps[call.rep], meeting_id, _asked_at(call, monday))
            if call.said is not None:
                _answer(ctx, tx, call, reps[call.rep], meeting_id, monday)


def _add_meetings(
    ctx: Context, tx: Connection, reps: dict[str, int], monday: datetime
) -> Sequence[int]:
    plans = [
        MeetingPlan(
            meeting_key=f"past:{number}",
            rep_id=reps[call.rep],
            rep_reason=RepReason.ORGANIZER,
            reason=Reason.CUSTOMER,
            start=_start(call, monday),
            end=_start(call, monday) + CALL,
            time_zone=ZONE,
            customers=(call.guest.partition("@")[2],),
            details=MeetingDetails(call.title, (Attendee(call.guest, NAMES[call.guest]),)),
        )
        for number, call in enumerate(CALLS)
    ]
    ids = ctx.meetings.add_many(tx, plans, ctx.clock())
    found = [ids[plan.meeting_key] for plan in plans]
    for state in (MeetingState.EXPIRED, MeetingState.WRITTEN):
        is_written = state is MeetingState.WRITTEN
        these = [
            one
            for one, call in zip(found, CALLS, strict=True)
            if (call.said is not None) is is_written
        ]
        ctx.meetings.set_states(tx, these, state, Reason.CUSTOMER, ctx.clock())
    return found


def _ask(tx: Connection, rep_id: int, meeting_id: int, at: datetime) -> None:
    once = f"question:{meeting_id}"
    mail = NewMail(MailKind.QUESTION, once, rep_id, at, Reason.CUSTOMER, (meeting_id,))
    sent = {"state": MailState.SENT.value, "sent_at": at}
    this = tables.mail.c.id == outbox.put(tx, mail)
    tx.execute(update(tables.mail).where(this).values(sent))


def _answer(
    ctx: Context, tx: Connection, call: PastCall, rep_id: int, meeting_id: int, monday: datetime
) -> None:
    answer = Answer(call.said, call.milestone)
    at = _asked_at(call, monday) + timedelta(minutes=call.minutes)
    ctx.answers.add(tx, meeting_id, rep_id, answer, None, at)
    if call.outcome is not None:
        told = GivenOutcome(call.outcome, "", _start(call, monday) + DAY)
        ctx.outcomes.put(tx, meeting_id, rep_id, told)


def _start(call: PastCall, monday: datetime) -> datetime:
    day = monday.date() + timedelta(days=call.day, weeks=-call.weeks_ago)
    return datetime.fromisoformat(f"{day}T{call.at}").replace(tzinfo=ZoneInfo(ZONE))


def _asked_at(call: PastCall, monday: datetime) -> datetime:
    return _start(call, monday).replace(hour=9, minute=0) - DAY
