"""The stand-in for Outlook's Focused Inbox, refusals included."""

from __future__ import annotations

import httpx
import pytest

from nudger.sandbox.microsoft.identity import app_credentials
from nudger.sandbox.microsoft.mail import MOST_OVERRIDES
from tests.office import ANA

GOOD = {"classifyAs": "focused", "senderEmailAddress": {"address": "nudger@ourco.example"}}


@pytest.fixture
def kept_by():
    return "microsoft"


@pytest.fixture
def pin(server):
    app = app_credentials()
    form = {
        "grant_type": "client_credentials", "client_id": app["client_id"],
        "client_secret": app["client_secret"], "scope": "https://graph.microsoft.com/.default",
    }  # fmt: skip

    def post(body, person=ANA):
        url = f"{server.url}/{app['tenant_id']}/oauth2/v2.0/token"
        token = httpx.post(url, data=form, timeout=30)
        return httpx.post(
            f"{server.url}/v1.0/users/{person}/inferenceClassification/overrides",
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
            json=body,
            timeout=30,
        )

    return post


def test_an_override_is_made_and_made_anew(server, pin):
    for _ in range(2):
        answer = pin(GOOD)
        assert answer.status_code == 201
        assert answer.json()["classifyAs"] == "focused"
    assert server.world.people[ANA].tabs == {"nudger@ourco.example": "focused"}


@pytest.mark.parametrize(
    "body",
    [{}, {**GOOD, "classifyAs": "pinned"}, {**GOOD, "senderEmailAddress": {"address": "nobody"}},
     {**GOOD, "senderEmailAddress": "nudger@ourco.example"}],
)  # fmt: skip
def test_what_is_no_override_is_refused(server, pin, body):
    assert pin(body).status_code == 400
    assert not server.world.people[ANA].tabs


def test_there_is_a_most(server, pin):
    tabs = server.world.people[ANA].tabs
    tabs.update({f"{number}@x.example": "focused" for number in range(MOST_OVERRIDES)})
    assert pin(GOOD).status_code == 400


def test_without_the_right_it_is_refused(server, pin):
    server.microsoft.identity.permissions = ("Calendars.ReadWrite", "Mail.Send")
    assert pin(GOOD).status_code == 403
    server.microsoft.identity.permissions = ("Mail.ReadWrite",)
    server.microsoft.identity.mailboxes = frozenset({"nudger@ourco.example"})
    assert pin(GOOD).status_code == 403
