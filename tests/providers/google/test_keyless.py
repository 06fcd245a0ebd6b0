"""Acting for people without a key: by the machine's identity, or by one from elsewhere."""

from __future__ import annotations

from functools import partial

import pytest
from google.auth.compute_engine import _metadata

from nudger.providers.base import SignInFailed, Unavailable
from nudger.providers.google.auth import CALENDAR_SCOPE, CredentialsProblem
from nudger.providers.google.delegation import delegation, described
from nudger.providers.google.tokens import organization_tokens
from nudger.sandbox.faults import Fault
from nudger.sandbox.google.iam import (
    MACHINE,
    SERVICE_ACCOUNT,
    external_account,
    subject_token,
)
from tests.office import ANA, run_once

DRIVE = "https://www.googleapis.com/auth/drive"


@pytest.fixture
def on_google(server, monkeypatch):
    """A machine of Google's, with a service account attached."""
    monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", server.url.removeprefix("http://"))
    return server.google.iam


@pytest.fixture
def elsewhere(server, tmp_path):
    """The credentials of a workload elsewhere, whose issuer puts a token into a file."""
    file = tmp_path / "subject_token"
    file.write_text(subject_token())
    return external_account(server.url, str(file)), file


def tokens(server, content, sign_as=None, person=ANA, scope=CALENDAR_SCOPE):
    made = delegation(content, sign_as, iam_root=server.url, token_uri=f"{server.url}/token")
    return organization_tokens(made.credentials_for(person, scope))


def test_the_machines_identity_acts_for_a_person(server, on_google):
    token = tokens(server, {}, SERVICE_ACCOUNT).token()
    assert server.google.tokens.grant_of(token).person == ANA


def test_an_identity_from_elsewhere_acts_for_a_person(server, elsewhere):
    content, _ = elsewhere
    for given in (content, {"google_identity": content}):
        token = tokens(server, given).token()
        assert server.google.tokens.grant_of(token).person == ANA
    assert server.world.ledger.calls["google.sts"] == 2


def test_who_impersonates_signs_at_once(server, elsewhere):
    content, _ = elsewhere
    source = {k: v for k, v in content.items() if k != "service_account_impersonation_url"}
    impersonated = {
        "type": "impersonated_service_account",
        "source_credentials": source,
        "service_account_impersonation_url": content["service_account_impersonation_url"],
    }
    assert tokens(server, impersonated).token()


def test_one_identity_serves_many_persons_until_it_ends(server, on_google):
    made = delegation({}, SERVICE_ACCOUNT, iam_root=server.url, token_uri=f"{server.url}/token")
    for person in (ANA, "ben@ourco.example"):
        assert organization_tokens(made.credentials_for(person, CALENDAR_SCOPE)).token()
    assert server.world.ledger.calls["google.metadata"] == 2, "who it is, and its token, once"
    on_google.revoke_all()
    assert organization_tokens(made.credentials_for(ANA, CALENDAR_SCOPE)).token()


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda iam: iam.may_sign.clear(), "Service Account Token Creator"),
        (lambda iam: setattr(iam, "machine_scopes", (DRIVE,)), "access scopes be cloud-platform"),
        (lambda iam: setattr(iam, "is_enabled", False), "enable the IAM Service Account"),
        (lambda iam: setattr(iam, "attached", None), "is a service account attached"),
    ],
)
def test_a_machine_that_may_not_is_told_what_to_do(server, on_google, break_it, says):
    break_it(on_google)
    with pytest.raises(SignInFailed, match=says):
        tokens(server, {}, SERVICE_ACCOUNT).token()


@pytest.mark.parametrize(
    ("token", "says"),
    [
        (partial(subject_token, ends_in=-60), "stale"),
        (partial(subject_token, audience="//other"), "audience"),
        (lambda: subject_token()[:-8] + "AAAAAAAA", "signature"),
        (partial(subject_token, subject="stranger"), "Service Account Token Creator"),
        (lambda: "no token", "parse"),
    ],
)
def test_an_identity_from_elsewhere_that_is_refused(server, elsewhere, token, says):
    content, file = elsewhere
    file.write_text(token())
    with pytest.raises(SignInFailed, match=says):
        tokens(server, content).token()


def test_a_token_file_that_is_gone_is_named(server, elsewhere):
    content, file = elsewhere
    file.unlink()
    with pytest.raises(SignInFailed, match="subject_token"):
        tokens(server, content).token()


def test_delegation_is_needed_all_the_same(server, on_google):
    server.google.tokens.authorized_scopes.clear()
    with pytest.raises(SignInFailed, match="Domain-wide delegation"):
        tokens(server, {}, SERVICE_ACCOUNT).token()


def test_another_account_than_the_one_that_was_allowed(server, on_google):
    with pytest.raises(SignInFailed, match="Token Creator"):
        tokens(server, {}, "other@sandbox.iam.gserviceaccount.com").token()


def test_an_outage_passes(server, on_google):
    server.world.faults.add(Fault("google.signJwt", status=503))
    made = tokens(server, {}, SERVICE_ACCOUNT)
    with pytest.raises(Unavailable):
        made.token()
    assert made.token()


def test_without_a_metadata_server_it_may_pass(server, monkeypatch):
    monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", "127.0.0.1:9")
    with pytest.raises(Unavailable, match="computeMetadata"):
        tokens(server, {}, SERVICE_ACCOUNT).token()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({}, "no Google service account"),
        ({"type": "external_account", "audience": "x"}, "sign_as"),
        ({"google_identity": {"type": "gdch_service_account"}}, "sign_as"),
    ],
)
def test_what_does_not_say_enough(server, content, says):
    with pytest.raises(CredentialsProblem, match=says):
        tokens(server, content)


@pytest.mark.parametrize(
    "content",
    [
        {"google_identity": {"type": "gdch_service_account"}},
        {"type": "external_account", "audience": "x"},
    ],
)
def test_an_identity_that_cannot_be_used(server, content):
    with pytest.raises(CredentialsProblem, match="cannot"):
        tokens(server, content, SERVICE_ACCOUNT)


def test_it_is_described(elsewhere):
    content, _ = elsewhere
    assert SERVICE_ACCOUNT in described(content, None)
    assert "attached to this machine" in described({}, SERVICE_ACCOUNT)
    assert MACHINE not in described({}, SERVICE_ACCOUNT)


def test_the_whole_flow_without_a_key(office, on_google):
    (office.folder / "credentials.json").unlink()
    settings = (
        f'sign_as = "{SERVICE_ACCOUNT}"\niam_root = "{office.server.url}"\n'
        f'token_uri = "{office.server.url}/token"\n'
    )
    text = office.file.read_text().replace("[google]\n", f"[google]\n{settings}")
    office.file.write_text(text)
    office.configure("")
    office.meet()
    run_once(office.ctx)
    office.reply("Dana agrees to a pilot by Friday\n2")
    office.later(minutes=2)
    run_once(office.ctx)
    assert "Dana agrees to a pilot by Friday" in office.description("call1")
