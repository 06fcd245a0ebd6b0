"""`nudger reps ask-in`."""

from __future__ import annotations

from nudger.store import chat
from tests.office import ANA


def test_without_tokens_it_says_what_is_missing(office, nudger_in_office):
    result = nudger_in_office("reps", "ask-in", ANA, "slack")
    assert result.exit_code == 1
    assert "docs/slack.md" in result.output


def test_a_rep_is_asked_in_slack_and_by_mail_again(office, nudger_in_office, monkeypatch):
    monkeypatch.setenv("NUDGER_SLACK__BOT_TOKEN", "xoxb-sandbox")
    monkeypatch.setenv("NUDGER_SLACK__APP_TOKEN", "xapp-sandbox")
    said = nudger_in_office.json("reps", "ask-in", ANA.upper(), "slack")
    assert said == {"email": ANA, "asked_in": "slack"}
    with office.ctx.database.read() as tx:
        assert chat.find_person(tx, 1) is not None
    assert "by mail" in nudger_in_office("reps", "ask-in", ANA, "mail").output
    with office.ctx.database.read() as tx:
        assert chat.find_person(tx, 1) is None


def test_nobody_else(office, nudger_in_office):
    assert nudger_in_office("reps", "ask-in", "x@ourco.example", "slack").exit_code == 1
    assert nudger_in_office("reps", "ask-in", ANA, "pigeon").exit_code == 2
