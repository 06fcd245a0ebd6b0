"""Leases are renewed beside the work, and nothing of that is left when it ends."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from nudger.jobs import scan
from nudger.runtime import holding
from nudger.store import calendars, tables
from nudger.store.leases import LASTING
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setattr(holding, "RENEW_EVERY", timedelta(milliseconds=5))


def claimed(ctx):
    with ctx.database.begin() as tx:
        return calendars.claim_calendars(tx, ctx.claimant(), 1, ctx.clock())


def held_until(ctx):
    with ctx.database.read() as tx:
        return tx.scalar(select(tables.calendar.c.lease_until))


def keepers():
    return [one for one in threading.enumerate() if one.name == "keeper of leases"]


def test_a_lease_is_renewed_while_the_work_goes_on(office):
    (mine,) = claimed(office.ctx)
    with holding.holding(office.ctx, [mine.lease]):
        office.later(minutes=10)
        wait_for(lambda: held_until(office.ctx) == office.ctx.clock() + LASTING)
        assert claimed(office.another_worker()) == []
    assert keepers() == []


def test_nothing_is_left_behind_when_the_work_breaks(office):
    (mine,) = claimed(office.ctx)
    with pytest.raises(ZeroDivisionError), holding.holding(office.ctx, [mine.lease]):
        raise ZeroDivisionError
    assert keepers() == []
    office.later(seconds=60)
    assert claimed(office.another_worker())


def test_a_round_that_fails_is_not_the_last(office, monkeypatch):
    (mine,) = claimed(office.ctx)
    renew, failed = holding.renew, threading.Event()

    def fail_once(*given):
        if not failed.is_set():
            failed.set()
            raise OSError("the database is away")
        renew(*given)

    monkeypatch.setattr(holding, "renew", fail_once)
    with holding.holding(office.ctx, [mine.lease]):
        office.later(minutes=10)
        wait_for(lambda: held_until(office.ctx) == office.ctx.clock() + LASTING)
    assert failed.is_set()


def test_what_hangs_for_an_hour_is_given_up(office, monkeypatch):
    monkeypatch.setattr(holding, "MOST_RENEWALS", 2)
    (mine,) = claimed(office.ctx)
    with holding.holding(office.ctx, [mine.lease]):
        wait_for(lambda: keepers() == [])
        office.later(minutes=2)
        assert claimed(office.another_worker())


def test_a_calendar_that_takes_long_to_read_is_not_read_by_another(office, monkeypatch):
    office.meet()
    read, others = scan._scan_calendar, []

    def read_slowly(ctx, rules, one):
        office.later(minutes=10)
        wait_for(lambda: held_until(ctx) == ctx.clock() + LASTING)
        others.append(claimed(office.another_worker()))
        return read(ctx, rules, one)

    monkeypatch.setattr(scan, "_scan_calendar", read_slowly)
    assert scan.scan(office.ctx).planned == 1
    assert others == [[]]
    assert keepers() == []


def test_calendars_not_begun_when_told_to_stop_are_free_at_once(office, monkeypatch):
    def claim_and_stop(tx, *given):
        found = take(tx, *given)
        office.ctx.stop.set()
        return found

    take = calendars.claim_calendars
    monkeypatch.setattr(scan.calendars, "claim_calendars", claim_and_stop)
    report = scan.scan(office.ctx)
    assert (report.events, report.failures) == (0, {})
    monkeypatch.setattr(scan.calendars, "claim_calendars", take)
    assert claimed(office.another_worker())
