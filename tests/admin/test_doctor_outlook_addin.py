"""What `nudger doctor` says of the add-in in Outlook."""

from __future__ import annotations

import pytest

from nudger.admin.doctor_outlook_addin import check_outlook_addin
from nudger.config import Settings
from nudger.sandbox.microsoft.identity import TENANT
from nudger.sandbox.microsoft.user_tokens import ADDIN_CLIENT

KNOWN = {"client_id": ADDIN_CLIENT, "tenants": [TENANT]}
SERVED = {"public_url": "https://nudger.ourco.example"}


def checks(server, web, addin, **more):
    at = {"authority": server.url}
    settings = Settings(write_back="private", web=web, outlook_addin=addin, microsoft=at, **more)
    return list(check_outlook_addin(settings))


def test_without_an_addin_nothing_is_said(server):
    assert checks(server, SERVED, {}) == []


def test_one_that_is_ready_says_what_outlook_shows(server):
    ready, keys = checks(server, SERVED, KNOWN)
    assert ready.ok
    assert "https://nudger.ourco.example/addin/outlook/pane" in ready.says
    assert keys.ok


@pytest.mark.parametrize(
    ("web", "addin", "says"),
    [
        (SERVED, {"client_id": ADDIN_CLIENT}, "both"),
        ({}, KNOWN, "no address is known"),
        ({"public_url": "http://nudger.ourco.example"}, KNOWN, "https pages alone"),
        (SERVED, {**KNOWN, "office_folder": "/nowhere"}, "no office.js"),
    ],
)
def test_what_is_missing_is_named(server, web, addin, says):
    (check,) = checks(server, web, addin)
    assert check.fails
    assert says in check.says


def test_one_persons_consent_does_not_do(server):
    (check,) = checks(server, SERVED, KNOWN, mode="personal")
    assert check.fails
    assert "organization" in check.says


def test_keys_that_cannot_be_read_are_told(server):
    server.microsoft.user_tokens.is_down = True
    _, keys = checks(server, SERVED, KNOWN)
    assert keys.fails
    assert TENANT in keys.says
