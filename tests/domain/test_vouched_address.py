"""Whose word on an address counts at which provider."""

from __future__ import annotations

import pytest

from nudger.domain.event import Provider
from nudger.domain.vouched_address import vouched_address

G, M = Provider.GOOGLE, Provider.MICROSOFT
KIM = "kim@ourco.example"
HERE = "https://login.microsoftonline.com/x/v2.0"


@pytest.mark.parametrize(
    ("provider", "claims", "address"),
    [
        (G, {"email": KIM, "email_verified": True}, KIM),
        (G, {"email": KIM.upper(), "email_verified": "true"}, KIM),
        (G, {"email": KIM, "email_verified": False}, None),
        (G, {"email": KIM, "email_verified": "false"}, None),
        (G, {"email": KIM}, None),
        (G, {"email_verified": True}, None),
        (G, {"email": ["a@b.com"], "email_verified": True}, None),
        (G, {"preferred_username": KIM, "xms_edov": True}, None),
        (M, {"iss": HERE, "preferred_username": KIM}, KIM),
        (M, {"iss": HERE, "idp": HERE, "preferred_username": KIM}, KIM),
        (M, {"iss": HERE, "idp": "live.com", "preferred_username": KIM}, None),
        (M, {"iss": HERE, "preferred_username": "kim"}, None),
        (M, {"iss": HERE, "email": KIM}, None),
        (M, {"iss": HERE, "email": KIM, "email_verified": True}, None),
        (M, {"iss": HERE, "email": KIM, "xms_edov": True}, KIM),
        (M, {"iss": HERE, "email": KIM, "xms_edov": "1", "preferred_username": "x@y.z"}, KIM),
        (M, {"iss": HERE, "email": KIM, "xms_edov": "0"}, None),
    ],
)
def test_only_an_address_that_is_vouched_for_invites(provider, claims, address):
    assert vouched_address(provider, claims) == address
