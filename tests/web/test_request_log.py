"""Each request has an id, by which the answer, the log and what was done are found."""

from __future__ import annotations

import logging

import pytest

from nudger.admin.find_events import find_events
from nudger.store.audit import Wanted, find
from tests.office import NOW
from tests.web.answer.test_router import COMMITMENT, revisions, sheet
from tests.web.test_every_request import POLICY

TOKEN_ROUTE = "/answer/{token}/{number:int}"


@pytest.fixture
def logged(caplog):
    """What each line about a page named."""
    caplog.set_level(logging.DEBUG, "nudger")

    def facts(event="page"):
        named = [getattr(record, "facts", {}) for record in caplog.records]
        return [one for one in named if one.get("event") == event]

    return facts


def test_the_answer_and_the_log_name_the_request_and_the_route(asked, logged, caplog):
    link = asked.link()
    answer = asked.client.get(f"{link}/1")
    (line,) = logged()
    assert (line["method"], line["route"], line["status"]) == ("GET", TOKEN_ROUTE, 200)
    assert answer.headers["x-request-id"] in caplog.text
    assert link.removeprefix("/answer/") not in caplog.text


def test_an_id_is_never_a_strangers(asked):
    said = {"x-request-id": "evil\u2028id".encode()}
    ids = [asked.client.get("/healthz", headers=said).headers["x-request-id"] for _ in range(2)]
    assert len(set(ids)) == 2
    assert all(len(one) == 16 and int(one, 16) >= 0 for one in ids)


def test_what_a_request_did_keeps_its_id(asked, logged):
    data = {"token": sheet(asked).hidden["token"], "commitment_objective": COMMITMENT}
    answer = asked.client.post(f"{asked.link()}/1", data=data)
    assert revisions(asked) == 1
    request_id = answer.headers["x-request-id"]
    with asked.office.ctx.database.read() as tx:
        by_request = find(tx, Wanted(NOW, request=request_id))
        others = [one for one in find(tx, Wanted(NOW)) if one not in by_request]
    assert by_request
    assert others
    (hit,) = find_events(asked.office.ctx, request_id)
    assert hit.meeting is not None
    assert find_events(asked.office.ctx, "0" * 16) == []
    assert not any("request" in one.step.detail for one in others)
    told = [one for one in logged("step") if one["request"] == request_id]
    assert [one["reason"] for one in told] == [one.step.reason.value for one in by_request]


def test_what_no_route_serves_is_told_without_its_address(asked, logged, caplog):
    asked.client.get("/secret-address-of-somebody")
    asked.client.get("/static/none.css")
    assert [(one["route"], one["status"]) for one in logged()] == [
        ("(none)", 404),
        ("/static/", 404),
    ]
    assert "secret-address" not in "".join(r.getMessage() for r in caplog.records
                                            if r.name.startswith("nudger"))  # fmt: skip


def test_a_refused_request_has_an_id_too(asked):
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}):
        assert asked.client.post("/answer/x/1", headers=headers).headers["x-request-id"]


def test_a_page_that_fails_names_its_id_in_answer_and_log(asked, logged, monkeypatch):
    def fail(*_given):
        raise RuntimeError("made to fail")

    monkeypatch.setattr("nudger.web.answer.desk.read_sheet", fail)
    answer = asked.client.get(f"{asked.link()}/1")
    (failed,) = logged("page_failed")
    assert (answer.status_code, failed["route"]) == (500, TOKEN_ROUTE)
    assert answer.headers["x-request-id"] == failed["request"]
    assert POLICY.items() <= answer.headers.items()
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
