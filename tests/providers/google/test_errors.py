"""What Google's refusals mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.providers import base
from nudger.providers.google.errors import as_error, read_refusal, retry_after

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def refusal(status, reason, headers=None):
    body = {"error": {"code": status, "message": "No", "errors": [{"reason": reason}]}}
    return read_refusal(status, headers or {}, json.dumps(body).encode(), NOW)


@pytest.mark.parametrize(
    ("status", "reason", "means"),
    [
        (401, "authError", base.SignInFailed),
        (403, "forbiddenForNonOrganizer", base.WriteRefused),
        (403, "insufficientPermissions", base.AccessDenied),
        (403, "rateLimitExceeded", base.Unavailable),
        (403, "userRateLimitExceeded", base.Unavailable),
        (403, "quotaExceeded", base.Unavailable),
        (404, "notFound", base.NotFound),
        (409, "duplicate", base.AlreadyExists),
        (410, "fullSyncRequired", base.CursorExpired),
        (410, "updatedMinTooLongAgo", base.CursorExpired),
        (410, "deleted", base.NotFound),
        (412, "conditionNotMet", base.WriteConflict),
        (429, "rateLimitExceeded", base.Unavailable),
        (500, "backendError", base.Unavailable),
        (503, "backendError", base.Unavailable),
        (400, "invalid", base.ProviderError),
    ],
)
def test_a_refusal_says_what_can_be_done(status, reason, means):
    assert type(as_error(refusal(status, reason), "events.get", in_doubt=False)) is means


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("Mon, 23 Nov 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 23 Nov 2026 11:00:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, wait):
    assert retry_after(value, NOW) == wait


@given(st.integers(300, 599), st.binary(max_size=200))
def test_any_body_can_be_read(status, body):
    assert read_refusal(status, {}, body, NOW).status == status
