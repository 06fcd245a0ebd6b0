"""`nudger push` as an admin calls it."""

from __future__ import annotations

import json
import shlex

import pytest

ADDRESS = "https://nudger.ourco.example"
SERVED = f'\n[web]\npublic_url = "{ADDRESS}"\n'


@pytest.fixture
def configured(nudger):
    def do(text="", credentials=None):
        nudger.file.write_text(f'write_back = "private"\n{text}')
        if credentials is not None:
            (nudger.file.parent / "credentials.json").write_text(json.dumps(credentials))
        return nudger

    return do


MAILBOX = '[google]\nmailbox = "nudger@ourco.example"\n'
KEY = {"google_service_account": {"project_id": "ourco-nudger"}}
CLIENT = {"google_oauth_client": {"installed": {"project_id": "ourco-desk"}}}


@pytest.mark.parametrize(
    ("text", "credentials", "more", "project"),
    [
        (MAILBOX, KEY, (), "ourco-nudger"),
        (MAILBOX, {"type": "service_account", "project_id": "ourco-alone"}, (), "ourco-alone"),
        (MAILBOX + 'sign_as = "n@ourco-keyless.iam.gserviceaccount.com"\n', None, (),
         "ourco-keyless"),
        (MAILBOX, KEY, ("--project", "ourco-other"), "ourco-other"),
        (MAILBOX + '[push]\ngmail_topic = "projects/ourco-told/topics/nudger"\n', KEY, (),
         "ourco-told"),
    ],
)  # fmt: skip
def test_the_lines_have_the_companys_own_values(configured, text, credentials, more, project):
    told = configured(SERVED + text, credentials).json("push", "google", *more)
    account = f"nudger-push@{project}.iam.gserviceaccount.com"
    assert told["settings"]["push"] == {
        "enabled": True,
        "gmail_topic": f"projects/{project}/topics/nudger",
        "gmail_account": account,
    }
    lines = [shlex.split(line) for line in told["run"]]
    assert all(line[0] == "gcloud" and project in line for line in lines)
    subscribes = lines[-1]
    for option, value in (
        ("--push-endpoint", f"{ADDRESS}/push/gmail"),
        ("--push-auth-token-audience", f"{ADDRESS}/push/gmail"),
        ("--push-auth-service-account", account),
    ):
        assert subscribes[subscribes.index(option) + 1] == value
    assert told["addresses"] == [f"{ADDRESS}/push/google", f"{ADDRESS}/push/gmail"]


def test_an_oauth_client_names_the_project_of_one_persons_consent(configured):
    nudger = configured(SERVED, CLIENT)
    nudger.file.write_text('mode = "personal"\n' + nudger.file.read_text())
    assert "ourco-desk" in nudger("push", "google").stdout


def test_what_is_printed_can_be_pasted(configured):
    nudger = configured(SERVED + MAILBOX, KEY)
    said = nudger("push", "google").stdout
    assert "gcloud services enable pubsub.googleapis.com --project ourco-nudger" in said
    settings = said[said.index("  [push]") : said.index("Then start")]
    assert nudger.json("push", "google")["settings"]["push"]["gmail_account"] in settings


def test_without_a_mailbox_at_google_there_is_nothing_to_run(configured):
    told = configured(SERVED).json("push", "google")
    assert (told["run"], told["settings"]) == ([], {"push": {"enabled": True}})


def test_microsoft_needs_the_address_alone(configured):
    told = configured(SERVED).json("push", "microsoft")
    assert told["addresses"] == [f"{ADDRESS}/push/microsoft"]
    assert told["run"] == []


@pytest.mark.parametrize(
    ("text", "provider", "says"),
    [
        ("", "google", "public_url"),
        ("", "microsoft", "public_url"),
        ('\n[web]\npublic_url = "http://10.0.0.1"\n', "google", "https address alone"),
        (SERVED + MAILBOX, "google", "--project"),
    ],
)
def test_what_is_missing_is_named(configured, text, provider, says):
    result = configured(text)("push", provider)
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())
