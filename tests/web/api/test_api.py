"""Programs read calls: with which tokens, what they get, and how they are refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from nudger.admin import controls
from nudger.admin.api_tokens import PREFIX, TokenProblem, add_token, list_tokens, revoke_token
from nudger.admin.calls import changed_calls
from nudger.domain.api_scopes import Scope
from nudger.store import tables
from tests.office import ANA, run_once
from tests.web.conftest import served

GOOD = "Dana, the CFO, agrees to a pilot by Friday\n1"


@pytest.fixture
def pages(office):
    with served(office, "api = true\napi_per_minute = 1000\n") as found:
        yield found


@pytest.fixture
def api(pages):
    return Api(pages)


class Api:
    """A program that has a token for everything."""

    def __init__(self, pages):
        self.office = pages.office
        self.client = pages.client
        self.token = add_token(self.office.ctx, "all", list(Scope), None)

    def get(self, path, token=None, **params):
        headers = {"authorization": f"Bearer {token or self.token}"}
        return self.client.get(f"/api/v1{path}", headers=headers, params=params or None)


@pytest.fixture
def answered(api):
    api.office.meet()
    run_once(api.office.ctx)
    api.office.reply(GOOD)
    api.office.later(minutes=2)
    run_once(api.office.ctx)
    return api


def refused(answer, status):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], set(body)) == (status, {"type", "title", "status", "detail"})
    return body


def test_the_calls_are_those_of_the_export(answered):
    found = answered.get("/calls").json()
    exported = changed_calls(answered.office.ctx)
    assert found["calls"] == [call.as_json() for call in exported.calls]
    assert (found["cursor"], found["more"]) == (str(exported.cursor), False)
    (call,) = found["calls"]
    assert answered.get(f"/calls/{call['call']}").json() == call


def test_what_a_rep_keeps_to_themself_is_left_out(answered):
    answered.office.reply("private")
    answered.office.later(minutes=2)
    run_once(answered.office.ctx)
    text = answered.get("/calls").text
    assert json.loads(text)["calls"][0]["kept_private"] is True
    assert "pilot by Friday" not in text


def test_page_by_page_each_call_comes_once_and_then_only_changes(answered):
    for number in range(7):
        start = datetime(2026, 11, 25, 9 + number, 0, tzinfo=UTC)
        answered.office.meet(f"more{number}", start=start, title=f"More {number}")
    answered.office.later(minutes=2)
    run_once(answered.office.ctx)
    seen, cursor, pages = [], None, 0
    while True:
        given = {"cursor": cursor} if cursor else {}
        found = answered.get("/calls", limit=3, **given).json()
        seen += [call["call"] for call in found["calls"]]
        cursor, pages = found["cursor"], pages + 1
        assert len(found["calls"]) <= 3
        if not found["more"]:
            break
    assert (len(seen), len(set(seen)), pages) == (8, 8, 3)
    assert answered.get("/calls", cursor=cursor).json()["calls"] == []
    answered.office.reply("sorry, the milestone should be decision", mail=0)
    answered.office.later(minutes=2)
    run_once(answered.office.ctx)
    changed = answered.get("/calls", cursor=cursor).json()["calls"]
    assert [call["next_milestone"] for call in changed if call["commitment_objective"]] == [
        "Decision"
    ]


def test_the_reps(api):
    found = api.get("/reps").json()
    assert [one["rep"] for one in found["reps"]] == [ANA]
    assert found["cursor"] is None
    assert found["reps"][0]["state"] == "active"


class TestRefusals:
    def test_without_a_token(self, api):
        answer = api.client.get("/api/v1/calls")
        refused(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_each_wrong_token_alike(self, api):
        ctx = api.office.ctx
        expired = add_token(ctx, "short", [Scope.CALLS], timedelta(days=1))
        revoked = add_token(ctx, "taken back", [Scope.CALLS], None)
        assert api.get("/calls", expired).status_code == 200
        assert api.get("/calls", revoked).status_code == 200
        revoke_token(ctx, "taken back")
        api.office.later(days=1)
        unknown = PREFIX + "a" * 32
        wrong = [expired, revoked, unknown, "x", PREFIX, expired.upper(), "ü" * 5]
        answers = [
            api.client.get("/api/v1/calls", headers={"authorization": f"Bearer {one}".encode()})
            for one in wrong
        ]
        said = [refused(answer, 401) for answer in answers]
        assert all(one == said[0] for one in said)

    def test_another_scope(self, api):
        token = add_token(api.office.ctx, "calls only", [Scope.CALLS], None)
        answer = api.get("/reps", token)
        assert "reps" in refused(answer, 403)["detail"]
        assert 'scope="reps"' in answer.headers["www-authenticate"]

    @pytest.mark.parametrize("number", [1, 2**31, 2**80])
    def test_no_such_call(self, api, number):
        refused(api.get(f"/calls/{number}"), 404)

    @pytest.mark.parametrize("path", ["/calls/x", "/calls/0", "/calls?limit=0", "/calls?limit=501",
                                      "/calls?cursor=x", "/reps?cursor=x", "/reps?cursor=-1", "/calls?curser=x", "/calls/1?limit=1"])  # fmt: skip
    def test_what_is_not_understood(self, api, path):
        refused(api.get(path), 422)

    def test_no_such_address_and_no_such_method(self, api):
        refused(api.get("/nothing"), 404)
        answer = api.client.request("DELETE", "/api/v1/calls")
        refused(answer, 405)
        assert answer.headers["allow"] == "GET"

    def test_a_lockdown(self, api):
        controls.lock_down(api.office.ctx.database, api.office.ctx.clock())
        refused(api.get("/calls"), 503)

    def test_guessing_ends_soon_and_stops_nobody_who_has_a_token(self, api):
        statuses = [api.get("/calls", "x").status_code for _ in range(31)]
        assert statuses == [401] * 30 + [429]
        assert api.get("/calls").status_code == 200


def test_too_many_requests_are_told_when_to_come_again(office):
    with served(office, "api = true\napi_per_minute = 3\n") as pages:
        api = Api(pages)
        assert [api.get("/reps").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert api.get("/reps").headers["retry-after"] == "60"
        office.later(seconds=61)
        assert api.get("/reps").status_code == 200


def test_it_is_not_there_unless_it_is_wanted(office):
    with served(office, "") as pages:
        assert pages.client.get("/api/v1/openapi.json").status_code == 404


def test_anybody_may_read_what_it_can(api):
    answer = api.client.get("/api/v1/openapi.json")
    described = answer.json()
    assert set(described["paths"]) == {"/calls", "/calls/{call}", "/reps"}
    assert described["servers"] == [{"url": "/api/v1"}]
    for path in described["paths"].values():
        refusals = {**path["get"]["responses"]}
        assert "application/problem+json" in refusals["401"]["content"]
        assert path["get"]["security"] == [{"token": []}]
    assert api.client.get("/api/v1/docs").status_code == 404


class TestTokens:
    def test_only_a_hash_is_kept(self, api):
        with api.office.ctx.database.read() as tx:
            (row,) = tx.execute(tables.api_token.select()).all()
        assert api.token not in str(row)
        assert api.token.removeprefix(PREFIX) not in str(row)

    def test_when_it_was_last_used_is_kept_to_the_minute(self, api):
        ctx = api.office.ctx
        assert list_tokens(ctx)[0]["used_at"] is None
        api.get("/reps")
        first = ctx.clock().isoformat()
        assert list_tokens(ctx)[0]["used_at"] == first
        api.office.later(seconds=30)
        api.get("/reps")
        assert list_tokens(ctx)[0]["used_at"] == first

    def test_a_name_stands_for_one_token(self, api):
        ctx = api.office.ctx
        with pytest.raises(TokenProblem, match="another name"):
            add_token(ctx, "all", [Scope.CALLS], None)
        for name, scopes in ((" ", [Scope.CALLS]), ("x\n", []), ("a\x00b", [Scope.CALLS])):
            with pytest.raises(TokenProblem):
                add_token(ctx, name, scopes, None)
        with pytest.raises(TokenProblem, match="no token"):
            revoke_token(ctx, "other")
        revoke_token(ctx, "all")
        with pytest.raises(TokenProblem, match="already"):
            revoke_token(ctx, "all")
