"""`nudger addon google` as an admin calls it."""

from __future__ import annotations

import json

import pytest
from google.cloud.gsuiteaddons_v1.types import Deployment
from google.protobuf import json_format

ADDRESS = "https://nudger.ourco.example"


def configure(nudger, text):
    nudger.file.write_text(nudger.file.read_text() + text)


@pytest.fixture
def served(nudger, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    configure(nudger, f'\n[web]\npublic_url = "{ADDRESS}/"\n')
    return nudger


def test_it_writes_what_google_takes_and_says_what_to_run(served, tmp_path):
    result = served("addon", "google")
    assert result.exit_code == 0, result.output
    written = json.loads((tmp_path / "deployment.json").read_text())
    read_by_google = json_format.ParseDict(written, Deployment.pb(Deployment()))
    assert read_by_google.add_ons.calendar.event_open_trigger.run_function == (
        f"{ADDRESS}/addon/google/event"
    )
    assert read_by_google.add_ons.calendar.current_event_access == 1  # METADATA: an event's ids
    assert read_by_google.add_ons.common.logo_url == f"{ADDRESS}/static/logo.png"
    for said in ("deployments create nudger", "get-authorization", "private", "for good"):
        assert said in " ".join(result.stdout.split())


def test_no_scope_opens_a_calendar_or_a_mailbox(served):
    scopes = served.json("addon", "google")["deployment"]["oauthScopes"]
    assert [one.rpartition("/")[2] for one in scopes] == [
        "calendar.addons.execute", "script.locale", "userinfo.email",
    ]  # fmt: skip


def test_json_writes_nothing(served, tmp_path):
    told = served.json("addon", "google")
    assert told["deployment"]["addOns"]["httpOptions"] == {"authorizationHeader": "SYSTEM_ID_TOKEN"}
    assert told["deployment"]["addOns"]["common"]["openLinkUrlPrefixes"] == [f"{ADDRESS}/"]
    assert any("get-authorization" in line for line in told["run"])
    assert not (tmp_path / "deployment.json").exists()


def test_a_deployment_is_written_anew_and_nothing_else_is(served, tmp_path):
    served("addon", "google")
    assert served("addon", "google").exit_code == 0
    other = tmp_path / "notes.json"
    other.write_text("[1]")
    result = served("addon", "google", "--write", str(other))
    assert result.exit_code == 1
    assert "is no deployment" in result.stderr
    assert other.read_text() == "[1]"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("", "no address is known"),
        ('\n[web]\npublic_url = "http://nudger.ourco.example"\n', "https addresses alone"),
    ],
)
def test_without_an_address_for_google_it_says_what_to_do(nudger, tmp_path, settings, says):
    configure(nudger, settings)
    result = nudger("addon", "google", "--write", str(tmp_path / "d.json"))
    assert result.exit_code == 1
    assert says in result.stderr
    assert "public_url =" in result.stderr
    assert not (tmp_path / "d.json").exists()
