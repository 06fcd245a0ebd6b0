"""First scans by several workers at once: what two calendars show is one meeting, asked about once,
and nobody waits for who reads something else."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from nudger.domain.event import Provider
from nudger.domain.mails import MailKind
from nudger.jobs.scan import scan
from nudger.runtime.context import worker_name
from nudger.runtime.pool import Pool
from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.server import SandboxServer
from nudger.sandbox.world import World
from nudger.store import outbox, tables
from nudger.store.database import Database
from nudger.store.people import NewRep
from tests.databases import BOTH
from tests.office import DANA, NUDGER, open_office

MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
REPS = [f"rep{number}@ourco.example" for number in range(8)]
CALLS, WORKERS = 30, 2


def shared_calendars(kept_by):
    """Calls that half of the reps go to, and in each calendar one that is nobody else's."""
    world = World()
    for email in (*REPS, NUDGER, DANA):
        world.add_person(email, email, provider=kept_by)
    for number in range(CALLS):
        first = number % len(REPS)
        there = [*REPS, *REPS][first : first + len(REPS) // 2]
        add(world, f"call{number}", there, timedelta(hours=number))
    for number, rep in enumerate(REPS):
        add(world, f"own{number}", [rep], timedelta(hours=1))
    world.set_now(MONDAY)
    return world


def add(world, name, there, ahead):
    """In the first one's calendar, and so in those of all who are invited."""
    start = MONDAY + timedelta(days=2) + ahead
    guests = [Guest(email, "", "accepted") for email in (*there, DANA)]
    entry = Entry(
        name, there[0], f"{name}@google.com", there[0], name, start,
        start + timedelta(minutes=30), guests=guests,
    )  # fmt: skip
    world.calendars.add(entry)


@pytest.mark.parametrize("kept_in", BOTH)
@pytest.mark.parametrize("kept_by", ["google", "microsoft"])
def test_a_call_in_many_calendars_is_one_meeting_with_one_question(tmp_path, database_url, kept_by):
    world = shared_calendars(kept_by)
    reps = [NewRep(email, Provider(kept_by)) for email in REPS]
    with (
        SandboxServer(world) as server,
        open_office(tmp_path, server, database_url, *reps) as office,
    ):

        def work(_number):
            database, pool = Database(database_url), Pool(4)
            own = replace(office.ctx, database=database, owner=worker_name(), pool=pool)
            try:
                return scan(own)
            finally:
                pool.close()
                database.close()

        with ThreadPoolExecutor(WORKERS) as threads:
            reports = list(threads.map(work, range(WORKERS)))
        assert [report.failures for report in reports] == [{}, {}]
        assert sum(report.calendars for report in reports) == len(REPS)
        with office.ctx.database.read() as tx:
            meeting_ids = tx.scalars(select(tables.meeting.c.id)).all()
            mails = [m.id for m in outbox.of_kind(tx, MailKind.QUESTION)]
            asked = Counter(i for mail in mails for i in outbox.meeting_ids(tx, mail))
            held = Counter(tx.scalars(select(tables.occurrence.c.meeting_id)))
        assert len(meeting_ids) == CALLS + len(REPS)
        assert asked == Counter(meeting_ids)
        assert sorted(held.values()) == [1] * len(REPS) + [len(REPS) // 2] * CALLS
