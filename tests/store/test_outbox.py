"""Mails about several meetings: put together, taken apart, numbered."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind, MailState
from nudger.store import inbox, mail_groups, outbox, people, sent_log, tables
from nudger.store.leases import Claimant, release
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outbox import NewMail, Retiming
from nudger.store.people import NewRep
from nudger.store.vault import load_vault, new_key

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def three(database, tmp_path):
    """Three questions due to one rep, each about one meeting; returns the meetings' ids."""
    meetings = Meetings(load_vault(new_key(), tmp_path / "none"))
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE, "Ana"), NOW)
        plans = [
            MeetingPlan(
                f"google:{n}",
                rep.id,
                "organizer",
                "outside",
                NOW,
                NOW,
                "UTC",
                (),
                MeetingDetails("t", ()),
            )
            for n in range(3)
        ]
        ids = list(meetings.add_many(tx, plans, NOW).values())
        for meeting_id in ids:
            mail = NewMail(MailKind.QUESTION, f"q:{meeting_id}", rep.id, NOW, "x", (meeting_id,))
            outbox.put(tx, mail)
    return ids


def merge_all(tx):
    mails = [
        mail.id
        for mail in mail_groups.due_unclaimed(tx, Claimant("w", NOW), NOW, (MailKind.QUESTION,))
    ]
    mail_groups.merge(tx, mails[0], mails[1:])
    return mails


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


@pytest.fixture
def two_reps(database):
    """Ana and Mia; Mia also gets a mail about Ana."""
    with database.begin() as tx:
        ana, mia = (
            people.add_rep(tx, NewRep(f"{name}@x.co", Provider.GOOGLE), NOW)
            for name in ("ana", "mia")
        )
        for new in (
            NewMail(MailKind.WEEKLY, "w", ana.id, NOW, "weekly"),
            NewMail(MailKind.MANAGER_WEEKLY, "m", ana.id, NOW, "weekly", recipient="mia@x.co"),
            NewMail(MailKind.QUESTION, "q", mia.id, NOW, "day_before"),
        ):
            outbox.put(tx, new)
    return ana, mia


def test_what_goes_to_somebody_else_is_no_mail_to_the_rep(database, two_reps):
    ana, mia = two_reps
    with database.begin() as tx:
        sent = {"state": MailState.SENT.value, "sent_at": NOW}
        to_mia = tables.mail.c.once == "m"
        tx.execute(sa.update(tables.mail).where(to_mia).values(**sent))
        assert sent_log.last_sent(tx, ana, NOW).latest is None
        assert sent_log.last_sent(tx, mia, NOW).reported_at == NOW
        assert (sent_log.next_asking_at(tx, ana), sent_log.next_asking_at(tx, mia)) == (None, NOW)


def test_a_mail_to_somebody_else_outlives_the_rep(database, two_reps):
    _, mia = two_reps
    with database.begin() as tx:
        people.remove_rep(tx, "ana@x.co")
        assert {one.once: one.rep_id for one in outbox.waiting(tx, tuple(MailKind))} == {
            "m": mia.id,
            "q": mia.id,
        }
        people.remove_rep(tx, "mia@x.co")
        assert outbox.waiting(tx, tuple(MailKind)) == []


def test_a_mail_that_somebody_is_about_to_send_is_not_put_together_with_others(database, three):
    claimant = Claimant("w", NOW)
    with database.begin() as tx:
        (_, claimed), *_ = outbox.claim_mails(tx, claimant, 1)
        waiting = mail_groups.due_unclaimed(tx, Claimant("other", NOW), NOW, (MailKind.QUESTION,))
    assert len(waiting) == len(three) - 1
    assert claimed.id not in [mail.id for mail in waiting]


def test_what_we_send_to_one_rep_is_sent_by_one_worker_at_a_time(database, three):
    with database.begin() as tx:
        [(lease, first)] = outbox.claim_mails(tx, Claimant("a", NOW), 1)
    with database.begin() as tx:
        notice = NewMail(MailKind.QUARANTINED, "held:1", first.rep_id, NOW, "x")
        outbox.put(tx, notice)
        claimed = outbox.claim_mails(tx, Claimant("b", NOW), 20)
        assert [mail.kind for _, mail in claimed] == [MailKind.QUARANTINED]
    with database.begin() as tx:
        release(tx, lease, state=MailState.SENT.value)
        assert len(outbox.claim_mails(tx, Claimant("b", NOW), 20)) == 2


def test_several_mails_are_retimed_at_once_unless_they_are_being_sent(database, three):
    later = NOW.replace(hour=12)
    with database.begin() as tx:
        mails = outbox.about_meetings(tx, three)
        first, second, third = (mails[meeting_id][0] for meeting_id in three)
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


def test_the_mails_about_meetings_are_found_by_state(database, three):
    with database.begin() as tx:
        first, *_ = merge_all(tx)
        found = outbox.about_meetings(tx, [*three, 999], (MailState.DUE,))
    assert {meeting_id: [one.id for one in mails] for meeting_id, mails in found.items()} == {
        three[0]: [first], three[1]: [first], three[2]: [first], 999: [],
    }  # fmt: skip


def test_two_workers_who_put_the_same_at_once_put_it_once(database):
    with database.begin() as tx:
        rep = people.add_rep(tx, NewRep("ana@ourco.com", Provider.GOOGLE), NOW)
    new = NewMail(MailKind.WEEKLY, "weekly:1", rep.id, NOW, "weekly")
    start, ids = threading.Barrier(8), []

    def work():
        start.wait()
        for number in range(20):
            with database.begin() as tx:
                ids.append(outbox.put(tx, replace(new, once=f"weekly:{number}")))
                inbox.ensure_mailbox(tx, f"box{number}@ourco.com", "google", NOW)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 160
    assert sum(one is not None for one in ids) == 20


def test_merged_meetings_are_numbered_as_they_begin(database, three):
    with database.begin() as tx:
        for hours, meeting_id in enumerate(reversed(three)):
            at = NOW + timedelta(hours=hours)
            moved = sa.update(tables.meeting).where(tables.meeting.c.id == meeting_id)
            tx.execute(moved.values(start_at=at))
        first = merge_all(tx)[0]
        assert outbox.meeting_ids(tx, first) == list(reversed(three))
