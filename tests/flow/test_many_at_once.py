"""Many reps at once: nobody waits for who does not answer, no mailbox gets more calls than it takes,
and what one rep wrote is dealt with in its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.jobs.ask import ask, send_one
from nudger.jobs.listen import listen, listen_one
from nudger.jobs.scan import scan, scan_one
from nudger.jobs.understand import understand, understand_one
from nudger.jobs.write import write, write_one
from nudger.runtime.pool import Pool
from nudger.sandbox.distance import TOO_MANY
from nudger.sandbox.faults import Fault
from nudger.sandbox.people_pages import reply_to
from nudger.sandbox.scenario import fleet
from nudger.sandbox.server import SandboxServer
from nudger.store import inbox, outbox, sent_log, tables
from nudger.store.people import NewRep
from tests.databases import sqlite_copy
from tests.office import NUDGER, open_office
from tests.waiting import wait_for

REPS = 20
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
ACT = "The customer agrees to a pilot by Friday"


def address(number):
    return f"rep{number:04d}@ourco.example"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture
def office(tmp_path, up_to_date_sqlite, kept_by):
    world = fleet(MONDAY, REPS, 1, kept_by)
    world.set_now(MONDAY)
    reps = [NewRep(address(number), Provider(kept_by)) for number in range(REPS)]
    with SandboxServer(world) as server:
        database = sqlite_copy(up_to_date_sqlite, tmp_path)
        with open_office(tmp_path, server, database, *reps, at_once=16) as opened:
            yield opened


def scanned(office):
    with office.ctx.database.read() as tx:
        return tx.scalars(select(tables.calendar.c.scanned_at)).all()


def to_the_due_moment(office):
    with office.ctx.database.read() as tx:
        office.at(outbox.last_due(tx))


def questions(office):
    with office.ctx.database.read() as tx:
        return sent_log.sent_mails(tx, MailKind.QUESTION)


def answer(office, number, text):
    with office.world.lock:
        (question, *_) = office.inbox(address(number))
        reply_to(office.world, address(number), question, text)


def again_and_again(step, is_so):
    """Take the step as a worker does: what takes its time is left behind, what waits behind that is
    for a later round."""
    wait_for(lambda: (step(), is_so())[1])


def test_calendars_that_do_not_answer_keep_nobody_waiting(office):
    silent = [address(7)]
    for person in silent:
        fault = Fault("*", status=0, reason="silent", person=person, times=None)
        office.world.faults.add(fault)
    pool = Pool(1 + len(silent), hangs_after=timedelta(seconds=0.1))
    worker = replace(office.ctx, pool=pool, leaves_behind=True)
    read = REPS - len(silent)
    again_and_again(
        lambda: scan(worker), lambda: sum(at is not None for at in scanned(office)) == read
    )
    wait_for(lambda: {fault.person for fault in office.world.faults.hit} == set(silent))
    assert not pool.is_idle_within(0), "they still hang"
    to_the_due_moment(office)
    again_and_again(lambda: ask(worker), lambda: len(questions(office)) == read)
    assert not pool.is_idle_within(0), "they still hang"
    office.world.faults.reset()
    wait_for(lambda: pool.is_idle_within(0))
    assert None not in scanned(office)
    pool.close()


def test_each_is_asked_answered_and_written_once_within_what_a_mailbox_takes(office):
    office.world.seconds_away = 0.005
    scan(office.ctx)
    listen(office.ctx)
    to_the_due_moment(office)
    assert ask(office.ctx) == REPS
    assert {mail.rep_id for mail in questions(office)} == set(range(1, REPS + 1))
    for number in range(REPS):
        answer(office, number, ACT)
    office.later(minutes=2)
    assert listen(office.ctx) == REPS
    assert understand(office.ctx) == REPS
    assert write(office.ctx) == REPS
    assert ask(office.ctx) == REPS
    assert office.calls.get(TOO_MANY, 0) == 0
    for number in range(REPS):
        assert len(office.inbox(address(number))) == 2
        assert ACT in office.description(f"e{number:04d}x0000", address(number))


def test_what_one_rep_wrote_is_dealt_with_in_the_order_in_which_it_came(office):
    scan(office.ctx)
    listen(office.ctx)
    to_the_due_moment(office)
    ask(office.ctx)
    for version in range(3):
        for number in range(REPS):
            answer(office, number, f"The customer agrees to pilot {version} by Friday")
    office.later(minutes=2)
    assert listen(office.ctx) == 3 * REPS
    understand(office.ctx)
    write(office.ctx)
    for number in range(REPS):
        assert "pilot 2 by" in office.description(f"e{number:04d}x0000", address(number))


@pytest.mark.parametrize("kept_by", ["google"], indirect=True)
def test_one_round_listens_to_every_mailbox(office):
    with office.ctx.database.begin() as tx:
        for number in range(REPS):
            inbox.ensure_mailbox(tx, address(number), office.world.people[address(0)].provider,
                                 office.ctx.clock())  # fmt: skip
    listen(office.ctx)
    with office.ctx.database.read() as tx:
        listened = [box.listened_at for box in inbox.list_mailboxes(tx)]
    assert listened == [office.ctx.clock()] * (REPS + 1)


def test_each_step_does_one_by_its_key_if_it_is_due_and_free(office):
    ctx = office.ctx
    assert (scan_one(ctx, 1).planned, scan_one(ctx, 1).planned) == (1, 0)
    assert sum(at is not None for at in scanned(office)) == 1
    listen(ctx)
    with ctx.database.read() as tx:
        (question,) = outbox.waiting(tx, (MailKind.QUESTION,))
    to_the_due_moment(office)
    assert [send_one(ctx, question.id) for _ in range(2)] == [True, False]
    answer(office, 0, ACT)
    assert listen_one(ctx, NUDGER) == 0, "not yet"
    office.later(minutes=2)
    other = office.another_worker()
    with other.database.begin() as tx:
        held = inbox.claim_mailboxes(tx, other.claimant(), 1, other.clock())
    assert held
    assert listen_one(ctx, NUDGER) == 0, "held by another"
    office.later(minutes=2)
    assert listen_one(ctx, NUDGER) == 1
    assert [understand_one(ctx, 1) for _ in range(2)] == [True, False]
    assert [write_one(ctx, 1) for _ in range(2)] == [True, False]
    assert ACT in office.description("e0000x0000", address(0))
