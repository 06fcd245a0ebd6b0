"""Mails about several meetings: put together, taken apart, numbered."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nudger.domain.event import Provider
from nudger.domain.mails import ENDED_UNSENT, RESPONSES, UNSENT, MailKind, MailState
from nudger.domain.reasons import Reason
from nudger.store import comments, inbox, mail_groups, outbox, people, sent_log, tables
from nudger.store.leases import Claimant, LeaseLost, change, release
from nudger.store.meetings import MeetingDetails, MeetingPlan, Meetings
from nudger.store.outbox import Mail, NewMail, Retiming, Waiting
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
        assert sent_log.last_sent(tx, ana, NOW, NOW).latest is None
        assert sent_log.last_sent(tx, mia, NOW, NOW).reported_at == NOW
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


def test_what_asks_waits_for_an_announcement_that_is_due(database, two_reps):
    """The question is due earlier; what answers a rep waits for nothing."""
    ana, ben = two_reps
    before, soon = NOW - timedelta(hours=1), NOW + timedelta(minutes=1)
    with database.begin() as tx:
        for kind, once, rep, due in (
            (MailKind.WEEKLY, "ana's", ana, before),
            (MailKind.COMMAND, "answer", ana, before),
            (MailKind.ANNOUNCEMENT, "told", ana, NOW),
            (MailKind.WEEKLY, "ben's", ben, before),
            (MailKind.ANNOUNCEMENT, "later", ben, soon),
        ):
            outbox.put(tx, NewMail(kind, once, rep.id, due, "x"))
        claimed = {
            mail.once: lease for lease, mail in outbox.claim_mails(tx, Claimant("w", NOW), 20)
        }
        assert set(claimed) & {"ana's", "answer", "told", "ben's", "later"} == {
            "answer", "told", "ben's",
        }  # fmt: skip
    with database.begin() as tx:
        release(tx, claimed["told"], state=MailState.SENT.value)
        again = [mail.once for _, mail in outbox.claim_mails(tx, Claimant("w", NOW), 20)]
    assert "ana's" in again


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


LATER = NOW + timedelta(hours=3)


def states(tx):
    """Every mail by what makes it unique: its state, its reason and its fence."""
    columns = tables.mail.c
    rows = tx.execute(sa.select(columns.once, columns.state, columns.reason, columns.fence))
    return {row.once: (row.state, row.reason, row.fence) for row in rows}


def bring_to(tx, once, **values):
    """Have a mail be as a step would leave it."""
    tx.execute(sa.update(tables.mail).where(tables.mail.c.once == once).values(**values))


def test_the_same_is_put_once_and_stays_about_what_it_was_about(database, three):
    with database.begin() as tx:
        again = NewMail(MailKind.QUESTION, f"q:{three[0]}", 1, LATER, "y", (three[1],))
        assert outbox.put(tx, again) is None
        (mail,) = outbox.about_meeting(tx, three[0])
    assert (mail.due_at, mail.reason) == (NOW, "x")


def test_several_are_put_at_once_each_about_its_own(database, three):
    with database.begin() as tx:
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        new = [
            NewMail(MailKind.REMINDER, "r:two", rep_id, NOW, "x", (three[1], three[0])),
            NewMail(MailKind.WEEKLY, "r:none", rep_id, NOW, "x"),
            NewMail(MailKind.REMINDER, "r:one", rep_id, LATER, "x", (three[2],)),
        ]
        ids = outbox.put_new(tx, new)
        assert [outbox.get_mail(tx, one).once for one in ids] == ["r:two", "r:none", "r:one"]
        about = [outbox.meeting_ids(tx, one) for one in ids]
        assert about == [[three[1], three[0]], [], [three[2]]]
        assert outbox.put_new(tx, []) == []


def test_who_reads_a_mail_is_the_rep_unless_it_goes_to_somebody_else():
    mail = Mail(1, MailKind.WEEKLY, "w", 7, MailState.DUE, "weekly", NOW, 0)
    assert mail.reader_id == 7
    assert replace(mail, recipient="mia@x.co").reader_id is None


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


@pytest.fixture
def mixed(database, three):
    """Beside the three questions: a reminder and a follow-up about the first call, a confirmation
    and a digest about the first two."""
    with database.begin() as tx:
        rep_id = outbox.about_meeting(tx, three[0])[0].rep_id
        for kind, once, about in (
            (MailKind.REMINDER, "reminder", three[:1]),
            (MailKind.FOLLOW_UP, "follow_up", three[:1]),
            (MailKind.CONFIRMATION, "confirmation", three[:2]),
            (MailKind.REMINDER, "digest", three[:2]),
        ):
            outbox.put(tx, NewMail(kind, once, rep_id, NOW, "x", about))
    return three


UNTOUCHED = (MailState.DUE, "x", 0)
TAKEN = (MailState.WITHDRAWN, "gone", 1)


@pytest.mark.parametrize(
    ("kinds", "taken", "digest_keeps_both"),
    [
        (tuple(MailKind), {"q:first", "reminder", "follow_up"}, False),
        ((MailKind.QUESTION, MailKind.REMINDER), {"q:first", "reminder"}, False),
        ((MailKind.FOLLOW_UP,), {"follow_up"}, True),
        ((), set(), True),
    ],
)
def test_what_is_taken_back_of_a_meeting(database, mixed, kinds, taken, digest_keeps_both):
    with database.begin() as tx:
        assert outbox.withdraw(tx, mixed[0], "gone", kinds) == len(taken)
        found = {once.replace(f"q:{mixed[0]}", "q:first"): at for once, at in states(tx).items()}
        about = {
            mail.once: outbox.meeting_ids(tx, mail.id)
            for mail in outbox.about_meeting(tx, mixed[1])
        }
    assert found == {once: TAKEN if once in taken else UNTOUCHED for once in found}
    assert about["confirmation"] == mixed[:2]
    assert about["digest"] == (mixed[:2] if digest_keeps_both else [mixed[1]])


@pytest.mark.parametrize("state", MailState)
def test_only_what_is_unsent_is_taken_back(database, three, state):
    once = f"q:{three[0]}"
    with database.begin() as tx:
        bring_to(tx, once, state=state.value)
        count = outbox.withdraw(tx, three[0], "gone")
        found = states(tx)[once]
    assert (count, found) == ((1, TAKEN) if state in UNSENT else (0, (state, "x", 0)))


TAKING_AWAY = {
    "its meeting": lambda tx, one: outbox.withdraw(tx, one.meeting_id, "gone"),
    "itself": lambda tx, one: outbox.cancel(tx, one.once, "gone"),
    "into another": lambda tx, one: mail_groups.merge(tx, one.other_id, [one.id]),
    "a remark": lambda tx, one: comments.withdraw_comments(tx, one.rep_id, Reason.NOT_SHARED),
    "one of several, called off": lambda tx, one: outbox.withdraw(tx, one.meeting_id, "gone"),
    "one of several, moved": lambda tx, one: mail_groups.detach_meeting(tx, one.meeting_id),
}


@dataclass(frozen=True)
class Claimed:
    id: int
    once: str
    rep_id: int
    meeting_id: int
    other_id: int


@pytest.mark.parametrize("what", TAKING_AWAY)
def test_who_is_about_to_draft_what_was_taken_away_does_not(database, three, what):
    """What it was about when it was claimed is no more what it is about."""
    with database.begin() as tx:
        own, *others = (outbox.about_meeting(tx, one)[0] for one in three)
        if what.startswith("one of several"):
            mail_groups.merge(tx, own.id, [others[0].id])
        kind = MailKind.COMMENT.value if what == "a remark" else own.kind.value
        tx.execute(sa.update(tables.mail).where(tables.mail.c.id == own.id).values(kind=kind))
        [(lease, mail)] = outbox.claim_mails(tx, Claimant("w", NOW), 1, only=own.id)
        claimed = Claimed(own.id, mail.once, own.rep_id, three[0], others[-1].id)
    with database.begin() as tx:
        TAKING_AWAY[what](tx, claimed)
    with database.begin() as tx, pytest.raises(LeaseLost):
        change(tx, lease, state=MailState.DRAFTING.value)


@pytest.mark.parametrize("state", MailState)
def test_one_mail_is_cancelled_before_it_is_begun(database, three, state):
    with database.begin() as tx:
        bring_to(tx, f"q:{three[0]}", state=state.value)
        outbox.cancel(tx, f"q:{three[0]}", "gone")
        found = states(tx)
    first, others = found.pop(f"q:{three[0]}"), list(found.values())
    assert first == (TAKEN if state is MailState.DUE else (state, "x", 0))
    assert others == [UNTOUCHED, UNTOUCHED]


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


@pytest.mark.parametrize("kind", MailKind)
def test_an_answer_that_a_clock_ahead_put_off_goes_out_and_a_question_waits(
    database, two_reps, kind
):
    ana, _ = two_reps
    with database.begin() as tx:
        outbox.put(tx, NewMail(kind, "far", ana.id, NOW + timedelta(hours=1, seconds=1), "x"))
        claimed = [mail.once for _, mail in outbox.claim_mails(tx, Claimant("w", NOW), 20)]
    assert ("far" in claimed) is (kind in RESPONSES)


def test_what_somebody_began_is_claimed_again_and_what_ended_is_not(database, three):
    with database.begin() as tx:
        for number, state in enumerate(MailState):
            rep = people.add_rep(tx, NewRep(f"r{number}@x.co", Provider.GOOGLE), NOW)
            outbox.put(tx, NewMail(MailKind.WEEKLY, state.value, rep.id, NOW, "x"))
            bring_to(tx, state.value, state=state.value)
        claimed = {mail.once for _, mail in outbox.claim_mails(tx, Claimant("w", NOW), 99)}
    assert claimed - {f"q:{one}" for one in three} == set(UNSENT)


def test_what_is_due_and_when_the_last_is(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "q", due_at=LATER)
        bring_to(tx, "m", state=MailState.SENT.value, due_at=LATER + timedelta(hours=1))
        assert [mail.once for mail in outbox.due_mails(tx, NOW - timedelta(seconds=1))] == []
        assert [mail.once for mail in outbox.due_mails(tx, NOW)] == ["w"]
        assert [mail.once for mail in outbox.due_mails(tx, LATER)] == ["w", "q"]
        assert outbox.last_due(tx) == LATER


def test_a_mail_is_found_by_what_was_given_to_it_and_by_nothing_else(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "w", token_hash="aa", rfc_message_id="<w@x>")
        bring_to(tx, "q", token_hash="bb", rfc_message_id="<q@x>")
        found = [outbox.find_by_token(tx, "aa"), outbox.find_by_message_id(tx, "<w@x>")]
        assert [mail.once for mail in found if mail] == ["w", "w"]
        assert outbox.find_by_token(tx, "cc") is None
        assert outbox.find_by_message_id(tx, "<x@x>") is None


def test_what_is_noted_about_one_mail_is_noted_about_no_other(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "w", token_hash="aa")
        mail = outbox.find_by_token(tx, "aa")
        outbox.set_content(tx, mail.id, b"sealed")
        outbox.set_bounced(tx, mail.id, LATER)
        rows = {
            one.once: (one.content, one.bounced_at) for one in outbox.waiting(tx, tuple(MailKind))
        }
        assert rows == {"w": (b"sealed", LATER), "m": (None, None), "q": (None, None)}


@pytest.mark.parametrize(
    ("came_back", "count", "began"),
    [
        ({"w": NOW, "second": LATER}, 2, NOW),
        ({"w": NOW, "second": LATER}, 1, LATER),
        ({"w": NOW, "second": LATER}, 0, None),
        ({"w": NOW}, 2, None),
        ({"w": NOW, "m": LATER}, 2, None),
        ({"w": NOW, "q": LATER}, 2, None),
    ],
)
def test_since_when_a_reps_own_mails_come_back(database, two_reps, came_back, count, began):
    """Not those to somebody else about the rep, nor to another rep."""
    ana, _ = two_reps
    with database.begin() as tx:
        outbox.put(tx, NewMail(MailKind.QUESTION, "second", ana.id, NOW, "day_before"))
        for once, at in came_back.items():
            bring_to(tx, once, bounced_at=at)
        assert outbox.bouncing_since(tx, ana.id, count) == began


def test_the_state_and_the_moment_of_a_mail(database, two_reps):
    with database.begin() as tx:
        bring_to(tx, "q", state=MailState.MERGED.value, due_at=LATER)
        assert outbox.state_of(tx, "q") is MailState.MERGED
        assert outbox.state_of(tx, "w") is MailState.DUE
        assert outbox.state_of(tx, "x") is None
        moments = [outbox.due_at_of(tx, once) for once in ("q", "w", "x")]
    assert moments == [LATER, NOW, None]


def test_two_who_claim_at_once_on_postgresql_do_so_one_after_the_other(database, three, kept_in):
    """Or each would find that none was sent to the rep within the hour."""
    if kept_in != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    claimed, first_has_claimed = [], threading.Event()

    def second():
        first_has_claimed.wait()
        with database.begin() as tx:
            claimed.append(outbox.claim_mails(tx, Claimant("b", NOW), 1))

    thread = threading.Thread(target=second)
    thread.start()
    with database.begin() as tx:
        held = outbox.claim_mails(tx, Claimant("a", NOW), 1)
        first_has_claimed.set()
        thread.join(0.5)
    thread.join()
    assert (len(held), claimed) == (1, [[]])
