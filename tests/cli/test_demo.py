"""The demonstration plays to its end and keeps its promises."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from nudger.cli import app
from nudger.sandbox.scenario import HTML_AGENDA, JOIN_LINES


@pytest.fixture(scope="module")
def played():
    result = CliRunner().invoke(app, ["demo", "--auto", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_no_guest_is_mailed(played):
    assert played["guest_mails"] == 0


def test_every_question_is_answered_and_written(played):
    assert played["replies"] == len(played["asked"]) >= 6
    assert {one["where"] for one in played["written"]} == {"meeting", "private"}


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
