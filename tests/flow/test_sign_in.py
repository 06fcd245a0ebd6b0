"""The application cannot sign in for a while: everything waits, nothing is blamed on a rep."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.scan import scan
from nudger.sandbox.faults import Fault
from nudger.store import people
from nudger.store.people import RepState
from tests.office import run_once

ANA = "ana@ourco.example"
TOKEN = {"google": "oauth.token", "microsoft": "microsoft.token"}
TWO_HOURS = 7200


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("nudger.providers.retry.time", SimpleNamespace(sleep=lambda _seconds: None))
    monkeypatch.setattr("nudger.providers.microsoft.auth.REFUSAL_LASTS", 0.0)


def clock_off(office, kept_by):
    office.server.google.tokens.clock = lambda: time.time() + TWO_HOURS
    office.world.faults.add(
        Fault("microsoft.token", status=400, reason="invalid_grant", times=None)
    )


def refused(office, kept_by):
    office.world.faults.add(Fault(TOKEN[kept_by], status=401, reason="invalid_client", times=None))


def secret_expired(office, kept_by):
    office.server.microsoft.identity.secrets.clear()
    office.server.google.tokens._keys.clear()


def not_found(office, kept_by):
    office.world.faults.add(Fault(TOKEN[kept_by], status=404, reason="html", times=None))


def proxy_page(office, kept_by):
    office.world.faults.add(Fault(TOKEN[kept_by], status=200, reason="html", times=None))


def proxy_refuses(office, kept_by):
    office.world.faults.add(Fault(TOKEN[kept_by], status=403, reason="html", times=None))


def mend(office, service_account):
    office.world.faults.reset()
    office.server.google.tokens.clock = time.time
    office.server.google.tokens.register(service_account)
    office.server.microsoft.identity.secrets.add("sandbox-secret")


OUTAGES = [clock_off, refused, secret_expired, not_found, proxy_page, proxy_refuses]


def rep_state(office):
    with office.ctx.database.read() as tx:
        return people.find_rep(tx, ANA).state


def meeting_states(office):
    with office.ctx.database.read() as tx:
        from nudger.store.meetings import state_counts

        return state_counts(tx)


@pytest.mark.parametrize("outage", OUTAGES)
def test_nothing_is_scanned_while_it_lasts_and_all_is_once_it_is_over(
    office, kept_by, outage, service_account
):
    office.meet()
    outage(office, kept_by)
    ctx = office.another_worker()
    for _ in range(6):
        (line,) = scan(ctx).failures.values() or [None]
        assert office.server.url in line
        assert rep_state(office) is RepState.ACTIVE
        office.later(minutes=6)
    mend(office, service_account)
    report = scan(ctx)
    assert (report.failures, report.planned) == ({}, 1)
    ask(ctx)
    assert len(office.inbox(ANA)) == 1


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_planned_question_waits_and_goes_out_in_time(office, kept_by, outage, service_account):
    office.meet()
    scan(office.ctx)
    outage(office, kept_by)
    ctx = office.another_worker()
    for _ in range(12):
        run_once(ctx)
        office.later(minutes=6)
    assert office.inbox(ANA) == []
    assert meeting_states(office) == {"planned": 1}
    mend(office, service_account)
    for _ in range(3):
        run_once(ctx)
        office.later(minutes=6)
    assert len(office.inbox(ANA)) == 1
    assert meeting_states(office) == {"asked": 1}


def test_only_the_meetings_own_time_ends_a_question(office, kept_by):
    office.meet()
    scan(office.ctx)
    secret_expired(office, kept_by)
    ctx = office.another_worker()
    office.later(hours=30)
    run_once(ctx)
    assert meeting_states(office) == {"expired": 1}
    (reason,) = reasons(office)
    assert reason == "too_late"


def reasons(office):
    from sqlalchemy import select

    from nudger.store import tables

    with office.ctx.database.read() as tx:
        return list(tx.scalars(select(tables.meeting.c.reason)))


def test_reps_that_stood_in_reconnect_recover_by_themselves(office):
    office.meet()
    with office.ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        people.set_state(tx, rep.id, RepState.RECONNECT, "invalid_grant")
    report = scan(office.ctx)
    assert (report.calendars, report.planned) == (1, 1)
    assert rep_state(office) is RepState.ACTIVE


def test_a_token_that_is_always_refused_is_no_matter_of_consent(office, kept_by):
    office.meet()
    call = {"google": "calendar.events.list", "microsoft": "graph.calendar.delta"}[kept_by]
    office.world.faults.add(Fault(call, status=401, reason="authError", times=None))
    (line,) = scan(office.ctx).failures.values()
    assert line.startswith(f"sign-in refused by {office.server.url}")
    assert rep_state(office) is RepState.ACTIVE


def test_what_outlook_told_of_a_persons_hours_is_not_forgotten_over_it(office, kept_by):
    if kept_by != "microsoft":
        pytest.skip("Google's calendars are not asked for hours")
    office.server.microsoft.identity.permissions += ("MailboxSettings.Read",)
    scan(office.ctx)
    before = told_hours(office)
    assert before.starts is not None
    office.world.faults.add(Fault("graph.settings.get", status=401, times=None))
    office.later(days=2)
    (line,) = scan(office.ctx).failures.values()
    assert line.startswith("sign-in refused")
    assert told_hours(office) == before


def told_hours(office):
    with office.ctx.database.read() as tx:
        return people.find_rep(tx, ANA).calendar_hours
