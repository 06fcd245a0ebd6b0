"""What the sandbox refuses, as Google does."""

from __future__ import annotations

import base64

import httpx
import pytest

from nudger.sandbox.entries import Entry, Guest
from nudger.sandbox.google.oauth import oauth_client
from nudger.sandbox.google.partial import masked, read_mask

OAUTH_CLIENT = {
    name: value
    for name, value in oauth_client("")["installed"].items()
    if name in ("client_id", "client_secret")
}
ANA, DANA, NUDGER = "ana@ourco.example", "dana@acme.example", "nudger@ourco.example"


@pytest.fixture
def ana(server):
    return client(server, ANA)


def client(server, person):
    refresh = server.google.tokens.refresh_token(person)
    form = {"grant_type": "refresh_token", "refresh_token": refresh, **OAUTH_CLIENT}
    token = httpx.post(f"{server.url}/token", data=form, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=30)


def reason(answer):
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


EVENTS = "/calendar/v3/calendars/primary/events"


def test_without_a_token_nothing_is_answered(server):
    assert reason(httpx.get(server.url + EVENTS, timeout=30)) == (401, "authError")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"unknownParameter": "1"}, 400),
        ({"orderBy": "startTime"}, 400),
        ({"timeMin": "2026-11-23"}, 400),
        ({"fields": "items(id"}, 400),
        ({"syncToken": "nonsense"}, 400),
    ],
)
def test_wrong_parameters_are_refused(ana, query, status):
    assert ana.get(EVENTS, params=query).status_code == status


def test_a_sync_token_goes_with_no_time_and_with_the_same_parameters(ana):
    first = ana.get(EVENTS, params={"singleEvents": "true"}).json()
    token = {"syncToken": first["nextSyncToken"]}
    with_time = {**token, "singleEvents": "true", "timeMin": "2026-11-23T00:00:00Z"}
    assert ana.get(EVENTS, params=with_time).status_code == 400
    assert ana.get(EVENTS, params=token).status_code == 400
    assert ana.get(EVENTS, params={**token, "singleEvents": "true"}).json()["items"] == []


def test_an_expired_token_is_gone(server, ana):
    token = ana.get(EVENTS).json()["nextSyncToken"]
    server.world.calendars.expire_tokens(ANA)
    assert reason(ana.get(EVENTS, params={"syncToken": token})) == (410, "fullSyncRequired")


def meeting(server, owner=ANA, **changes):
    from datetime import UTC, datetime

    return server.world.calendars.add(
        Entry(
            id="call1", owner=owner, organizer=owner, uid="call1@x", title="Call",
            start=datetime(2026, 11, 24, 13, tzinfo=UTC),
            end=datetime(2026, 11, 24, 14, tzinfo=UTC),
            guests=[Guest(ANA), Guest(DANA)], **changes,
        )
    )  # fmt: skip


def test_an_old_etag_conflicts(server, ana):
    entry = meeting(server)
    old = entry.etag
    server.world.calendars.change(entry, ANA, False, title="New")
    answer = ana.patch(f"{EVENTS}/call1", json={"description": "x"}, headers={"If-Match": old})
    assert reason(answer) == (412, "conditionNotMet")


def test_an_organizers_edit_reaches_the_guest_and_mails_only_if_told_to(server, ana):
    meeting(server)
    ana.patch(f"{EVENTS}/call1", json={"description": "x"}, params={"sendUpdates": "none"})
    assert server.world.reads(DANA) == {"call1": "x"}
    assert server.world.receives(DANA) == []
    ana.patch(f"{EVENTS}/call1", json={"description": "y"}, params={"sendUpdates": "all"})
    assert server.world.receives(DANA) == ["Updated invitation: Call"]


@pytest.mark.parametrize(("quirk", "status"), [("refuse", 403), ("ignore", 200), ("local", 200)])
def test_an_invited_persons_edit(server, ana, quirk, status):
    meeting(server, owner=DANA, quirk=quirk)
    for entry in server.world.calendars.of(ANA).values():
        entry.quirk = quirk
    answer = ana.patch(f"{EVENTS}/call1", json={"description": "x"})
    assert answer.status_code == status
    assert server.world.reads(DANA) == {"call1": ""}
    assert server.world.reads(ANA) == {"call1": "x" if quirk == "local" else ""}


def test_a_description_has_a_limit(server, ana):
    meeting(server)
    assert ana.patch(f"{EVENTS}/call1", json={"description": "x" * 8193}).status_code == 400


def test_a_calendar_of_somebody_else_is_not_found(server, ana):
    assert ana.get(f"/calendar/v3/calendars/{DANA}/events").status_code == 404


def test_a_draft_is_gone_once_sent_and_a_forged_mail_is_stamped_as_such(server):
    box = client(server, NUDGER)
    mail = f"From: {NUDGER}\r\nTo: {ANA}\r\nSubject: Hi\r\nMessage-ID: <1@x>\r\n\r\nHi\r\n"
    raw = base64.urlsafe_b64encode(mail.encode()).decode()
    draft = box.post("/gmail/v1/users/me/drafts", json={"message": {"raw": raw}}).json()
    assert box.post("/gmail/v1/users/me/drafts/send", json={"id": draft["id"]}).status_code == 200
    assert box.post("/gmail/v1/users/me/drafts/send", json={"id": draft["id"]}).status_code == 404
    (kept,) = server.world.mailboxes.receive(mail.encode(), dmarc="fail")
    assert b"dmarc=fail" in kept.raw


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ("", {"a": 1, "b": [{"c": 2, "d": {"e": 3}}]}),
        ("a", {"a": 1}),
        ("b(c)", {"b": [{"c": 2}]}),
        ("b/d/e,a", {"a": 1, "b": [{"d": {"e": 3}}]}),
    ],
)
def test_partial_answers(fields, kept):
    value = {"a": 1, "b": [{"c": 2, "d": {"e": 3}}]}
    assert masked(value, read_mask(fields)) == kept
