"""Which known meetings need little when they are read again, and what that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudger.domain.commitment import MeetingState
from nudger.domain.mails import MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.domain.timing import AskTime, NotAsked
from nudger.jobs.planning.known_meetings import SmallChange, small_change
from nudger.jobs.planning.model import Planned
from nudger.store.meetings import Meeting, MeetingDetails, MeetingPlan
from nudger.store.outbox import Mail, Retiming

START = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DETAILS = MeetingDetails("ACME: pilot review", ())
MEETING = Meeting(
    7, "google:call1", 1, "organizer", MeetingState.PLANNED, "customer", START, START + HOUR,
    "Europe/Berlin", ("acme.example",), DETAILS,
)  # fmt: skip
PLAN = MeetingPlan(
    "google:call1", 1, "organizer", "customer", START, START + HOUR, "Europe/Berlin",
    ("acme.example",), DETAILS,
)  # fmt: skip
ASKING = AskTime(DUE + HOUR, Reason.DAY_BEFORE)
QUESTION = Mail(3, MailKind.QUESTION, "question:7", 1, MailState.DUE, "day_before", DUE, 0)
DIGEST = replace(QUESTION, id=4, once="batch:3", is_batch=True)
MERGED = replace(QUESTION, state=MailState.MERGED)
SENT = replace(QUESTION, state=MailState.SENT)
LATE = NotAsked(Reason.TOO_LATE)
MOVED = replace(PLAN, start=START + HOUR)


def retimed(at):
    return SmallChange(Retiming("question:7", 1, at, ASKING.reason.value))


@pytest.mark.parametrize(
    ("case", "meeting", "plan", "mails", "change"),
    [
        ("its question is never put off", {}, PLAN, [QUESTION], retimed(DUE)),
        ("unless the call is", {}, MOVED, [QUESTION], retimed(DUE + HOUR)),
        ("somebody else is asked", {}, replace(PLAN, rep_id=2), [QUESTION], None),
        ("it is in a digest", {}, PLAN, [MERGED, DIGEST], None),
        ("its question is being sent", {}, PLAN,
         [replace(QUESTION, state=MailState.DRAFTED)], None),
        ("its question was taken back", {}, PLAN,
         [replace(QUESTION, state=MailState.WITHDRAWN)], None),
        ("it was asked", {"state": MeetingState.ASKED}, PLAN, [SENT], SmallChange()),
        ("it was asked, and moved", {"state": MeetingState.ASKED}, MOVED, [SENT], None),
        ("it was answered", {"state": MeetingState.ANSWERED}, PLAN, [SENT], None),
        ("it comes back", {"state": MeetingState.WITHDRAWN}, PLAN, [MERGED], None),
    ],
)  # fmt: skip
def test_what_a_known_meeting_needs(case, meeting, plan, mails, change):
    known = replace(MEETING, **meeting)
    assert small_change(known, Planned(plan, ASKING), mails) == change


def test_a_question_that_comes_too_late_now_stays_where_it_is():
    assert small_change(MEETING, Planned(MOVED, LATE), [QUESTION]) == SmallChange()
