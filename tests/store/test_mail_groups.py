"""Mails about several meetings: put together, taken apart, numbered."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from nudger.domain.mails import MailKind, MailState
from nudger.store import mail_groups, outbox, sent_log, tables
from nudger.store.leases import Claimant
from tests.store.mails import NOW, merge_all


def test_merged_meetings_are_numbered_in_order(database, three):
    with database.begin() as tx:
        first, *others = merge_all(tx)
        assert outbox.meeting_ids(tx, first) == three
        assert [outbox.get_mail(tx, one).state for one in others] == [MailState.MERGED] * 2


def test_a_mail_that_lost_its_first_meeting_takes_in_another(database, three):
    with database.begin() as tx:
        mails = [
            mail.id
            for mail in mail_groups.due_unclaimed(tx, Claimant("w", NOW), NOW, (MailKind.QUESTION,))
        ]
        mail_groups.merge(tx, mails[0], mails[1:2])
        outbox.withdraw(tx, three[0], "gone")
        assert outbox.meeting_ids(tx, mails[0]) == [three[1]]
        mail_groups.merge(tx, mails[0], mails[2:])
        assert outbox.meeting_ids(tx, mails[0]) == three[1:]


def test_a_written_mail_keeps_its_numbers(database, three):
    with database.begin() as tx:
        first = merge_all(tx)[0]
        drafted = sa.update(tables.mail).where(tables.mail.c.id == first).values(state="drafted")
        tx.execute(drafted)
        outbox.withdraw(tx, three[1], "gone")
        assert outbox.meeting_ids(tx, first) == three
        assert outbox.get_mail(tx, first).state is MailState.DRAFTED


def test_a_merged_question_that_never_went_out_can_be_opened_again(database, three):
    with database.begin() as tx:
        first = merge_all(tx)[0]
        outbox.withdraw(tx, three[2], "gone")
        assert not sent_log.is_asked(tx, three[2], MailKind.QUESTION)
        outbox.reopen(tx, f"q:{three[2]}", three[2], NOW)
        due = mail_groups.due_unclaimed(tx, Claimant("w", NOW), NOW, (MailKind.QUESTION,))
        assert [outbox.meeting_ids(tx, mail.id) for mail in due] == [three[:2], [three[2]]]
        assert due[0].id == first


def test_a_mail_that_somebody_is_about_to_send_is_not_put_together_with_others(database, three):
    claimant = Claimant("w", NOW)
    with database.begin() as tx:
        (_, claimed), *_ = outbox.claim_mails(tx, claimant, 1)
        waiting = mail_groups.due_unclaimed(tx, Claimant("other", NOW), NOW, (MailKind.QUESTION,))
    assert len(waiting) == len(three) - 1
    assert claimed.id not in [mail.id for mail in waiting]


def test_merged_meetings_are_numbered_as_they_begin(database, three):
    with database.begin() as tx:
        for hours, meeting_id in enumerate(reversed(three)):
            at = NOW + timedelta(hours=hours)
            moved = sa.update(tables.meeting).where(tables.meeting.c.id == meeting_id)
            tx.execute(moved.values(start_at=at))
        first = merge_all(tx)[0]
        assert outbox.meeting_ids(tx, first) == list(reversed(three))
