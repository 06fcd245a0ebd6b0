"""The customer calls in the console: filtered, a page at a time, and each explained."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from nudger.admin import call_list
from nudger.domain.commitment import MeetingState
from nudger.domain.reasons import Reason
from nudger.jobs.scan import scan
from nudger.store import people, tables
from nudger.store.meetings import MeetingDetails, MeetingPlan
from tests.browser import open_browser
from tests.office import ANA, BEN
from tests.web.answer.test_page import DESKTOP
from tests.web.answer.test_router import Fields
from tests.web.rep.test_page import carry_over

PATH = "/console/meetings"
TITLE = "ACME: pilot review"


def titles(client, **query):
    page = client.get(PATH, params=query)
    assert page.status_code == 200, page.text
    return re.findall(rf'<a href="{PATH}/\d+">([^<]*)</a>', page.text)


def leads(text, word):
    found = re.search(rf'href="({PATH}\?[^"]*{word}=[^"]+)"', text)
    return found and found[1].replace("&amp;", "&")


@pytest.fixture
def many(pages):
    """120 calls of Ana's, an hour apart, from two days ago on; every tenth is with Globex, every
    third is withdrawn."""
    ctx = pages.office.ctx
    start = ctx.clock() - timedelta(days=2)
    with ctx.database.begin() as tx:
        rep = people.find_rep(tx, ANA)
        plans = [
            MeetingPlan(
                f"call{at:03}", rep.id, "organizer", "outside", start + timedelta(hours=at),
                start + timedelta(hours=at + 1), "UTC",
                ("eu.globex.example" if at % 10 == 0 else "acme.example",),
                MeetingDetails(f"Call {at:03}", ()),
            )
            for at in range(120)
        ]  # fmt: skip
        added = ctx.meetings.add_many(tx, plans, ctx.clock())
        gone = [added[f"call{at:03}"] for at in range(0, 120, 3)]
        ctx.meetings.set_states(tx, gone, MeetingState.WITHDRAWN, "declined", ctx.clock())
    return pages


def test_it_begins_today_and_leads_both_ways(many, kim):
    first = kim.get(PATH).text
    shown = titles(kim)
    assert len(shown) == 50
    assert shown == sorted(shown)
    assert shown[0] > "Call 030"
    earlier = kim.get(leads(first, "before")).text
    assert "Call 000" in earlier
    assert leads(earlier, "before") is None
    assert re.findall(r">(Call \d+)<", kim.get(leads(earlier, "after")).text) == shown
    later = kim.get(leads(first, "after")).text
    assert "Call 119" in later
    assert leads(later, "after") is None


def test_every_call_is_on_one_page(many, kim):
    text, seen = kim.get(PATH, params={"since": "2026-11-01"}).text, []
    while True:
        seen += re.findall(r">(Call \d+)<", text)
        if (next_page := leads(text, "after")) is None:
            break
        text = kim.get(next_page).text
    assert seen == [f"Call {at:03}" for at in range(120)]


def test_calls_of_one_moment_are_told_apart(many, kim):
    with many.office.ctx.database.begin() as tx:
        tx.execute(update(tables.meeting).values(start_at=datetime(2026, 11, 25, 9, tzinfo=UTC)))
    test_every_call_is_on_one_page(many, kim)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"state": "withdrawn"}, 40),
        ({"state": "written"}, 0),
        ({"reason": "declined"}, 40),
        ({"customer": "globex.example"}, 12),
        ({"customer": "lobex.example"}, 0),
        ({"customer": "globex.example", "state": "withdrawn"}, 4),
        ({"objective": "none", "customer": "globex.example"}, 8),
        ({"rep": ANA, "state": "written"}, 0),
        ({"rep": ANA.upper(), "reason": "declined"}, 40),
        ({"until": "2026-11-20"}, 0),
        ({"since": "2026-11-23", "until": "2026-11-23", "customer": "globex.example"}, 3),
    ],
)
def test_it_is_filtered(many, kim, query, count):
    assert len(titles(kim, **{"since": "2026-11-01", **query})) == count


@pytest.mark.parametrize(
    ("query", "each"),
    [({"customer": "globex.example"}, 10), ({"rep": ANA, "state": "withdrawn"}, 3)],
)
def test_what_fits_seldom_is_looked_for_a_part_at_a_time(many, kim, monkeypatch, query, each):
    monkeypatch.setattr(call_list, "LOOKED_AT", 7)
    query = {"since": "2026-11-01", **query}
    text, seen, pages = kim.get(PATH, params=query).text, [], 1
    while (next_page := leads(text, "after")) is not None:
        seen += re.findall(r">(Call \d+)<", text)
        text, pages = kim.get(next_page).text, pages + 1
    seen += re.findall(r">(Call \d+)<", text)
    assert seen == [f"Call {at:03}" for at in range(0, 120, each)]
    assert pages == 18
    back = re.findall(r">(Call \d+)<", text)
    while (next_page := leads(text, "before")) is not None:
        text = kim.get(next_page).text
        back = re.findall(r">(Call \d+)<", text) + back
    assert back == seen


@pytest.mark.parametrize("query", [{}, {"rep": ANA}, {"state": "planned"}, {"customer": "x.co"}])
def test_an_index_leads_to_a_page_however_long_the_history(many, kim, query):
    ctx = many.office.ctx
    found = many.office.statements(lambda: kim.get(PATH, params=query))
    listing = [one for one in found if "start_at" in one and "LIMIT" in one]
    assert listing
    with ctx.database.read() as tx:
        for one in listing:
            assert "SCAN meeting" not in _plan(tx, one)


def _plan(tx, statement):
    bound = statement.count("?")
    rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("2026-11-24",) * bound)
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"rep": "nobody@ourco.example"}, "Nobody with this address"),
        ({"since": "yesterday"}, "A day is expected"),
        ({"until": "9999-12-31"}, "A day is expected"),
    ],
)
def test_what_cannot_be_followed_is_said_beside_the_field(kim, query, says):
    page = kim.get(PATH, params=query)
    assert (page.status_code, says in page.text) == (422, True)
    assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize("place", ["x", "20261124T100000.0-x", "-1", "20261124T100000.0-²", "0-0"])
def test_a_place_that_is_none_is_no_fault_of_ours(kim, place):
    assert kim.get(PATH, params={"after": place}).status_code == 422
    assert kim.get(PATH, params={"before": place}).status_code == 422


def test_unknown_words_in_the_filter_hold_nothing_back(many, kim):
    assert len(titles(kim, state="x", reason="x", since="2026-11-01")) == 50


def test_a_call_tells_why_and_what_waits(asked, kim):
    (title,) = titles(kim)
    assert title == TITLE
    page = kim.get(re.search(rf"{PATH}/\d+", kim.get(PATH).text)[0]).text
    text = Fields(page).text
    assert TITLE in text
    assert Reason.OUTSIDE.words in text
    assert "The answer is awaited until Tue 24 Nov 2026 14:00" in text
    assert ANA in text
    assert "question" in text


@pytest.mark.parametrize("number", ["999", "2147483648", "9" * 30])
def test_a_call_that_is_none_is_not_there(kim, number):
    assert kim.get(f"{PATH}/{number}").status_code == 404


def test_an_event_that_is_not_asked_about_is_found_by_its_time_and_id(pages, kim):
    pages.office.meet("team", title="Team lunch", guests=[ANA, BEN])
    pages.office.meet()
    scan(pages.office.ctx)
    both = kim.get(f"{PATH}/find", params={"event": "2026-11-24 14:00"}).text
    assert Reason.NO_CUSTOMER.words in both
    assert TITLE in both
    assert "Team lunch" not in both
    name = re.search(r'find\?event=([^"]+)"><?[^<]*Not asked about', both)[1]
    one = Fields(kim.get(f"{PATH}/find?event={name}").text).text
    assert Reason.NO_CUSTOMER.words in one
    nothing = kim.get(f"{PATH}/find", params={"event": "pilot review"}).text
    assert "No scan has seen such an event" in nothing


def test_strangers_titles_stay_texts(pages, kim):
    pages.office.meet(title="<script>alert(1)</script>\u202e gpj")
    scan(pages.office.ctx)
    page = kim.get(PATH).text
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_an_auditor_reads(asked, alex):
    assert titles(alex) == [TITLE]


def test_calls_are_filtered_by_keyboard(many, kim):
    with open_browser() as browser:
        context = browser.new_context(viewport=DESKTOP)
        carry_over(kim, context, many.url)
        page = context.new_page()
        page.goto(f"{many.url}{PATH}")
        page.get_by_label("Customer").focus()
        page.keyboard.type("globex.example")
        page.keyboard.press("Enter")
        page.wait_for_url("**customer=globex.example**")
        assert page.get_by_label("Customer").input_value() == "globex.example"
        assert page.locator(".trail li").count() == 8
        page.locator(".trail a").first.click()
        page.get_by_role("heading", name="Every step").wait_for()
        context.close()
