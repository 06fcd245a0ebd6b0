"""Many rows at once, however many: SQLite gets them in several statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, select, text

from nudger.domain.event import Provider
from nudger.store import people, tables
from nudger.store.many_rows import add_rows, new_ids
from nudger.store.people import NewRep
from tests.databases import BOTH
from tests.store.mails import NOW


@pytest.fixture(params=BOTH)
def kept_in(request):
    return request.param


@pytest.fixture
def rep_id(database):
    with database.begin() as tx:
        return people.add_rep(tx, NewRep("ana@x.co", Provider.GOOGLE), NOW).id


def occurrences(rep_id, count, **changed):
    return [
        {
            "rep_id": rep_id,
            "event_id": f"event{number:03}",
            "series_id": "(?, ?)",
            "etag": str(number),
            "start_at": NOW + timedelta(minutes=number),
            "verdict": "skip",
            "reason": "past",
            "meeting_id": None,
            "original_start": None,
            "outsiders": None,
            **changed,
        }
        for number in range(count)
    ]


def kept(tx):
    columns = tables.occurrence.c
    found = select(columns.event_id, columns.etag, columns.start_at, columns.series_id)
    return [tuple(row) for row in tx.execute(found.order_by(columns.id))]


@pytest.mark.parametrize("count", [1, 2, 31, 32, 33, 50, 63, 64, 65, 200])
def test_as_many_are_added_in_their_order(database, rep_id, count):
    rows = occurrences(rep_id, count)
    with database.begin() as tx:
        add_rows(tx, tables.occurrence, rows)
        wanted = [(r["event_id"], r["etag"], r["start_at"], r["series_id"]) for r in rows]
        assert kept(tx) == wanted


def test_what_is_there_is_replaced_and_the_rest_added(database, rep_id):
    with database.begin() as tx:
        add_rows(tx, tables.occurrence, occurrences(rep_id, 20))
        now = occurrences(rep_id, 40, etag="new")
        add_rows(tx, tables.occurrence, now, key=("rep_id", "event_id"))
        assert [etag for _, etag, *_ in kept(tx)] == ["new"] * 40


def test_ids_are_known_before_the_rows_are_added(database, rep_id):
    with database.begin() as tx:
        ids = list(new_ids(tx, tables.occurrence, 3))
        rows = [{"id": i, **row} for i, row in zip(ids, occurrences(rep_id, 3), strict=True)]
        add_rows(tx, tables.occurrence, rows)
        assert list(tx.scalars(select(tables.occurrence.c.id))) == ids
        assert set(new_ids(tx, tables.occurrence, 2)).isdisjoint(ids)


@pytest.mark.parametrize("kept_in", ["sqlite"], indirect=True)
def test_many_cost_few_statements(database, rep_id):
    seen = []
    with database.begin() as tx:
        event.listen(tx, "before_cursor_execute", lambda *given: seen.append(given[2]))
        add_rows(tx, tables.occurrence, occurrences(rep_id, 50))
    assert len(seen) == 2


@pytest.mark.parametrize("kept_in", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 29, 1, 2, 3, 4, tzinfo=UTC), "2026-03-29 01:02:03.000004"),
        (datetime(987, 1, 2, tzinfo=UTC), "0987-01-02 00:00:00.000000"),
        (
            datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
            "2025-12-31 23:30:00.000000",
        ),
    ],
)
def test_a_moment_is_written_as_sqlalchemy_writes_it(database, rep_id, moment, written):
    with database.begin() as tx:
        add_rows(tx, tables.occurrence, occurrences(rep_id, 1, start_at=moment))
        assert tx.scalar(text("SELECT start_at FROM occurrence")) == written
        asked = select(tables.occurrence.c.start_at).where(tables.occurrence.c.start_at == moment)
        assert tx.scalar(asked) == moment
