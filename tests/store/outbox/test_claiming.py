"""What is due is claimed, by one worker for each rep."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from nudger.domain.event import Provider
from nudger.domain.mails import RESPONSES, UNSENT, MailKind, MailState
from nudger.store import outbox, people
from nudger.store.leases import Claimant, release
from nudger.store.outbox import NewMail
from nudger.store.people import NewRep
from tests.store.mails import LATER, NOW, bring_to


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
