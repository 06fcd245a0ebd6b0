"""The demonstration plays to its end and keeps its promises."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from nudger.cli import app
from nudger.sandbox.scenario import HTML_AGENDA, JOIN_LINES, TEAMS_BLOCK


def play(*options):
    result = CliRunner().invoke(app, ["demo", "--auto", "--json", *options])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def played():
    return play()


@pytest.mark.parametrize("provider", ["microsoft", "both"])
def test_other_companies_keep_the_same_promises(provider):
    played = play("--provider", provider)
    assert played["guest_mails"] == 0
    assert len(played["asked"]) == 7
    assert len(played["written"]) == 7


def test_where_outlook_may_mail_guests_the_join_block_stays_byte_for_byte():
    played = play("--provider", "microsoft", "--outlook-may-notify-guests")
    written = {one["event_id"]: one for one in played["written"] if one["where"] == "meeting"}
    blocks = [
        one["description"].partition('<div style="width:100%">')[2] for one in written.values()
    ]
    expected = TEAMS_BLOCK.partition('<div style="width:100%">')[2]
    assert [block for block in blocks if block] == [expected] * 5
    assert played["guest_mails"] >= 5, "one for each write"


def test_no_guest_is_mailed(played):
    assert played["guest_mails"] == 0


def test_every_question_is_answered_and_written(played):
    assert len(played["asked"]) == 7
    assert 2 < played["replies"] <= 10, "one reply may answer several questions"
    assert {one["where"] for one in played["written"]} == {"meeting", "private"}


def test_the_better_answer_stands_after_the_coach_asked_back(played):
    (note,) = [n["description"] for n in played["written"] if n["event_id"] == "globexfirst"]
    assert "Mia agrees to a needs analysis" in note
    assert "stays interested" not in note


def test_what_a_description_held_is_still_there(played):
    by_id = {one["event_id"]: one["description"] for one in played["written"]}
    assert by_id["acmereview"].endswith(HTML_AGENDA)
    assert by_id["globexfirst"].endswith(JOIN_LINES)


def test_reasons_are_given_for_what_is_skipped(played):
    reasons = {one["reason"] for one in played["skipped"]}
    assert reasons >= {"no_customer", "private", "all_day", "declined", "title_word"}


def test_calls_are_counted(played):
    assert played["api_calls"]["gmail.drafts.send"] >= len(played["asked"])


def test_a_port_in_use_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, "-m", "nudger", "demo", "--auto", "--port", port],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.startswith(f"error: Port {port} cannot be used")
