"""What counts as asked, and of which calls we still do not know what came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.commitment import Outcome
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind, MailState
from nudger.store import history, outbox, people, tables
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outbox import NewMail
from nudger.store.outcomes import GivenOutcome, Outcomes
from nudger.store.people import NewRep
from nudger.store.vault import Vault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
VAULT = Vault(b"k" * 32)


@pytest.fixture
def tx(database):
    with database.begin() as opened:
        yield opened


@pytest.fixture
def call(tx):
    """A call of Ana's, now, by its rep's id and its own."""
    rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW)
    details = MeetingDetails("T", ())
    plan = MeetingPlan(
        "key", rep.id, "organizer", "outside", NOW, NOW + HOUR, "UTC", ("acme.com",), details
    )
    (meeting_id,) = Meetings(VAULT).add_many(tx, [plan], NOW).values()
    return rep.id, meeting_id


def mailed(tx, call, kind, state):
    rep_id, meeting_id = call
    mail_id = outbox.put(tx, NewMail(kind, kind.value, rep_id, NOW, "x", (meeting_id,)))
    this = tables.mail.c.id == mail_id
    tx.execute(sa.update(tables.mail).where(this).values(state=state.value, sent_at=NOW))


@pytest.mark.parametrize("state", MailState)
@pytest.mark.parametrize("kind", [MailKind.QUESTION, MailKind.FOLLOW_UP, MailKind.COLLEAGUE])
def test_a_call_counts_as_asked_about_once_its_question_went_out(tx, call, kind, state):
    rep_id, meeting_id = call
    mailed(tx, call, kind, state)
    asked = [row.meeting_id for row in history.asked_between(tx, NOW, NOW + HOUR)]
    unknown = history.outcome_open(tx, rep_id, NOW, NOW + HOUR)
    is_sent = state is MailState.SENT
    assert asked == ([meeting_id] if is_sent and kind is MailKind.QUESTION else [])
    assert unknown == ([meeting_id] if is_sent and kind is MailKind.FOLLOW_UP else [])


@pytest.mark.parametrize(
    ("since", "until", "whose", "found"),
    [(0, 1, 0, True), (-1, 0, 0, False), (1, 2, 0, False), (0, 1, 1, False)],
)
def test_of_the_reps_calls_that_begin_in_that_time(tx, call, since, until, whose, found):
    rep_id, meeting_id = call
    for kind in (MailKind.QUESTION, MailKind.FOLLOW_UP):
        mailed(tx, call, kind, MailState.SENT)
    stretch = NOW + since * HOUR, NOW + until * HOUR
    asked = [row.meeting_id for row in history.asked_between(tx, *stretch, rep_id + whose)]
    assert asked == history.outcome_open(tx, rep_id + whose, *stretch) == [meeting_id] * found


def test_what_came_of_it_is_known_once_it_was_told(tx, call):
    rep_id, meeting_id = call
    mailed(tx, call, MailKind.FOLLOW_UP, MailState.SENT)
    Outcomes(VAULT).put(tx, meeting_id, rep_id, GivenOutcome(Outcome.NO, "", NOW))
    assert history.outcome_open(tx, rep_id, NOW, NOW + HOUR) == []
