"""Trying claimed work: what came of it, or why it failed and until when its row is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from nudger.domain.availability import RepState
from nudger.domain.mails import MailKind
from nudger.domain.reasons import Reason
from nudger.providers.base import (
    AccessDenied,
    CalendarGone,
    NotFound,
    ReconnectNeeded,
    Unavailable,
)
from nudger.runtime.attempt import (
    TAKEN_OVER,
    Failure,
    Work,
    attempt,
    judge_failure,
)
from nudger.runtime.work_off import each_claimed
from nudger.store import outbox, people, tables
from nudger.store.leases import LeaseLost, release
from nudger.store.outbox import NewMail, claim_mails

ANA = "ana@ourco.example"


@pytest.fixture
def three_mails(office):
    with office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        for number in range(3):
            new = NewMail(MailKind.COMMAND, f"command:{number}", rep.id, office.ctx.clock(), "help")
            outbox.put(tx, new)
    return office.ctx


def claim(ctx, limit=2):
    with ctx.database.begin() as tx:
        claimed = claim_mails(tx, ctx.claimant(), limit)
    return [(Work(lease, mail.once, mail.attempts, mail.rep_id), mail) for lease, mail in claimed]


def claim_two(ctx, room):
    return claim(ctx, min(room, 2))


def finish(ctx, lease, mail):
    with ctx.database.begin() as tx:
        release(tx, lease, state="sent")
    return mail.once


def kept(ctx, once):
    with ctx.database.read() as tx:
        return next(mail for mail in outbox.waiting(tx, (MailKind.COMMAND,)) if mail.once == once)


def test_one_batch_after_the_other_is_done(three_mails):
    done = list(each_claimed(three_mails, claim_two, finish))
    assert sorted(done) == ["command:0", "command:1", "command:2"]


@pytest.mark.parametrize("state", RepState)
def test_a_consent_that_is_gone_undoes_no_word_of_the_reps(three_mails, state):
    """Connecting anew must not have somebody asked again who paused or stopped us."""
    with three_mails.database.begin() as tx:
        ana = people.find_rep(tx, ANA)
        people.set_state(tx, ana.id, state, "as before")
    [(work, _)] = claim(three_mails, 1)

    def refused():
        raise ReconnectNeeded("the consent was withdrawn")

    attempt(three_mails, work, refused)
    with three_mails.database.read() as tx:
        left = people.find_rep(tx, ANA)
    was_active = state is RepState.ACTIVE
    assert left.state is (RepState.RECONNECT if was_active else state)
    assert (left.state_reason == "as before") is not was_active


def test_what_fails_stops_nothing_else_and_is_put_off(three_mails):
    def fail_once(ctx, lease, mail):
        if mail.once == "command:0":
            raise Unavailable("busy")
        return finish(ctx, lease, mail)

    assert sorted(each_claimed(three_mails, claim_two, fail_once)) == ["command:1", "command:2"]
    failed = kept(three_mails, "command:0")
    assert failed.attempts == 1
    assert failed.due_at == three_mails.clock() + timedelta(seconds=30)


def test_when_told_to_stop_the_piece_in_hand_is_the_last(three_mails, office):
    def stop(ctx, lease, mail):
        ctx.stop.set()
        return finish(ctx, lease, mail)

    done = list(each_claimed(three_mails, claim_two, stop))
    assert len(done) == 1
    others = [mail for _, mail in claim(office.another_worker(), 9)]
    assert len(others) == 2
    assert {mail.attempts for mail in others} == {0}


def test_the_first_piece_costs_the_same_however_much_waits(three_mails, office):
    def first():
        return next(each_claimed(three_mails, claim_two, finish))

    few = office.statements(first)
    rows = [
        {"kind": "command", "once": f"more:{n}", "rep_id": 1, "state": "due", "reason": "help",
         "due_at": three_mails.clock()}
        for n in range(10_000)
    ]  # fmt: skip
    with three_mails.database.begin() as tx:
        tx.execute(insert(tables.mail), rows)
    assert office.statements(first) == few


def test_what_came_of_it_is_returned(three_mails):
    ((work, _),) = claim(three_mails, 1)
    assert attempt(three_mails, work, lambda: 7) == 7


def test_a_withdrawn_consent_is_kept_on_the_rep(three_mails):
    def sign_in():
        raise ReconnectNeeded("sign in again")

    ((work, _),) = claim(three_mails, 1)
    result = attempt(three_mails, work, sign_in)
    assert isinstance(result, Failure)
    assert result.reason == "reconnect"
    with three_mails.database.read() as tx:
        assert people.find_rep(tx, ANA).state is RepState.RECONNECT


def test_work_that_another_took_over_is_left_to_them(three_mails):
    def lose():
        raise LeaseLost("mail 1")

    ((work, mail),) = claim(three_mails, 1)
    assert attempt(three_mails, work, lose) is TAKEN_OVER
    assert kept(three_mails, mail.once).attempts == 1, "the claim's own"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CalendarGone("no calendar"), Reason.CALENDAR_GONE),
        (NotFound("no event"), Reason.PROVIDER_ERROR),
        (AccessDenied("no right"), Reason.ACCESS_DENIED),
    ],
)
def test_what_an_error_means(error, reason):
    assert judge_failure(error, 0).reason is reason
