"""Reading a calendar: what an unchanged one costs, one change, expired tokens, the horizon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nudger.jobs.scan import scan
from nudger.sandbox.faults import Fault
from nudger.store import calendars, meetings, people

ANA = "ana@ourco.example"
DANA = "dana@acme.example"


def rescan(office):
    office.later(minutes=2)
    office.world.ledger.reset()
    return scan(office.ctx)


def states(office):
    with office.ctx.database.read() as tx:
        return meetings.state_counts(tx)


def test_an_unchanged_calendar_costs_one_call_and_writes_no_meeting(office):
    for number in range(5):
        office.meet(f"call{number}")
    scan(office.ctx)
    office.later(minutes=2)
    office.world.ledger.reset()
    statements = office.statements(lambda: scan(office.ctx))
    assert office.calls == {"calendar.events.list": 1}
    written = [s for s in statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not any("meeting" in s or "occurrence" in s or "mail" in s for s in written)


def test_one_changed_event_is_work_for_one_event(office):
    entries = [office.meet(f"call{number}") for number in range(5)]
    scan(office.ctx)
    office.world.calendars.change(entries[2], ANA, False, title="ACME: new title")
    report = rescan(office)
    assert (report.events, office.calls) == (1, {"calendar.events.list": 1})


def test_a_call_that_moved_further_than_we_read_is_not_asked_about_where_it_was(office):
    entry = office.meet()
    scan(office.ctx)
    later = entry.start + timedelta(days=90)
    office.world.calendars.change(entry, ANA, False, start=later, end=later + timedelta(hours=1))
    rescan(office)
    assert states(office) == {"withdrawn": 1}


MOVED_TO = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "ACME: new title"},
        {"start": MOVED_TO, "end": MOVED_TO + timedelta(minutes=30)},
    ],
    ids=["renamed", "moved"],
)
def test_known_meetings_that_change_together_cost_one_round_of_statements(office, change):
    """However many they are: a calendar is read again after each change of the rules."""
    entries = [office.meet(f"call{n}", title=f"ACME: call {n}") for n in range(16)]
    scan(office.ctx)
    for entry in entries:
        office.world.calendars.change(entry, ANA, False, **change)
    office.later(minutes=2)
    statements = office.statements(lambda: scan(office.ctx))
    assert states(office) == {"planned": 16}
    about_meetings = [s for s in statements if "meeting" in s or "mail" in s or "occurrence" in s]
    assert len(about_meetings) <= 10, "\n".join(about_meetings)


def test_an_expired_token_reads_everything_again_and_asks_nothing_anew(office):
    office.meet()
    scan(office.ctx)
    office.world.calendars.expire_tokens(ANA)
    rescan(office)
    assert office.calls == {"calendar.events.list": 2}
    assert states(office) == {"planned": 1}


def test_what_vanished_while_the_token_was_expired_is_withdrawn(office):
    office.meet()
    scan(office.ctx)
    del office.world.calendars.of(ANA)["call1"]
    office.world.calendars.expire_tokens(ANA)
    rescan(office)
    assert states(office) == {"withdrawn": 1}


def test_short_and_empty_pages_are_followed_to_the_token(office):
    office.world.calendars.page_size = 2
    for number in range(5):
        office.meet(f"call{number}")
    assert scan(office.ctx).events == 5
    assert office.calls["calendar.events.list"] == 3
    rescan(office)
    assert office.calls == {"calendar.events.list": 1}


def test_an_empty_page_is_not_the_end(office):
    office.world.calendars.empty_pages = True
    office.meet()
    assert scan(office.ctx).events == 1


def test_a_meeting_beyond_the_window_comes_in_when_the_horizon_reaches_it(office):
    office.meet(start=datetime(2026, 12, 30, 13, 0, tzinfo=UTC))
    assert scan(office.ctx).events == 0
    for day in range(1, 36, 7):
        office.at(datetime(2026, 11, 23, 8, 5, tzinfo=UTC) + timedelta(days=day))
        scan(office.ctx)
    assert sum(states(office).values()) == 1


def test_a_changed_list_of_domains_judges_anew(office):
    office.meet()
    scan(office.ctx)
    with office.ctx.database.begin() as tx:
        people.set_domains(tx, ["acme.example"], "never", office.ctx.clock())
        calendars.wake_calendars(tx, office.ctx.clock())
    scan(office.ctx)
    assert states(office) == {"withdrawn": 1}


def test_a_fault_in_the_middle_of_pages_keeps_the_old_cursor(office):
    office.world.calendars.page_size = 2
    for number in range(6):
        office.meet(f"call{number}", title=f"ACME: call {number}")
    office.world.faults.add(Fault("calendar.events.list", nth=2, status=400, reason="invalid"))
    assert list(scan(office.ctx).failures) == [ANA]
    office.later(hours=2)
    assert scan(office.ctx).failures == {}
    assert states(office) == {"planned": 6}
