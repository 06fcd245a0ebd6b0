"""What reps' own calendars tell of their zone and working hours, and what moves when it changes.

Google tells the zone with each reading, at no cost; Outlook is asked once a day. Where that or the
admin's word changes a rep's hours, the rep's waiting questions are timed anew, and nothing else.
Sources: docs/internals.md#hours-from-calendars.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from nudger.domain.reasons import Reason, StepName
from nudger.domain.timing import AskTime, ask_time
from nudger.domain.working_hours import NO_CALENDAR_HOURS, CalendarHours
from nudger.providers.base import (
    Calendar,
    ProviderError,
    ReconnectNeeded,
    SignInFailed,
    Unavailable,
)
from nudger.runtime.policies import RepPolicy, Rules, for_rep
from nudger.store import audit, outbox, people
from nudger.store.outbox import Waiting
from nudger.store.people import Rep

log = logging.getLogger(__name__)

REFRESH_INTERVAL = timedelta(days=1)


def keep_calendar_hours(tx: Connection, rules: Rules, before: Rep, now: datetime) -> None:
    """Keep what the rules know of the rep from the rep's calendar, where it is not as before."""
    told = rules.reps_by_id[before.id]
    if told is not before:
        people.save_calendar_hours(tx, before.id, told.calendar_hours, now)
        retime_if_changed(tx, rules, before, now)


def with_calendar_hours(rules: Rules, rep_id: int, calendar: Calendar, now: datetime) -> Rules:
    """The rules with what the calendar tells of its owner; themselves where that is nothing new."""
    rep = rules.reps_by_id[rep_id]
    told = _told(rules.for_rep(rep), calendar, now)
    if told is None:
        return rules
    return rules.with_rep(replace(rep, calendar_hours=told, calendar_hours_read_at=now))


def _told(own: RepPolicy, calendar: Calendar, now: datetime) -> CalendarHours | None:
    """What the calendar tells now; `None` where it tells nothing new, or is not asked.

    A refusal tells that nothing is told, and counts as an answer for the day.
    """
    rep = own.rep
    if not own.asks_calendar_for_hours:
        return None
    if not calendar.hours_cost_a_call:
        told = calendar.calendar_hours()
        return told if told != rep.calendar_hours else None
    asked_at = rep.calendar_hours_read_at
    if asked_at is not None and timedelta() <= now - asked_at < REFRESH_INTERVAL:
        return None
    try:
        return calendar.calendar_hours()
    except (ReconnectNeeded, SignInFailed):
        raise
    except Unavailable as error:
        log.info("hours of %s: %s", rep.email, error)
        return None
    except ProviderError as error:
        log.debug("hours of %s: %s", rep.email, error)
        return NO_CALENDAR_HOURS


def retime_if_changed(tx: Connection, rules: Rules, before: Rep, now: datetime) -> None:
    """Time the rep's waiting questions anew where `rules` know other hours than before."""
    own = rules.for_rep(before)
    if for_rep(rules.settings, before).working_hours == own.working_hours:
        return
    for question in outbox.waiting_questions(tx, before.id):
        at = _new_moment(own, question, now)
        if at is None or at == question.due_at:
            continue
        outbox.retime(tx, question.once, before.id, at, question.reason)
        for meeting_id in question.starts:
            audit.record(
                tx, audit.Step(StepName.PLAN, Reason.HOURS_CHANGED, meeting_id, before.id), now
            )


def _new_moment(own: RepPolicy, question: Waiting, now: datetime) -> datetime | None:
    """`None` for a question for which it is too late now: when it is due, it is told so."""
    asking = (
        ask_time(start, own.working_hours, own.timing, now) for start in question.starts.values()
    )
    return min((one.at for one in asking if isinstance(one, AskTime)), default=None)
