"""What `nudger doctor` says of the add-on in Google Calendar."""

from __future__ import annotations

import pytest

from nudger.admin.doctor_google_addon import check_google_addon
from nudger.config import Settings

ACCOUNTS = {"service_account": "addon@project.iam.gserviceaccount.com", "oauth_client": "1.apps"}
SERVED = {"public_url": "https://nudger.ourco.example"}


def checks(server, web, addon):
    keys = {"certificates": f"{server.url}/oauth2/v3/certs"}
    settings = Settings(write_back="private", web=web, google_addon=addon and {**keys, **addon})
    return list(check_google_addon(settings))


def test_without_an_addon_nothing_is_said(server):
    assert checks(server, SERVED, {}) == []


def test_one_that_is_ready_says_where_it_is_called(server):
    ready, keys = checks(server, SERVED, ACCOUNTS)
    assert ready.ok
    assert "https://nudger.ourco.example/addon/google/" in ready.says
    assert keys.ok


@pytest.mark.parametrize(
    ("web", "addon", "says"),
    [
        (SERVED, {"oauth_client": "1.apps"}, "both"),
        ({}, ACCOUNTS, "no address is known"),
        ({"public_url": "http://nudger.ourco.example"}, ACCOUNTS, "https addresses alone"),
    ],
)
def test_what_is_missing_is_named(server, web, addon, says):
    (check,) = checks(server, web, addon)
    assert check.fails
    assert says in check.says


def test_an_address_of_this_machine_is_no_fault(server):
    (check,) = checks(server, {"public_url": "http://127.0.0.1:8025"}, ACCOUNTS)
    assert check.ok
    assert check.warns
    assert "this machine alone" in check.says


def test_keys_that_cannot_be_read_are_told(server):
    server.google.identities.is_down = True
    _, keys = checks(server, SERVED, ACCOUNTS)
    assert keys.fails
    assert "cannot be read" in keys.says
