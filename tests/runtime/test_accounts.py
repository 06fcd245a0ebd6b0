"""Whom the organization's credentials are used for: reps and the shared mailbox, nobody else."""

from __future__ import annotations

import pytest

from nudger.domain.event import Provider
from nudger.jobs.scan import scan
from nudger.providers.base import AccessDenied
from nudger.store import people
from nudger.store.people import Rep

ANA, BEN, NUDGER = "ana@ourco.example", "ben@ourco.example", "nudger@ourco.example"
DANA = "dana@acme.example"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


def calls(office):
    return dict(office.world.ledger.calls)


@pytest.mark.parametrize("subject", [BEN, DANA, ANA.upper(), "", "boss@ourco.example"])
def test_nobody_else_is_asked_for_before_any_call(office, kept_by, subject):
    before = calls(office)
    accounts = office.ctx.accounts
    with pytest.raises(AccessDenied, match="neither a rep nor the shared mailbox"):
        accounts.mailbox(subject)
    with pytest.raises(AccessDenied, match="neither a rep nor the shared mailbox"):
        accounts.calendar(Rep(0, subject, "", Provider(kept_by), 1))
    assert calls(office) == before


def test_reps_and_the_shared_mailbox_are(office, kept_by):
    with office.ctx.database.read() as tx:
        ana = people.find_rep(tx, ANA)
    office.ctx.accounts.calendar(ana)
    for _ in office.ctx.accounts.mailbox(NUDGER).arrivals(None):
        pass
    office.ctx.accounts.mailbox(ANA)


def test_who_was_removed_is_refused_though_their_token_is_still_good(office):
    office.meet()
    scan(office.ctx)
    with office.ctx.database.begin() as tx:
        ana = people.find_rep(tx, ANA)
        people.remove_rep(tx, ANA)
    office.later(seconds=5)
    before = calls(office)
    with pytest.raises(AccessDenied):
        office.ctx.accounts.calendar(ana)
    assert calls(office) == before


def test_who_is_a_rep_is_not_read_for_each_calendar(office):
    office.ctx.accounts.mailbox(ANA)
    assert office.statements(lambda: office.ctx.accounts.mailbox(ANA)) == []


def test_a_rep_who_was_just_added_is_served_at_once(office, kept_by):
    office.ctx.accounts.mailbox(ANA)
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, people.NewRep(BEN, provider=Provider(kept_by)), office.ctx.clock())
    office.ctx.accounts.mailbox(BEN)
