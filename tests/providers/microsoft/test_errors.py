from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.providers.base import (
    AccessDenied,
    AlreadyExists,
    CursorExpired,
    NotFound,
    ProviderError,
    ReconnectNeeded,
    SignInFailed,
    Unavailable,
    WriteConflict,
)
from nudger.providers.microsoft.errors import (
    Asked,
    consent_refused,
    problem,
    read_refusal,
    retry_after,
    sign_in_failed,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def refused(status: int, code: str = "", message: str = "") -> ProviderError:
    body = {"error": {"code": code, "message": message}}
    return problem(read_refusal(status, {}, body), "the calendar of rep@ourco.example")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (410, "", CursorExpired),
        (410, "SyncStateNotFound", CursorExpired),
        (400, "SyncStateInvalid", CursorExpired),
        (404, "syncStateNotFound", CursorExpired),
        (400, "resyncRequired", CursorExpired),
        (412, "ErrorIrresolvableConflict", WriteConflict),
        (409, "ErrorIrresolvableConflict", WriteConflict),
        (412, "", WriteConflict),
        (404, "ErrorItemNotFound", NotFound),
        (404, "MailboxNotEnabledForRESTAPI", NotFound),
        (404, "ResourceNotFound", NotFound),
        (409, "ErrorDuplicateTransactionId", AlreadyExists),
        (403, "ErrorAccessDenied", AccessDenied),
        (401, "InvalidAuthenticationToken", SignInFailed),
        (429, "TooManyRequests", Unavailable),
        (429, "ApplicationThrottled", Unavailable),
        (403, "ErrorServerBusy", Unavailable),
        (500, "InternalServerError", Unavailable),
        (503, "serviceNotAvailable", Unavailable),
        (504, "", Unavailable),
        (400, "ErrorInvalidRequest", ProviderError),
        (302, "", Unavailable),
    ],
)
def test_refusals(status: int, code: str, kind: type[ProviderError]) -> None:
    assert type(refused(status, code, "why")) is kind


def test_a_refusal_is_one_short_line() -> None:
    line = str(refused(403, "ErrorAccessDenied", "line one\r\nline two " + "x" * 5000))
    assert "\n" not in line
    assert "\r" not in line
    assert len(line) < 500
    assert "rep@ourco.example" in line


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta()),
        ("999999999999999999999", timedelta(days=1)),
        ("Mon, 02 Mar 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta()),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_retry_after(value: str, expected: timedelta | None) -> None:
    assert retry_after({"Retry-After": value}, NOON) == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_body_of_a_refusal_is_understood(body: Any) -> None:
    assert isinstance(problem(read_refusal(400, {}, body), "x"), ProviderError)
    assert isinstance(problem(read_refusal(400, {}, {"error": body}), "x"), ProviderError)


ASKED = Asked("https://login.example/t/oauth2/v2.0/token", 400)


@pytest.mark.parametrize(
    ("error", "description", "to_a_person", "words"),
    [
        ("invalid_client", "AADSTS7000215: Invalid client secret.", SignInFailed, "secret's"),
        ("invalid_client", "AADSTS7000222: expired", SignInFailed, "expired"),
        ("invalid_grant", "AADSTS50173: password", ReconnectNeeded, "nudger connect outlook"),
        ("invalid_grant", "AADSTS65001: consent", ReconnectNeeded, "consented"),
        ("invalid_grant", "", ReconnectNeeded, "nudger connect outlook"),
        ("interaction_required", "AADSTS50076: MFA", ReconnectNeeded, "second factor"),
        ("unauthorized_client", "AADSTS700016: not found", SignInFailed, "client_id"),
        ("invalid_request", "AADSTS90002: none", SignInFailed, "directory: check tenant."),
        ("temporarily_unavailable", "", Unavailable, "temporarily_unavailable"),
        ("something_new", "AADSTS12345: The\nmoon is full.", SignInFailed, "moon is full"),
        ("", "", SignInFailed, "no reason given"),
    ],
)
def test_refused_tokens(
    error: str, description: str, to_a_person: type[ProviderError], words: str
) -> None:
    said = {"error": error, "error_description": description}
    person, app = consent_refused(said, ASKED), sign_in_failed(said, ASKED)
    assert type(person) is to_a_person
    assert type(app) is (Unavailable if to_a_person is Unavailable else SignInFailed)
    for refusal in (person, app):
        assert words in str(refusal)
        assert "\n" not in str(refusal)
    assert ASKED.endpoint in str(app)
    assert "400" in str(app)


def test_the_code_may_come_as_a_number() -> None:
    said = {"error": "invalid_grant", "error_codes": [53003]}
    assert "AADSTS53003" in str(consent_refused(said, ASKED))
