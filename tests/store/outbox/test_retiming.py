"""Mails are moved, and opened again, as long as nobody has begun to send them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import ENDED_UNSENT, MailKind, MailState
from nudger.store import outbox, people, tables
from nudger.store.outbox import NewMail, Retiming
from nudger.store.people import NewRep
from tests.store.mails import LATER, NOW, bring_to, states


def test_several_mails_are_retimed_at_once_unless_they_are_being_sent(database, three):
    later = NOW.replace(hour=12)
    with database.begin() as tx:
        mails = outbox.about_meetings(tx, three)
        first, second, third = (mails[meeting_id][0] for meeting_id in three)
        outbox.retime_many(tx, [])
        drafted = sa.update(tables.mail).where(tables.mail.c.id == second.id)
        tx.execute(drafted.values(state=MailState.DRAFTED.value))
        outbox.cancel(tx, third.once, "x")
        outbox.retime_many(
            tx, [Retiming(one.once, one.rep_id, later, "moved") for one in (first, second, third)]
        )
        due = [outbox.get_mail(tx, one.id) for one in (first, second, third)]
    assert [(one.due_at, one.state) for one in due] == [
        (later, MailState.DUE), (NOW, MailState.DRAFTED), (later, MailState.DUE),
    ]  # fmt: skip


@pytest.mark.parametrize("state", MailState)
def test_a_mail_is_retimed_as_long_as_nobody_has_begun_to_send_it(database, three, state):
    once = f"q:{three[0]}"
    with database.begin() as tx:
        other = people.add_rep(tx, NewRep("ben@x.co", Provider.GOOGLE), NOW).id
        before = outbox.about_meeting(tx, three[0])[0]
        bring_to(tx, once, state=state.value)
        outbox.retime(tx, once, other, LATER, "moved")
        after = outbox.get_mail(tx, before.id)
        untouched = outbox.about_meeting(tx, three[1])[0]
    is_moved = state in (MailState.DUE, MailState.WITHDRAWN)
    assert (after.rep_id, after.due_at, after.reason, after.state) == (
        (other, LATER, "moved", MailState.DUE) if is_moved else (before.rep_id, NOW, "x", state)
    )
    assert (untouched.rep_id, untouched.due_at, untouched.reason) == (before.rep_id, NOW, "x")


def test_what_was_put_off_until_a_moment_is_looked_at_again(database, three):
    with database.begin() as tx:
        other = people.add_rep(tx, NewRep("ben@x.co", Provider.GOOGLE), NOW).id
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        outbox.put(tx, NewMail(MailKind.WEEKLY, "theirs", other, LATER, "x"))
        outbox.put(tx, NewMail(MailKind.WEEKLY, "sent", rep_id, LATER, "x"))
        bring_to(tx, "sent", state=MailState.SENT.value)
        bring_to(tx, f"q:{three[0]}", due_at=LATER)
        bring_to(tx, f"q:{three[1]}", due_at=LATER + timedelta(hours=1))
        outbox.resume_deferred(tx, rep_id, LATER, NOW - timedelta(hours=1))
        due = {once: outbox.due_at_of(tx, once) for once in states(tx)}
    assert due == {
        f"q:{three[0]}": NOW - timedelta(hours=1),
        f"q:{three[1]}": LATER + timedelta(hours=1),
        f"q:{three[2]}": NOW,
        "theirs": LATER,
        "sent": LATER,
    }


@pytest.mark.parametrize("state", MailState)
def test_what_ended_unsent_is_opened_again_as_if_it_had_never_been_tried(database, three, state):
    once = f"q:{three[0]}"
    with database.begin() as tx:
        bring_to(tx, once, state=state.value, attempts=2)
        outbox.reopen(tx, once, three[0], LATER)
        mail, other = (outbox.about_meeting(tx, one)[0] for one in three[:2])
        assert outbox.meeting_ids(tx, mail.id) == three[:1]
    is_opened = state in ENDED_UNSENT
    expected = (MailState.DUE, LATER, 0) if is_opened else (state, NOW, 2)
    assert (mail.state, mail.due_at, mail.attempts) == expected
    assert (other.state, other.due_at) == (MailState.DUE, NOW)
