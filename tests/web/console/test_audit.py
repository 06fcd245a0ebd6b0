"""The audit trail as a page: filtered, a page at a time, verified, taken along."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from nudger.admin import audit_trail
from nudger.domain.reasons import Reason, StepName
from nudger.store import audit, tables
from tests.office import ANA
from tests.store.test_audit_seals import past_the_triggers
from tests.web.answer.test_router import Fields
from tests.web.console.conftest import KIM, send

PATH = "/console/audit"


def rows(client, **query):
    page = client.get(PATH, params=query)
    assert page.status_code == 200, page.text
    return page.text.count("<li><span><strong>")


@pytest.fixture
def long(pages, kim):
    """120 steps more, one a minute, all about meeting 7."""
    now = pages.office.ctx.clock()
    with pages.office.ctx.database.begin() as tx:
        for at in range(120):
            step = audit.Step(StepName.PLAN, Reason.CUSTOMER, meeting_id=7, detail={"at": at})
            audit.record(tx, step, now - timedelta(days=2) + timedelta(minutes=at))
    return kim


def test_steps_are_told_with_their_words(asked, kim):
    page = Fields(kim.get(PATH).text).text
    assert Reason.ADMIN_SIGNED_IN.words in page
    assert KIM in page
    assert ANA in page
    assert "not sealed yet" in page


def leads(page, word):
    """Where a page's link to what is older or newer leads; `None` where there is none."""
    found = re.search(rf'href="({PATH}\?{word}=\d+)"', page)
    return found and found[1]


def test_a_page_has_fifty_and_leads_to_the_others(long):
    pages = [long.get(PATH).text]
    while older := leads(pages[-1], "before"):
        pages.append(long.get(older).text)
    counts = [page.count("<li><span><strong>") for page in pages]
    assert counts[:2] == [50, 50]
    assert 20 < counts[2] < 50
    assert leads(pages[0], "after") is None
    back = [pages[-1]]
    while newer := leads(back[-1], "after"):
        back.append(long.get(newer).text)
    trail = re.compile(r"<ol.*</ol>", re.DOTALL)
    assert [trail.search(one)[0] for one in back[::-1]] == [trail.search(one)[0] for one in pages]


def test_it_is_filtered(asked, long):
    assert rows(long, meeting="7") == 50
    assert rows(long, meeting="8") == 0
    assert rows(long, rep=ANA) == rows(long, rep=ANA.upper()) == 1
    assert rows(long, until="2026-11-21", meeting="7") == 50
    assert rows(long, until="2026-11-20") == 0
    assert rows(long, since="2026-11-24") == 0
    assert 0 < rows(long, since="2026-11-23") < 10


def test_a_request_is_found_by_its_id(long):
    answered = send(long, "/console/audit/export", PATH)
    request = answered.headers["x-request-id"]
    assert rows(long, request=request) == 1
    assert rows(long, request="0" * 16) == 0


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"rep": "nobody@ourco.example"}, "Nobody with this address"),
        ({"meeting": "x"}, "is a number"),
        ({"meeting": "9" * 30}, "is a number"),
        ({"meeting": "²"}, "is a number"),
        ({"since": "yesterday"}, "A day is expected"),
        ({"until": "2026-13-01"}, "A day is expected"),
        ({"until": "9999-12-31"}, "A day is expected"),
        ({"since": "0001-01-01"}, "A day is expected"),
    ],
)
def test_what_cannot_be_followed_is_said_beside_the_field(kim, query, says):
    page = kim.get(PATH, params=query)
    assert (page.status_code, says in page.text) == (422, True)
    assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize("query", [{"before": "x"}, {"before": "-1"}, {"after": "9" * 40}])
def test_a_place_that_is_none_is_no_fault_of_ours(kim, query):
    assert kim.get(PATH, params=query).status_code == 422


def test_strangers_texts_stay_texts(kim):
    page = kim.get(PATH, params={"request": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_verifying_says_that_all_is_whole(asked, kim):
    audit_trail.seal(asked.office.ctx)
    assert "Every row is as it was sealed." in send(kim, f"{PATH}/verify", PATH).text


def test_verifying_finds_what_was_changed(asked, kim):
    audit_trail.seal(asked.office.ctx)
    forged = update(tables.audit).where(tables.audit.c.id == 1).values(reason="customer")
    past_the_triggers(asked.office.ctx.database, forged)
    page = send(kim, f"{PATH}/verify", PATH).text
    assert "notice bad" in page
    assert "row 1" in page


def test_a_head_that_was_noted_is_looked_for(asked, kim):
    head = audit_trail.seal(asked.office.ctx)
    assert head is not None
    assert "notice good" in send(kim, f"{PATH}/verify", PATH, head=head.hash.upper()).text
    assert "its end was cut off" in send(kim, f"{PATH}/verify", PATH, head="0" * 64).text
    short = send(kim, f"{PATH}/verify", PATH, head="abc")
    assert (short.status_code, "At least the first 8" in short.text) == (422, True)


def test_an_auditor_verifies_and_takes_it_along(asked, alex):
    assert send(alex, f"{PATH}/verify", PATH).status_code == 200
    taken = send(alex, f"{PATH}/export", PATH)
    assert taken.headers["content-disposition"].startswith("attachment")
    lines = [json.loads(line) for line in taken.text.splitlines()]
    assert lines[0]["reason"] == "audit_exported"
    assert lines[0]["by"] == "alex@ourco.example"
    assert {one["rep"] for one in lines} >= {ANA, None}


def test_what_is_taken_along_is_what_the_filter_lets_through(long):
    taken = send(long, f"{PATH}/export", PATH, meeting="7")
    lines = [json.loads(line) for line in taken.text.splitlines()]
    assert len(lines) == 120
    assert [one["detail"]["at"] for one in lines] == list(range(119, -1, -1))
    assert send(long, f"{PATH}/export", PATH, meeting="x").status_code == 422


def test_a_long_trail_is_taken_along_in_batches(pages, kim, monkeypatch):
    monkeypatch.setattr(audit_trail, "EXPORTED_AT_ONCE", 2)
    whole = send(kim, f"{PATH}/export", PATH).text.splitlines()
    assert [json.loads(one)["id"] for one in whole] == list(range(len(whole), 0, -1))
