"""`nudger connect slack`: tokens that are tried, kept sealed, sealed anew, and forgotten."""

from __future__ import annotations

import pytest

from nudger.sandbox.slack.workspace import APP_TOKEN, BOT_TOKEN
from tests.cli.test_doctor import says

BOTH = f"{BOT_TOKEN}\n{APP_TOKEN}\n"


@pytest.fixture
def nudger_near_slack(office, nudger_in_office):
    office.configure(f'[slack]\napi_root = "{office.server.url}/slack/api"\n')
    return nudger_in_office


def is_known(office) -> bool:
    office.configure("")
    return office.ctx.settings.slack.is_configured


def test_tokens_are_kept_sealed_and_forgotten(office, nudger_near_slack, monkeypatch):
    result = nudger_near_slack("connect", "slack", stdin=BOTH)
    assert result.exit_code == 0, result.output
    assert is_known(office)
    assert says(nudger_near_slack, "slack") == [(True, "takes both tokens")]
    files = list(office.folder.rglob("nudger.db*"))
    assert files
    assert not [one for one in files if b"xoxb-" in one.read_bytes()]
    monkeypatch.setattr("nudger.cli.keys.WORKERS_KNOW_AFTER", 0.0)
    assert nudger_near_slack.json("key", "rotate")["resealed"] >= 2
    assert is_known(office)
    assert nudger_near_slack("connect", "slack", "--forget").exit_code == 0
    assert not is_known(office)


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ("xoxb-only\n", 2, "Two lines are expected"),
        (f"{APP_TOKEN}\n{BOT_TOKEN}\n", 1, "the bot token is none"),
        (f"{BOT_TOKEN}\n{BOT_TOKEN}\n", 1, "the app-level token is none"),
        (f"xoxb-revoked\n{APP_TOKEN}\n", 1, "token_revoked"),
        (f"{BOT_TOKEN}\nxapp-unknown\n", 1, "invalid_auth"),
    ],
)
def test_what_slack_does_not_take_is_not_kept(office, nudger_near_slack, given, status, told):
    result = nudger_near_slack("connect", "slack", stdin=given)
    assert (result.exit_code, told in result.output) == (status, True)
    assert not is_known(office)


def test_a_token_with_too_few_scopes_is_not_kept(office, nudger_near_slack):
    office.server.slack.workspace.scopes -= {"users:read.email", "im:history"}
    result = nudger_near_slack("connect", "slack", stdin=BOTH)
    assert result.exit_code == 1
    assert "lacks im:history, users:read.email" in result.output.replace("\n", " ")


def test_tokens_in_the_file_win_and_are_named_where_others_read_it(office, nudger_near_slack):
    text = office.file.read_text()
    tokens = f'bot_token = "{BOT_TOKEN}"\napp_token = "{APP_TOKEN}"\n'
    office.file.write_text(text.replace("[slack]\n", f"[slack]\n{tokens}"))
    office.file.chmod(0o644)
    assert "those win" in nudger_near_slack("connect", "slack", stdin=BOTH).output
    told = "others can read slack.bot_token, slack.app_token there: chmod 600 "
    assert says(nudger_near_slack, "settings file") == [(True, f"{told}{office.file}")]
    office.file.chmod(0o600)
    assert says(nudger_near_slack, "settings file") == []
