"""What a provider tells has one calendar read, soon, once, and costs nothing where it is silent."""

from __future__ import annotations

from nudger.jobs.scan import scan
from nudger.sandbox.faults import Fault
from nudger.store import push
from nudger.store.hints import what_is_due
from tests.office import ANA


def change(told, title="ACME: moved"):
    office = told.office
    with office.world.lock:
        entry = office.world.calendars.find(ANA, "call1")
        office.world.calendars.change(entry, entry.organizer, notify=False, title=title)


def test_an_unchanged_calendar_costs_no_call_for_a_quarter_of_an_hour(told):
    for _ in range(14):
        told.office.later(minutes=1)
        assert told.readings() == 0
    told.office.later(minutes=1)
    assert told.readings() == 1


def test_a_change_is_read_as_soon_as_it_is_told(told):
    told.office.later(minutes=1)
    change(told)
    assert told.readings() == 0
    assert set(told.deliver()) <= {202, 204}
    with told.office.ctx.database.read() as tx:
        assert what_is_due(tx, told.office.ctx.clock()) == {"calendar"}
    assert told.readings() == 1
    with told.office.ctx.database.read() as tx:
        assert what_is_due(tx, told.office.ctx.clock()) == set()


def test_replays_cost_one_reading_in_ten_seconds(told):
    change(told)
    told.office.later(minutes=1)
    told.deliver()
    told.readings()
    request, readings = told.last(), 0
    for _ in range(20):
        told.office.later(seconds=1)
        for _ in range(8):
            assert told.client.send(request).status_code in (202, 204)
        readings += told.readings()
    assert readings == 2


def test_a_replay_that_tells_nothing_new_writes_nothing(told):
    change(told)
    told.office.later(minutes=1)
    told.deliver()
    request = told.last()
    statements = told.office.statements(lambda: told.client.send(request))
    assert statements
    assert not [one for one in statements if one.startswith("UPDATE calendar")]


class TellsMeanwhile:
    """A calendar where something changes, and is told, after it was asked and before what it said is
    kept."""

    def __init__(self, calendar, tell):
        self._calendar, self._tell = calendar, tell

    def __getattr__(self, name):
        return getattr(self._calendar, name)

    def changes(self, cursor):
        pages = list(self._calendar.changes(cursor))
        self._tell()
        yield from pages


def test_what_is_told_while_the_calendar_is_read_is_not_lost(told, monkeypatch):
    told.office.later(minutes=1)
    change(told)
    told.deliver()
    accounts, statuses = told.office.ctx.accounts, []
    reach = accounts.calendar

    def tell():
        change(told, "ACME: moved again")
        statuses.extend(told.deliver())

    monkeypatch.setattr(accounts, "calendar", lambda rep: TellsMeanwhile(reach(rep), tell))
    scan(told.office.ctx)
    monkeypatch.undo()
    assert statuses
    assert set(statuses) <= {202, 204}
    assert told.readings() == 0
    told.office.later(seconds=10)
    with told.office.ctx.database.read() as tx:
        assert what_is_due(tx, told.office.ctx.clock()) == {"calendar"}
    assert told.readings() == 1


def test_what_failed_stays_put_off_and_is_read_with_what_was_told(told):
    fault = "graph.calendar.delta" if told.office.is_outlook else "calendar.events.list"
    told.office.world.faults.add(Fault(fault, status=403, reason="forbidden"))
    told.office.later(minutes=16)
    told.readings()
    change(told)
    told.deliver()
    told.office.later(minutes=5)
    assert told.readings() == 0
    told.office.later(minutes=60)
    assert told.readings() == 1


def test_what_is_lost_twice_and_found_by_reading_is_counted(told):
    told.office.server.pushes.loses = True
    for minutes in (15, 1):
        told.office.later(minutes=minutes)
        change(told, f"ACME: {minutes}")
        told.deliver()
        assert told.readings() == 1
    with told.office.ctx.database.read() as tx:
        found = push.count(tx, told.office.ctx.clock())["calendars"]
    assert (found.silent, found.missed) == (1, 2)


def test_doubled_and_reordered_hints_are_one_reading(told):
    told.office.server.pushes.doubles = told.office.server.pushes.reorders = True
    told.office.later(minutes=1)
    change(told)
    told.deliver()
    assert told.readings() == 1
