"""A person's consent to Google: all of it, or none."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from nudger.providers.base import AccessDenied, ProviderError
from nudger.providers.google import auth

CLIENT = {"installed": {"token_uri": "https://oauth2.googleapis.com/token"}}
ALL = list(auth.SCOPES)


@pytest.fixture
def consent(monkeypatch):
    """Has the browser come back with this."""

    def answer(granted_scopes=None, scopes=None, error=None, **more):
        asked = {}

        def run(**options):
            asked.update(options)
            if error is not None:
                raise error
            return SimpleNamespace(
                granted_scopes=granted_scopes,
                scopes=scopes,
                refresh_token=more.get("refresh_token", "r"),
            )

        flow = SimpleNamespace(run_local_server=run)
        monkeypatch.setattr(
            auth.InstalledAppFlow, "from_client_config", lambda *_args, **_options: flow
        )
        return asked

    return answer


@pytest.mark.parametrize("given", [{"granted_scopes": ALL}, {"scopes": ALL}])
def test_a_whole_consent_is_kept(consent, given):
    asked = consent(**given)
    stored = auth.connect(CLIENT, "ana@ourco.example", lambda _line: None)
    assert json.loads(stored) == {"refresh_token": "r"}
    assert (asked["login_hint"], asked["access_type"], asked["prompt"]) == (
        "ana@ourco.example",
        "offline",
        "consent",
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"granted_scopes": ALL[:-1], "scopes": ALL}, ALL[-1]),
        ({"granted_scopes": ALL[1:]}, ALL[0]),
        ({}, ALL[0]),
        ({"granted_scopes": ALL, "refresh_token": None}, "a token"),
        ({"granted_scopes": ALL, "refresh_token": ""}, "a token"),
    ],
)
def test_an_incomplete_consent_is_none(consent, given, said):
    consent(**given)
    with pytest.raises(AccessDenied) as raised:
        auth.connect(CLIENT, "", lambda _line: None)
    assert said in str(raised.value)


def test_whatever_goes_wrong_in_the_browser_is_the_providers(consent):
    consent(error=RuntimeError("no browser"))
    with pytest.raises(ProviderError, match="no browser"):
        auth.connect(CLIENT, "", lambda _line: None)
