"""`nudger test-mail` as a person or a script calls it."""

from __future__ import annotations

import json

import pytest

ANA = "ana@ourco.example"


@pytest.fixture
def answered(office, monkeypatch):
    """Ana replies as soon as somebody waits for it."""
    monkeypatch.setattr(
        "nudger.cli.mail_trial.time.sleep", lambda _seconds: office.reply("ok", mail=0)
    )


def test_it_says_what_works(answered, nudger_in_office):
    result = nudger_in_office("test-mail", ANA, "--timeout", "60")
    assert result.exit_code == 0, result.output
    for what in ("delivery", "plus-address", "reply", "sender", "thread"):
        assert f"ok   {what}" in result.stdout


def test_a_script_gets_json_alone(answered, nudger_in_office):
    found = nudger_in_office.json("test-mail", ANA)
    assert found["ok"]
    assert {proof["what"]: proof["result"] for proof in found["proofs"]}["sender"] == "passed"


def test_without_a_reply_the_exit_code_is_one(office, nudger_in_office):
    result = nudger_in_office("test-mail", ANA, "--timeout", "0", "--json")
    assert result.exit_code == 1
    assert not json.loads(result.stdout)["ok"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("eve@ourco.example",), "is not a rep"), ((ANA, "--pin"), "--pin is for Outlook")],
)
def test_what_cannot_be_tried_is_one_line(office, nudger_in_office, arguments, says):
    result = nudger_in_office("test-mail", *arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert office.inbox(ANA) == []


def test_a_pause_is_one_line(office, nudger_in_office):
    nudger_in_office("pause")
    result = nudger_in_office("test-mail", ANA)
    assert result.exit_code == 1
    assert "nudger status" in result.stderr
