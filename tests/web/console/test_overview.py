"""The first page and Health: what they show is what the database and the commands say."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nudger.admin.console_overview import week_bounds
from nudger.admin.controls import pause_sending
from nudger.domain.health import ADVICE, Concern
from nudger.sandbox.faults import Fault
from nudger.store.counts import queues
from nudger.web.console.health import QUEUES
from tests.office import ANA, run_once
from tests.web.answer.test_router import COMMITMENT
from tests.web.rep.conftest import sign_in as sign_in_rep
from tests.web.rep.test_router import answer, send

sign_in = sign_in_rep


def text(client, path="/console"):
    shown = html.unescape(re.sub(r"<[^>]*>", " ", client.get(path).text))
    return " ".join(shown.split())


def test_every_kind_of_work_has_a_name(database):
    with database.read() as tx:
        assert set(QUEUES) == set(queues(tx, datetime(2026, 11, 23, tzinfo=UTC)))


def test_every_concern_says_what_to_do():
    assert set(ADVICE) == set(Concern)


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "2026-11-16", "2026-11-30"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "2026-11-16", "2026-11-30"),
        (datetime(2026, 11, 22, 22, 30, tzinfo=UTC), "2026-11-09", "2026-11-23"),
        (datetime(2026, 10, 26, 12, tzinfo=UTC), "2026-10-19", "2026-11-02"),
    ],
)
def test_weeks_begin_on_mondays_where_the_company_is(now, first, last):
    bounds = week_bounds(now, ZoneInfo("Europe/Berlin"), 2)
    assert [f"{one:%F %H:%M}" for one in (bounds[0], bounds[-1])] == [
        f"{first} 00:00",
        f"{last} 00:00",
    ]
    assert len(bounds) == 3


def test_an_empty_office_has_nothing_to_show_and_no_fault(kim):
    page = text(kim)
    assert "Nothing needs your attention" in page
    assert "Nothing to show yet" in text(kim, "/console/steps")


def test_a_week_is_told_in_numbers_with_a_table_behind_each_chart(asked, kim, sign_in, come_in):
    answer(sign_in(ANA), next_milestone="Decision")
    ahead = text(kim)
    assert "Answered for the rest of the week 1 of 1 asked about" in ahead
    assert "so far this week –" in ahead, "no call began yet"
    asked.office.later(days=1, hours=8)
    send(sign_in(ANA), "/me/calls/1/outcome", "/me/calls/1", outcome="yes")
    admin = come_in(None)
    over = text(admin)
    assert "so far this week 100 %" in over
    assert "Answered for the rest of the week 0 of 0 asked about" in over
    assert "Agreed 1" in over
    steps = text(admin, "/console/steps")
    assert "Asked 1 Answered 1 Commitment 1 Agreed 1" in steps
    assert "Decision 1" in steps
    assert COMMITMENT not in admin.get("/console").text + admin.get("/console/steps").text


def test_what_needs_attention_says_what_to_do(pages, kim):
    pause_sending(pages.office.ctx.database, None, pages.office.ctx.clock())
    for path in ("/console", "/console/health"):
        page = kim.get(path).text
        assert "Sending is paused by an admin." in page
        assert "<code>nudger resume</code>" in page


def test_a_connection_that_fails_is_seen(pages, kim):
    with pages.office.world.lock:
        pages.office.world.faults.add(
            Fault("calendar.events.list", status=404, reason="notFound", times=9)
        )
    run_once(pages.office.ctx)
    page = text(kim)
    assert "Calendars at Google" in page
    assert "✕" in page
    assert "What fails and is tried again" in text(kim, "/console/health")


def test_opening_a_page_asks_no_provider(pages, kim):
    before = dict(pages.office.calls)
    for path in ("/console", "/console/steps", "/console/health"):
        assert kim.get(path).status_code == 200
    assert pages.office.calls == before


def test_health_is_what_the_doctor_finds_on_this_machine(pages, kim):
    page = text(kim, "/console/health")
    assert "asking mailbox nudger@ourco.example ✓ OK" in page
    pages.office.ctx.settings.credentials.chmod(0o644)
    assert "✕ failing" in text(kim, "/console/health")


def test_numbers_do_not_cost_more_with_more_reps(pages, kim):
    """A statement each, however many calls there are."""
    count = len(pages.office.statements(lambda: kim.get("/console")))
    for number in range(5):
        pages.office.meet(f"more{number}", title=f"More {number}")
    run_once(pages.office.ctx)
    assert len(pages.office.statements(lambda: kim.get("/console"))) == count
