"""`nudger announce` as a person or a script calls it."""

from __future__ import annotations

import pytest

from tests.office import ANA


@pytest.fixture
def ready(office, nudger_in_office):
    """With an admin, and reps who are at work whenever the test runs."""
    office.configure('[admin]\nmail = "ida@ourco.example"\n')
    days = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    office.configure(
        f'[ask]\nday_starts = "00:00"\nday_ends = "23:59"\nhours_from = "settings"\nworking_days = {days}\n'
    )
    return nudger_in_office


def test_a_dry_run_shows_and_sends_nothing(ready, office):
    result = ready("announce", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "would be told now" in result.stdout
    assert office.inbox(ANA) == []


def test_one_rep_alone(ready, office):
    told = ready.json("announce", "--to", ANA)
    assert [(one["rep"], one["announced"]) for one in told] == [(ANA, "sent")]
    assert len(office.inbox(ANA)) == 1


def test_a_second_time_says_why_not(ready, office):
    ready("announce")
    result = ready("announce")
    assert result.exit_code == 0
    assert "has got the announcement" in result.stdout
    assert len(office.inbox(ANA)) == 1


@pytest.mark.parametrize(
    ("arguments", "says"), [(("--to", "eve@ourco.example"), "not a rep: eve@ourco.example")]
)
def test_what_cannot_be_is_one_line(ready, arguments, says):
    result = ready("announce", *arguments)
    assert result.exit_code == 1
    assert says in result.stderr


def test_without_an_admin_it_says_what_to_do(office, nudger_in_office):
    result = nudger_in_office("announce")
    assert result.exit_code == 1
    assert "under [admin]" in result.stderr


def test_a_mail_that_cannot_be_sent_is_told_once_and_waits(ready, office):
    office.server.google.tokens.authorized_scopes = set()
    result = ready("announce", "--to", ANA)
    assert result.exit_code == 1
    assert "waits" in result.stdout
    assert result.stderr.count("unauthorized_client") == 1


def test_a_pause_is_one_line_and_leaves_nothing_waiting(ready, office):
    ready("pause")
    result = ready("announce")
    assert result.exit_code == 1
    assert "nudger status" in result.stderr
    ready("resume")
    ready("ask")
    assert office.inbox(ANA) == []
