"""Signing in as the real client libraries do it, judged by endpoints that check it."""

from __future__ import annotations

import time

import httpx
import pytest

from nudger.providers.base import ProviderError, ReconnectNeeded, SignInFailed, Unavailable
from nudger.providers.google.auth import CALENDAR_SCOPE, Delegation, oauth_client
from nudger.providers.google.auth import personal_credentials as credentials_of
from nudger.providers.google.tokens import organization_tokens, personal_tokens
from nudger.providers.microsoft.auth import Certificate, OrganizationApp, OrganizationTokens
from nudger.providers.microsoft.graph import new_http
from nudger.sandbox.faults import Fault
from nudger.sandbox.google.oauth import oauth_client as sandbox_client
from nudger.sandbox.microsoft.identity import CLIENT_ID, CLIENT_SECRET, TENANT
from tests.certificates import make_certificate

ANA = "ana@ourco.example"


@pytest.fixture(scope="module")
def certificate():
    return make_certificate()


def thumbprint(public):
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(public.encode()).fingerprint(SHA1()).hex()  # noqa: S303


def microsoft(server, **credential):
    app = OrganizationApp(TENANT, CLIENT_ID, **credential)
    return OrganizationTokens(app, new_http(), authority=server.url)


def google(server, account):
    delegation = Delegation({**account, "token_uri": f"{server.url}/token"})
    return organization_tokens(delegation.credentials_for(ANA, CALENDAR_SCOPE))


@pytest.mark.parametrize("by", ["certificate", "thumbprint"])
def test_a_certificate_signs_in(server, certificate, by):
    private, public = certificate
    server.microsoft.identity.register(public)
    named = {"public": public} if by == "certificate" else {"thumbprint": thumbprint(public)}
    assert microsoft(server, certificate=Certificate(private, **named)).token()


def test_a_certificate_that_is_not_registered_says_so(server, certificate):
    private, public = certificate
    with pytest.raises(SignInFailed, match="not the app's") as raised:
        microsoft(server, certificate=Certificate(private, public)).token()
    assert raised.value.status == 401
    assert raised.value.endpoint == f"{server.url}/{TENANT}/oauth2/v2.0/token"


def test_a_clock_that_is_off_is_the_applications_matter(server, certificate, service_account):
    private, public = certificate
    server.microsoft.identity.register(public)
    server.google.tokens.register(service_account)
    server.microsoft.identity.clock = server.google.tokens.clock = lambda: time.time() + 9000
    for tokens in (
        microsoft(server, certificate=Certificate(private, public)),
        google(server, service_account),
    ):
        with pytest.raises(SignInFailed):
            tokens.token()


@pytest.fixture(params=["google", "microsoft"])
def tokens(request, server, service_account):
    """Signs in as the organization's application."""
    if request.param == "microsoft":
        return microsoft(server, secret=CLIENT_SECRET)
    server.google.tokens.register(service_account)
    return google(server, service_account)


def fail(server, status, reason):
    for method in ("oauth.token", "microsoft.token"):
        server.world.faults.add(Fault(method, status=status, reason=reason, times=None))


@pytest.mark.parametrize(
    ("status", "reason", "means"),
    [
        (400, "invalid_grant", SignInFailed),
        (401, "invalid_client", SignInFailed),
        (403, "access_denied", SignInFailed),
        (404, "html", SignInFailed),
        (200, "html", Unavailable),
        (302, "html", Unavailable),
        (403, "html", Unavailable),
        (407, "html", Unavailable),
        (503, "html", Unavailable),
        (429, "slow_down", Unavailable),
        (0, "no_byte", Unavailable),
        (0, "mid_answer", Unavailable),
    ],
)
def test_what_is_no_token_names_the_address_and_the_status(server, tokens, status, reason, means):
    fail(server, status, reason)
    with pytest.raises(ProviderError) as raised:
        tokens.token()
    assert type(raised.value) is means
    assert server.url in str(raised.value)
    assert str(status or "no answer") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_once_it_is_over_there_is_a_token_at_once(server, tokens, monkeypatch):
    monkeypatch.setattr("nudger.providers.microsoft.auth.REFUSAL_LASTS", 0.0)
    fail(server, 400, "invalid_grant")
    with pytest.raises(SignInFailed):
        tokens.token()
    server.world.faults.reset()
    assert tokens.token()


def test_a_refused_token_is_renewed_only_while_it_is_the_current_one(server, tokens):
    first = tokens.token()
    second = tokens.renewed(first)
    assert second != first
    assert tokens.renewed(first) == second
    asked = server.world.ledger.calls
    assert asked["oauth.token"] + asked["microsoft.token"] == 2


def test_many_that_are_refused_at_once_make_one_call(server):
    server.microsoft.identity.secrets.clear()
    tokens = microsoft(server, secret=CLIENT_SECRET)
    for _ in range(20):
        with pytest.raises(SignInFailed):
            tokens.token()
    assert server.world.ledger.calls["microsoft.token"] == 1


def person(server):
    client = oauth_client({"google_oauth_client": sandbox_client(server.url)})
    stored = f'{{"refresh_token": "{server.google.tokens.refresh_token(ANA)}"}}'
    return personal_tokens(credentials_of(stored, client), ANA)


def test_only_a_persons_own_refused_consent_asks_to_reconnect(server):
    assert person(server).token()
    server.world.people[ANA].revoked = True
    with pytest.raises(ReconnectNeeded, match="nudger connect google"):
        person(server).token()
    server.world.people[ANA].revoked = False
    fail(server, 401, "invalid_client")
    with pytest.raises(SignInFailed):
        person(server).token()


def test_no_secret_goes_into_what_is_said(server, tokens):
    fail(server, 401, "invalid_client")
    with pytest.raises(SignInFailed) as raised:
        tokens.token()
    assert CLIENT_SECRET not in str(raised.value)
    assert httpx.URL(raised.value.endpoint).query == b""
