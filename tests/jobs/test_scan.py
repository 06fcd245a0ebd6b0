"""Scanning: a calendar that fails, fails alone."""

from __future__ import annotations

from nudger.domain.availability import RepState
from nudger.domain.event import Provider
from nudger.jobs.scan import scan
from nudger.store import audit, meetings, people
from nudger.store.people import NewRep
from tests.office import BEN

ANA = "ana@ourco.example"
DANA = "dana@acme.example"


def test_a_person_we_get_no_token_for_fails_alone_and_keeps_their_state(office):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep("ben@ourco.example", Provider.GOOGLE), office.ctx.clock())
    office.world.people[ANA].revoked = True
    office.meet(owner="ben@ourco.example", guests=["ben@ourco.example", DANA])
    report = scan(office.ctx)
    assert list(report.failures) == [ANA]
    with office.ctx.database.read() as tx:
        assert meetings.state_counts(tx) == {"planned": 1}
        rep = people.find_rep(tx, ANA)
    assert rep is not None
    assert rep.state is RepState.ACTIVE


def test_a_calendar_that_is_not_there_fails_alone_and_is_tried_again(office):
    office.world.people[ANA].has_calendar = False
    report = scan(office.ctx)
    assert "Not Found" in report.failures[ANA]
    office.world.people[ANA].has_calendar = True
    office.meet()
    office.later(hours=2)
    assert scan(office.ctx).planned == 1


def test_the_error_says_what_to_do(office):
    office.server.google.tokens.authorized_scopes.clear()
    failure = scan(office.ctx).failures[ANA]
    assert "Domain-wide delegation" in failure


def test_a_consent_that_was_missing_is_not_needed_where_an_application_reads(office):
    with office.ctx.database.begin() as tx:
        people.set_state(tx, 1, RepState.RECONNECT, "the consent was taken back")
    office.meet()
    office.later(minutes=2)
    report = scan(office.ctx)
    assert (report.calendars, report.planned, report.failures) == (1, 1, {})
    with office.ctx.database.read() as tx:
        rep = people.get_rep(tx, 1)
        steps = [one.step for one in audit.after(tx, 0) if one.step.step == "connect"]
    assert (rep.state, rep.state_reason) == (RepState.ACTIVE, None)
    assert [(one.reason, one.rep_id) for one in steps] == [("not_needed", 1)]


def test_only_some_calendars_are_read_at_once_where_they_are_named(office):
    with office.ctx.database.begin() as tx:
        ben = people.add_rep(tx, NewRep(BEN, Provider.GOOGLE, "Ben"), office.ctx.clock())
    office.meet()
    office.meet("bens", owner=BEN, guests=[BEN, DANA])
    office.meet("lunch", guests=[ANA])
    report = scan(office.ctx, [ben.id])
    assert (report.calendars, report.events, report.planned) == (1, 1, 1)
    assert scan(office.ctx, [ben.id]).calendars == 1, "due or not"
    report = scan(office.ctx)
    assert (report.calendars, report.events, report.planned) == (1, 2, 1)
    assert scan(office.ctx).calendars == 0
