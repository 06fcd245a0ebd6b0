"""Reps' own zone and hours: learnt from their calendars, and questions timed by them."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from nudger.admin import dry_run
from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.domain.working_hours import NO_CALENDAR_HOURS, CalendarHours
from nudger.jobs.ask import ask
from nudger.jobs.scan import scan
from nudger.runtime.policies import for_rep
from nudger.sandbox.entries import WorkingWeek
from nudger.sandbox.faults import Fault
from nudger.store import audit, mail_groups, outbox, people
from nudger.store.people import NewRep

ANA, BEN, DANA = "ana@ourco.example", "ben@ourco.example", "dana@acme.example"
CALL = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # a Wednesday, 16:00 in Berlin, 10:00 in New York
BERLIN_MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NEW_YORK_MORNING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def rescan(office, **later):
    office.later(**(later or {"minutes": 2}))
    office.world.ledger.reset()
    scan(office.ctx)
    return office.calls


def rep_of(office, email=ANA):
    with office.ctx.database.read() as tx:
        found = people.find_rep(tx, email)
    assert found is not None
    return found


def waiting(office, email=ANA):
    """When each question that waits is due."""
    with office.ctx.database.read() as tx:
        return [one.due_at for one in outbox.waiting_questions(tx, rep_of(office, email).id)]


def steps(office):
    with office.ctx.database.read() as tx:
        return [(one.step.step, one.step.reason) for one in audit.after(tx, 0)]


def with_settings(office, **ask_settings):
    settings = office.ctx.settings
    changed = settings.ask.model_copy(update=ask_settings)
    office.ctx = replace(office.ctx, settings=settings.model_copy(update={"ask": changed}))


def test_a_rep_elsewhere_is_asked_in_the_morning_there(office):
    office.world.people[ANA].zone = "America/New_York"
    office.meet(start=CALL)
    scan(office.ctx)
    assert waiting(office) == [NEW_YORK_MORNING]
    assert for_rep(office.ctx.settings, rep_of(office)).zone.key == "America/New_York"
    office.at(BERLIN_MORNING)
    assert ask(office.ctx) == 0
    office.at(NEW_YORK_MORNING)
    assert ask(office.ctx) == 1
    assert b"10:00" in office.inbox(ANA)[0].raw


def test_who_moves_to_another_zone_is_asked_by_its_clock_and_nobody_else_is_touched(office):
    with office.ctx.database.begin() as tx:
        people.add_rep(tx, NewRep(BEN, Provider.GOOGLE), office.ctx.clock())
    office.meet(start=CALL)
    office.meet("bens", owner=BEN, guests=[BEN, DANA], start=CALL)
    scan(office.ctx)
    assert (waiting(office), waiting(office, BEN)) == ([BERLIN_MORNING], [BERLIN_MORNING])
    office.world.people[ANA].zone = "America/New_York"
    assert rescan(office) == {"calendar.events.list": 2}
    assert (waiting(office), waiting(office, BEN)) == ([NEW_YORK_MORNING], [BERLIN_MORNING])
    assert steps(office).count(("plan", "hours_changed")) == 1
    office.world.people[ANA].zone = "Europe/Berlin"
    rescan(office)
    assert waiting(office) == [BERLIN_MORNING]


def test_the_calendars_zone_being_the_settings_changes_nothing(office):
    office.meet(start=CALL)
    scan(office.ctx)
    rescan(office)
    assert ("plan", "hours_changed") not in steps(office)
    assert rep_of(office).calendar_hours == CalendarHours("Europe/Berlin")


def test_a_move_that_comes_too_late_leaves_the_question_to_be_told_so(office):
    office.meet(start=datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    office.at(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    scan(office.ctx)
    before = waiting(office)
    office.at(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    office.world.people[ANA].zone = "America/New_York"
    scan(office.ctx)
    assert waiting(office) == before
    assert ask(office.ctx) == 0
    assert office.inbox(ANA) == []


def test_one_mail_about_several_calls_goes_by_the_first_of_them(office):
    office.meet("early", start=CALL)
    office.meet("later", start=CALL.replace(hour=17))
    scan(office.ctx)
    with office.ctx.database.begin() as tx:
        one, other = mail_groups.due_unclaimed(
            tx, office.ctx.claimant(), BERLIN_MORNING, [MailKind.QUESTION]
        )
        mail_groups.merge(tx, one.id, [other.id])
    office.world.people[ANA].zone = "America/New_York"
    rescan(office)
    assert waiting(office) == [NEW_YORK_MORNING]


def test_the_admins_word_for_a_rep_goes_before_the_calendars(office):
    with office.ctx.database.begin() as tx:
        new = NewRep(ANA, Provider.GOOGLE, time_zone="Europe/Berlin")
        people.add_rep(tx, new, office.ctx.clock())
    office.world.people[ANA].zone = "America/New_York"
    office.meet(start=CALL)
    scan(office.ctx)
    assert waiting(office) == [BERLIN_MORNING]


def test_the_settings_may_have_the_only_word(office):
    with_settings(office, hours_from="settings")
    office.world.people[ANA].zone = "America/New_York"
    office.meet(start=CALL)
    scan(office.ctx)
    assert waiting(office) == [BERLIN_MORNING]
    assert rep_of(office).calendar_hours_read_at is None


def test_a_dry_run_knows_the_rep_s_zone_and_keeps_nothing(office):
    office.world.people[ANA].zone = "America/New_York"
    office.meet(start=CALL)
    (row,) = dry_run.scan(office.ctx).rows
    assert datetime.fromisoformat(row["ask_at"]) == NEW_YORK_MORNING
    assert rep_of(office).calendar_hours == NO_CALENDAR_HOURS


class TestOutlook:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    @pytest.fixture
    def granted(self, office):
        office.server.microsoft.identity.permissions += ("MailboxSettings.Read",)

    def test_hours_and_days_are_the_rep_s_own(self, office, granted):
        ana = office.world.people[ANA]
        ana.zone = "America/New_York"
        ana.week = WorkingWeek("07:30:00.0000000", "15:00:00.0000000", ("monday", "wednesday"))
        office.meet(start=CALL)
        scan(office.ctx)
        assert waiting(office) == [datetime(2026, 11, 23, 12, 30, tzinfo=UTC)]
        assert str(for_rep(office.ctx.settings, rep_of(office)).hours) == (
            "America/New_York (calendar), 07:30-15:00 (calendar), mon wed (calendar)"
        )

    def test_a_night_owl_is_not_mailed_at_night(self, office, granted):
        office.world.people[ANA].week = WorkingWeek("18:00:00", "23:59:00")
        office.meet(start=datetime(2026, 11, 25, 21, 30, tzinfo=UTC))
        scan(office.ctx)
        assert waiting(office) == [datetime(2026, 11, 24, 17, 0, tzinfo=UTC)]
        office.at(datetime(2026, 11, 24, 21, 1, tzinfo=UTC))
        assert ask(office.ctx) == 0
        office.at(datetime(2026, 11, 25, 17, 0, tzinfo=UTC))
        assert ask(office.ctx) == 1

    def test_a_mailbox_whose_zone_nobody_set_tells_none(self, office, granted):
        ana = office.world.people[ANA]
        ana.outlook_zone, ana.week = "UTC", WorkingWeek(zone="Pacific Standard Time")
        scan(office.ctx)
        shown = str(for_rep(office.ctx.settings, rep_of(office)).hours)
        assert shown.startswith("Europe/Berlin (settings), 08:00-17:00 (calendar)")

    def test_settings_are_read_once_a_day(self, office, granted):
        scan(office.ctx)
        assert office.calls == {"graph.calendar.delta": 1, "graph.settings.get": 1}
        assert rescan(office) == {"graph.calendar.delta": 1}
        assert rescan(office, hours=23) == {"graph.calendar.delta": 1}
        office.world.people[ANA].zone = "Asia/Kolkata"
        assert rescan(office, hours=1) == {"graph.calendar.delta": 1, "graph.settings.get": 1}
        assert rep_of(office).calendar_hours.time_zone == "Asia/Calcutta"

    def test_a_refusal_is_quiet_and_not_tried_again_within_a_day(self, office, caplog):
        office.world.people[ANA].zone = "America/New_York"
        office.meet(start=CALL)
        with caplog.at_level(logging.INFO):
            assert scan(office.ctx).failures == {}
        assert not [one for one in caplog.records if one.name.startswith("nudger")]
        assert waiting(office) == [BERLIN_MORNING]
        assert rescan(office, hours=23) == {"graph.calendar.delta": 1}
        assert rescan(office, hours=1) == {"graph.calendar.delta": 1, "graph.settings.get": 1}

    def test_a_permission_that_is_granted_later_counts_from_the_next_day_on(self, office):
        office.world.people[ANA].zone = "America/New_York"
        office.meet(start=CALL)
        scan(office.ctx)
        office.server.microsoft.identity.permissions += ("MailboxSettings.Read",)
        office.ctx = office.another_worker()
        rescan(office, days=1)
        assert waiting(office) == [datetime(2026, 11, 24, 13, 0, tzinfo=UTC)]

    def test_a_permission_that_is_withdrawn_leaves_the_settings(self, office, granted):
        scan(office.ctx)
        assert rep_of(office).calendar_hours.starts == time(8)
        office.server.microsoft.identity.permissions = office.server.microsoft.identity.permissions[
            :3
        ]
        office.ctx = office.another_worker()
        rescan(office, days=1)
        assert rep_of(office).calendar_hours == NO_CALENDAR_HOURS

    def test_settings_that_cannot_be_read_now_stay_known_and_the_scan_goes_on(
        self, office, granted
    ):
        scan(office.ctx)
        known = rep_of(office)
        busy = Fault("graph.settings.get", status=503, reason="serviceUnavailable", retry_after=60)
        office.world.faults.add(busy)
        office.later(days=1)
        office.meet(start=CALL)
        assert scan(office.ctx).planned == 1
        assert rep_of(office) == known
        assert rescan(office) == {"graph.calendar.delta": 1, "graph.settings.get": 1}

    def test_the_settings_may_have_the_only_word_at_no_call(self, office, granted):
        with_settings(office, hours_from="settings")
        assert rescan(office) == {"graph.calendar.delta": 1}

    def test_a_custom_zone_is_not_told_and_the_hours_are(self, office, granted):
        office.world.people[ANA].outlook_zone = "Customized Time Zone"
        scan(office.ctx)
        assert rep_of(office).calendar_hours == CalendarHours(
            None, time(8), time(17), frozenset(range(5))
        )
