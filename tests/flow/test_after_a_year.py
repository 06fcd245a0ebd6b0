"""That a question and a reply cost the same after a year as on the first day: no statement on their
way reads in proportion to what was asked before."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from benchmarks.filling import add_reps, fill
from nudger.admin.overview import overview
from nudger.jobs.ask import ask
from nudger.jobs.outgoing.weekly import plan_weekly
from nudger.sandbox.people_pages import reply_to
from nudger.store import tables
from tests.databases import BOTH
from tests.office import ANA, BEN, NOW, run_once

YEAR, REPS = 1500, 30
"""So many meetings of a year, and who has them: enough for a planner to tell a handful from all."""
GROWING = {
    "mail", "mail_meeting", "meeting", "inbound", "answer", "note", "outcome", "audit", "occurrence",
}  # fmt: skip
OPCODES = 20


def answer_two_calls(office, weeks=0):
    """What can happen to a question, so many weeks on: it is answered, amended, answered with a
    command, by somebody else, and after the call; colleagues are told, and a week is summed up."""
    on = timedelta(weeks=weeks)
    office.at(NOW + on + timedelta(minutes=2))
    first = datetime(2026, 11, 24, 13, 0, tzinfo=UTC) + on
    office.meet(f"first{weeks}", start=first)
    office.meet(f"second{weeks}", start=first + timedelta(hours=2), title="ACME: legal")
    run_once(office.ctx)
    mail = len(office.inbox(ANA)) - 1
    say(office, "1: Dana agrees to a pilot by Friday\n1\n2: Dana sends us the signed contract\n2")
    say(office, "2: Dana signs the contract on Friday", mail)
    say(office, "1: Dana agrees to everything", mail, by=BEN)
    say(office, "stop", mail)
    say(office, "resume", mail)
    office.at(first + timedelta(hours=2, minutes=55))
    run_once(office.ctx)
    say(office, "1: yes\n2: no")
    office.at(NOW + on + timedelta(weeks=1))
    plan_weekly(office.ctx)
    ask(office.ctx)


def say(office, text, mail=-1, by=ANA):
    with office.world.lock:
        reply_to(office.world, by, office.inbox(ANA)[mail], text)
    office.later(minutes=2)
    run_once(office.ctx)


def kinds_sent(office):
    with office.ctx.database.read() as tx:
        columns = tables.mail.c
        ours = columns.once.not_like("past-%") & columns.sent_at.is_not(None)
        return set(tx.scalars(sa.select(columns.kind).where(ours)))


@pytest.fixture(params=["organization", "personal"])
def lived(office, request):
    """An office after a year."""
    settings = office.ctx.settings.model_copy(update={"mode": request.param})
    office.ctx = replace(office.ctx, settings=settings)
    fill(office.ctx, YEAR, REPS)
    run_once(office.ctx)
    return office


@contextmanager
def noted(office):
    """The statements that are done meanwhile, each with values that it had."""
    seen = {}

    def note(_connection, _cursor, statement, parameters, *_more):
        seen[statement] = parameters[0] if isinstance(parameters, list) else parameters

    event.listen(office.ctx.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(office.ctx.database.engine, "before_cursor_execute", note)


SMALL = {
    index.name
    for table in tables.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Indexes that hold some of the rows, so that they may be read from end to end."""


def sqlite_scans(tx, statement, parameters):
    """The growing tables that SQLite would read whole."""
    found = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    for *_, detail in found:
        said = re.match(r"SCAN (\w+?)(?:_\d+)?(?: USING (?:COVERING )?INDEX (\w+))?$", detail)
        if (said and said[1] in GROWING and said[2] not in SMALL) or "ANY(" in detail:
            yield detail


def postgresql_scans(tx, statement, parameters):
    """The growing tables that PostgreSQL would read whole."""
    (plan,) = tx.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalars()
    waiting = [one["Plan"] for one in (plan if isinstance(plan, list) else json.loads(plan))]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        is_whole = "Index Cond" not in node and node.get("Index Name") not in SMALL
        if is_whole and node.get("Relation Name") in GROWING and node["Node Type"] in WHOLE:
            yield f"{node['Node Type']} on {node['Relation Name']}"


WHOLE = {"Seq Scan", "Index Scan", "Index Only Scan"}
SCANS = {"sqlite": sqlite_scans, "postgresql": postgresql_scans}


@pytest.mark.parametrize("kept_in", BOTH)
def test_no_statement_on_the_way_of_a_question_reads_a_growing_table_whole(lived, kept_in):
    with noted(lived) as statements:
        answer_two_calls(lived)
        overview(lived.ctx)
    assert kinds_sent(lived) >= {"question", "confirmation", "command", "follow_up", "weekly",
                                 "quarantined"}  # fmt: skip
    explained = {
        one: parameters for one, parameters in statements.items()
        if one.startswith(("SELECT", "UPDATE", "DELETE", "INSERT"))
    }  # fmt: skip
    assert len(explained) > 60
    with lived.ctx.database.read() as tx:
        scans = {one: list(SCANS[kept_in](tx, one, explained[one])) for one in explained}
    assert {one: found for one, found in scans.items() if found} == {}


def work(office, run):
    """How many steps SQLite's own machine does meanwhile."""
    count = 0

    def tick():
        nonlocal count
        count += 1
        return 0

    def watch(connection, *_more):
        connection.connection.driver_connection.set_progress_handler(tick, OPCODES)

    event.listen(office.ctx.database.engine, "before_cursor_execute", watch)
    run()
    event.remove(office.ctx.database.engine, "before_cursor_execute", watch)
    return count * OPCODES


def test_the_database_does_no_more_for_a_mail_after_a_year(office):
    add_reps(office.ctx, REPS)
    first = work(office, lambda: answer_two_calls(office))
    fill(office.ctx, YEAR, REPS)
    after_a_year = work(office, lambda: answer_two_calls(office, weeks=2))
    assert after_a_year <= 1.3 * first, (first, after_a_year)
