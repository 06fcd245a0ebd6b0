"""A refused sign-in as an admin sees it: one clear line, an exit code, and where to look."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nudger.sandbox.faults import Fault

ANA = "ana@ourco.example"


@pytest.fixture(params=["google", "microsoft"])
def kept_by(request):
    return request.param


@pytest.fixture(autouse=True)
def sandbox_time(office, monkeypatch):
    monkeypatch.setattr("nudger.cli.startup.current_time", office.world.now)
    without_pauses = SimpleNamespace(sleep=lambda _seconds: None)
    monkeypatch.setattr("nudger.providers.retry.time", without_pauses)


FAULTS = [("invalid_client", 401), ("html", 200), ("busy", 503)]


@pytest.fixture
def refuse(office, kept_by):
    """Refuse all tokens from now on."""
    method = {"google": "oauth.token", "microsoft": "microsoft.token"}[kept_by]

    def begin(reason="invalid_client", status=401):
        office.world.faults.add(Fault(method, status=status, reason=reason, times=None))

    return begin


def error_lines(result):
    return [line for line in result.stderr.splitlines() if line.startswith("error:")]


@pytest.mark.parametrize(("reason", "status"), FAULTS)
def test_a_scan_fails_and_keeps_failing_until_it_is_mended(
    office, nudger_in_office, refuse, reason, status
):
    office.meet()
    refuse(reason, status)
    for _ in range(2):
        result = nudger_in_office("scan")
        (line,) = error_lines(result)
        assert "sign-in " in line
        assert office.server.url in line
        assert result.exit_code == 1
    office.world.faults.reset()
    office.later(minutes=6)
    assert nudger_in_office.json("scan")["planned"] == 1
    assert nudger_in_office.json("status")["sign_in"] == []


def test_ask_and_listen_fail_with_a_line_each(office, nudger_in_office, refuse):
    office.meet()
    nudger_in_office("scan")
    nudger_in_office("listen")
    office.later(minutes=2)
    refuse()
    for step, what in (("ask", "question"), ("listen", "mailbox nudger@ourco.example")):
        result = nudger_in_office(step)
        assert result.exit_code == 1
        assert error_lines(result)[0].startswith(f"error: {what}")
        assert "sign-in refused by" in result.stderr
    assert office.inbox(ANA) == []


def test_a_step_that_fails_otherwise_has_an_exit_code_too(office, nudger_in_office, kept_by):
    office.meet()
    nudger_in_office("scan")
    call = {"google": "gmail.users.drafts.create", "microsoft": "graph.mail.draft"}[kept_by]
    office.world.faults.add(Fault(call, status=400, reason="invalid"))
    result = nudger_in_office("ask")
    assert result.exit_code == 1
    assert len(error_lines(result)) == 1


def test_what_no_longer_waits_is_no_failure(office, nudger_in_office, refuse):
    office.meet()
    nudger_in_office("scan")
    nudger_in_office("listen")
    refuse()
    nudger_in_office("ask")
    assert len(nudger_in_office.json("status")["sign_in"]) == 1
    office.later(hours=30)
    office.world.faults.reset()
    for step in ("scan", "ask", "listen"):
        assert nudger_in_office(step).exit_code == 0
    status = nudger_in_office.json("status")
    assert (status["meetings"], status["failures"]) == ({"expired": 1}, [])


def test_status_says_so_once_however_many_calendars_wait(office, nudger_in_office, kept_by, refuse):
    nudger_in_office("reps", "add", "ben@ourco.example", "--provider", kept_by)
    refuse()
    nudger_in_office("scan")
    status = nudger_in_office.json("status")
    (line,) = status["sign_in"]
    assert office.server.url in line
    assert len(status["failures"]) == 2
    shown = nudger_in_office("status").stdout
    assert shown.count("refused by") == 1


@pytest.mark.parametrize(("reason", "status"), [("invalid_grant", 400), ("html", 200)])
def test_doctor_names_address_and_status(office, nudger_in_office, refuse, reason, status):
    refuse(reason, status)
    result = nudger_in_office("doctor")
    assert result.exit_code == 1
    (line,) = [one for one in result.stdout.splitlines() if f"calendar {ANA}" in one]
    assert office.server.url in line
    assert str(status) in line
