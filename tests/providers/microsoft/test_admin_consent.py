"""The link by which an admin consents for everybody."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from nudger.providers.microsoft.admin_consent import admin_consent_link
from nudger.providers.microsoft.auth import PersonalApp


@pytest.mark.parametrize(
    ("tenant", "begins"),
    [
        ("common", "https://login.microsoftonline.com/organizations/v2.0/adminconsent?"),
        ("1111-2222", "https://login.microsoftonline.com/1111-2222/v2.0/adminconsent?"),
    ],
)
def test_it_names_the_app_its_permissions_and_the_way_back(tenant, begins):
    link = admin_consent_link(PersonalApp("99-88", tenant))
    assert link.startswith(begins)
    assert "+" not in link, "a blank in a scope is %20"
    asked = {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}
    assert asked["client_id"] == "99-88"
    assert asked["redirect_uri"] == "http://localhost"
    assert asked["scope"].split() == [
        "https://graph.microsoft.com/Calendars.ReadWrite",
        "https://graph.microsoft.com/Mail.ReadWrite",
        "https://graph.microsoft.com/Mail.Send",
    ]


def test_national_clouds_have_their_own():
    link = admin_consent_link(
        PersonalApp("99", "common"),
        authority="https://login.microsoftonline.us",
        graph_root="https://graph.microsoft.us/v1.0",
    )
    assert link.startswith("https://login.microsoftonline.us/organizations/v2.0/adminconsent?")
    assert "https%3A//graph.microsoft.us/Mail.Send" in link
