"""What is not sent yet."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import UNSENT, MailKind, MailState
from nudger.store import outbox, people, tables
from nudger.store.outbox import NewMail, Waiting
from nudger.store.people import NewRep
from tests.store.mails import LATER, NOW, bring_to


def test_the_questions_that_wait_come_with_the_starts_of_their_calls(database, three):
    with database.begin() as tx:
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        other = people.add_rep(tx, NewRep("ben@x.co", Provider.GOOGLE), NOW).id
        third = sa.update(tables.meeting).where(tables.meeting.c.id == three[2])
        tx.execute(third.values(start_at=LATER))
        outbox.put(tx, NewMail(MailKind.REMINDER, "r", rep_id, NOW, "x", (three[0],)))
        outbox.put(tx, NewMail(MailKind.QUESTION, "theirs", other, NOW, "x", (three[0],)))
        both = (three[2], three[0])
        outbox.put(tx, NewMail(MailKind.QUESTION, "both", rep_id, LATER, "why", both))
        bring_to(tx, f"q:{three[1]}", state=MailState.DRAFTING.value)
        waiting = outbox.waiting_questions(tx, rep_id)
    assert waiting == [
        Waiting(f"q:{three[0]}", NOW, "x", {three[0]: NOW}),
        Waiting(f"q:{three[2]}", NOW, "x", {three[2]: LATER}),
        Waiting("both", LATER, "why", {three[0]: NOW, three[2]: LATER}),
    ]


@pytest.mark.parametrize("state", MailState)
def test_a_mail_waits_until_it_is_sent_or_ends(database, three, state):
    with database.begin() as tx:
        bring_to(tx, f"q:{three[0]}", state=state.value)
        waits = outbox.is_waiting(tx, MailKind.QUESTION, three[0])
        assert outbox.is_waiting(tx, MailKind.REMINDER, three[1]) is False
        unsent = {mail.once for mail in outbox.waiting(tx, (MailKind.QUESTION,))}
        assert outbox.waiting(tx, (MailKind.REMINDER,)) == []
    assert waits is (state in UNSENT)
    assert (f"q:{three[0]}" in unsent, len(unsent)) == (waits, 2 + waits)


@pytest.mark.parametrize("state", MailState)
def test_the_question_that_can_still_be_put_to_another_moment(database, three, state):
    with database.begin() as tx:
        bring_to(tx, f"q:{three[0]}", state=state.value)
        found = outbox.waiting_question(tx, three[0])
    assert (found is not None) is (state in (MailState.DUE, MailState.WITHDRAWN))


def test_of_several_questions_the_latest_about_the_meeting_alone_waits(database, three):
    with database.begin() as tx:
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        outbox.put(tx, NewMail(MailKind.QUESTION, "second", rep_id, NOW, "x", three[:1]))
        outbox.put(tx, NewMail(MailKind.REMINDER, "reminder", rep_id, NOW, "x", three[:1]))
        outbox.put(tx, NewMail(MailKind.QUESTION, "batch", rep_id, NOW, "x", three[:1]))
        bring_to(tx, "batch", is_batch=True)
        assert outbox.waiting_question(tx, three[0]) == "second"
