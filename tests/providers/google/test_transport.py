"""Which errors of a call are the provider's, and which are ours."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from nudger.providers.base import Unavailable
from nudger.providers.google.auth import CALENDAR_SCOPE, Delegation
from nudger.providers.google.tokens import organization_tokens
from nudger.providers.google.transport import Caller, _is_documented, service
from nudger.providers.retry import Retries
from nudger.sandbox.faults import Fault

ANA = "ana@ourco.example"


@pytest.fixture
def slept():
    return []


@pytest.fixture
def caller(server, service_account, slept):
    server.google.tokens.register(service_account)
    delegation = Delegation({**service_account, "token_uri": f"{server.url}/token"})
    tokens = organization_tokens(delegation.credentials_for(ANA, CALENDAR_SCOPE))
    return Caller(tokens, Retries(sleep=slept.append))


@pytest.fixture
def listing(server):
    return service("calendar", "v3", server.url).events().list(calendarId=ANA)


def test_an_answer_that_cannot_be_decoded_is_asked_for_again(server, caller, listing, slept):
    server.world.faults.add(Fault("calendar.events.list", status=200, reason="garbage"))
    assert caller.read(listing)["items"] == []
    assert len(slept) == 1


def test_one_that_is_no_object_too(server, caller, listing, slept):
    listing.postproc = lambda _response, _content: ["a", "list"]
    with pytest.raises(Unavailable, match="proxy in between"):
        caller.read(listing)
    assert slept


@pytest.mark.parametrize("error", [ValueError("ours"), TypeError("ours"), KeyError("ours")])
def test_a_fault_of_ours_is_neither_hidden_nor_repeated(server, caller, listing, slept, error):
    def stumble(_response, _content):
        raise error

    listing.postproc = stumble
    with pytest.raises(type(error)):
        caller.read(listing)
    assert slept == []
    assert server.world.ledger.calls["calendar.events.list"] == 1


ANSWERS = [
    ("DELETE", "calendar.events.delete", "", True),
    ("DELETE", "calendar.events.delete", b"{}", True),
    ("DELETE", "calendar.events.delete", b"<html>", False),
    ("POST", "calendar.channels.stop", "", True),
    ("POST", "gmail.users.stop", b"{}", True),
    ("POST", "gmail.users.stop", {"id": "x"}, False),
    ("POST", "gmail.users.drafts.send", {"id": "x"}, True),
    ("POST", "gmail.users.drafts.send", {}, False),
    ("POST", "gmail.users.drafts.send", {"ok": True}, False),
    ("GET", "calendar.events.list", {"items": []}, True),
    ("GET", "gmail.users.getProfile", {"emailAddress": ANA}, True),
    ("GET", "calendar.events.get", {"items": []}, False),
    ("GET", "calendar.events.list", [], False),
]


@pytest.mark.parametrize(("method", "name", "answer", "done"), ANSWERS)
def test_what_says_that_a_call_was_carried_out(method, name, answer, done):
    assert _is_documented(SimpleNamespace(method=method, methodId=name), answer) is done


def test_only_one_of_many_threads_renews_a_refused_token(server, caller, listing):
    from concurrent.futures import ThreadPoolExecutor

    caller.read(listing)
    server.google.tokens._access.clear()
    requests = [
        service("calendar", "v3", server.url).events().list(calendarId=ANA) for _ in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(caller.read, requests))
    assert all(json.dumps(one["items"]) == "[]" for one in answers)
    assert server.world.ledger.calls["oauth.token"] == 2
