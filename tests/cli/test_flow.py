"""The steps by command, their dry runs, status and explain."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nudger.cli.since import moment_since
from nudger.sandbox.faults import Fault

NOW = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
ANA, DANA = "ana@ourco.example", "dana@acme.example"


@pytest.fixture(autouse=True)
def sandbox_time(office, monkeypatch):
    """Commands read the sandbox's clock, as the jobs in these tests do."""
    monkeypatch.setattr("nudger.cli.startup.current_time", office.world.now)


def test_the_loop_step_by_step(office, nudger_in_office):
    nudger = nudger_in_office
    office.meet()
    assert nudger.json("scan") == {"calendars": 1, "events": 1, "planned": 1, "failed": 0}
    assert nudger.json("ask") == {"sent": 1}
    office.reply("Dana agrees to a pilot\n2")
    office.later(minutes=2)
    assert nudger.json("listen") == {"mails": 1, "answers": 1}
    assert nudger.json("write") == {"written": 1}
    assert "Dana agrees to a pilot" in office.description("call1")
    assert nudger.json("status")["meetings"] == {"written": 1}
    steps = [step["step"] for step in nudger.json("explain", "call1")[0]["meeting"]["steps"]]
    assert steps == ["question", "answer", "understand", "write"]
    assert "written" in nudger("explain", "call1").stdout
    assert "written 1" in nudger("status").stdout


def test_dry_runs_change_nothing(office, nudger_in_office):
    nudger = nudger_in_office
    office.meet()
    (row,) = nudger.json("scan", "--dry-run")
    assert (row["verdict"], row["rep"], row["customer"]) == ("ask", ANA, ["acme.example"])
    assert nudger.json("status")["meetings"] == {}
    nudger("scan")
    (due,) = nudger.json("ask", "--dry-run")
    assert due["would"] == "send"
    assert office.inbox(ANA) == []
    nudger("ask")
    nudger("listen")
    office.reply("Dana signs the pilot agreement by Friday")
    office.later(minutes=2)
    assert nudger.json("listen", "--dry-run") == [{"mailbox": "nudger@ourco.example", "new": 1}]
    assert nudger.json("listen") == {"mails": 1, "answers": 1}
    assert [row["where"] for row in nudger.json("write", "--dry-run")] == ["meeting"]
    assert office.description("call1").startswith("Agenda")


def test_a_dry_scan_names_unknown_domains_and_how_to_classify_them(office, nudger_in_office):
    office.meet()
    result = nudger_in_office("scan", "--dry-run", "--since", "-30d", "--days", "30")
    assert "nudger domains add customer acme.example" in result.stdout
    assert nudger_in_office("scan", "--dry-run", "--csv").stdout.startswith("event_id,start,title")


def test_a_dry_scan_needs_no_token_to_go_on_from(office, nudger_in_office):
    office.meet()
    office.world.calendars.gives_tokens = False
    (row,) = nudger_in_office.json("scan", "--dry-run")
    assert row["verdict"] == "ask"
    assert nudger_in_office("scan").exit_code == 1


def test_an_unknown_rep_or_event_is_an_error(office, nudger_in_office):
    assert nudger_in_office("scan", "--rep", "x@y.example").exit_code == 1
    assert nudger_in_office("explain", "nothing").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--dry-run", "--since", "soon"], "a day such as 2026-10-01, or -30d, is expected"),
        (["--dry-run", "--since", "2999-01-01"], "which lies ahead"),
        (["--dry-run", "--json", "--csv"], "Choose one of --json and --csv"),
        (["--since", "-30d"], "go with --dry-run"),
        (["--days", "30"], "go with --dry-run"),
        (["--csv"], "go with --dry-run"),
    ],
)
def test_a_scan_that_makes_no_sense_is_refused(nudger_in_office, arguments, says):
    result = nudger_in_office("scan", *arguments)
    assert (result.exit_code, says in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("-30d", datetime(2026, 10, 24, 8, 5, tzinfo=UTC)),
        ("30d", datetime(2026, 10, 24, 8, 5, tzinfo=UTC)),
        ("0d", datetime(2026, 11, 23, 8, 5, tzinfo=UTC)),
        ("2026-10-26", datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
    ],
)
def test_since_is_a_day_there_or_a_number_of_days(text, begin):
    assert moment_since(text, NOW, ZoneInfo("Europe/Berlin")) == begin


def test_a_scan_that_fails_for_one_rep_has_an_exit_code(office, nudger_in_office):
    office.world.people[ANA].revoked = True
    result = nudger_in_office("scan")
    assert result.exit_code == 1
    assert f"{ANA}: sign-in refused by {office.server.url}/token (400)" in result.stderr
    assert "reconnect" not in nudger_in_office("reps", "list").stdout


def test_a_dry_run_does_not_say_that_an_unread_calendar_is_empty(office, nudger_in_office):
    office.world.people[ANA].revoked = True
    result = nudger_in_office("scan", "--dry-run")
    assert (result.exit_code, f"error: {ANA}: sign-in refused" in result.stderr) == (1, True)
    assert "No events in the calendars that could be read." in result.stdout


def test_each_failure_is_told_once_and_by_the_command_alone(office, nudger_in_office, caplog):
    nudger_in_office("reps", "add", "ben@ourco.example")
    office.world.faults.add(Fault("calendar.events.list", status=404, reason="notFound", times=2))
    result = nudger_in_office("scan")
    lines = result.stderr.splitlines()
    assert [line.partition(": The Google")[0] for line in lines] == [
        f"error: {ANA}", "error: ben@ourco.example",
    ]  # fmt: skip
    assert "notFound" not in caplog.text


def test_without_a_key_there_is_one_clear_line(office, nudger_in_office):
    (office.folder / "nudger.key").unlink()
    result = nudger_in_office("scan")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "nudger key --write" in result.stderr


def test_a_calendar_that_answers_404_is_one_line(office, nudger_in_office):
    office.world.faults.add(Fault("calendar.events.list", status=404, reason="notFound"))
    result = nudger_in_office("scan")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_help_has_examples(nudger_in_office):
    for command in ("scan", "ask", "listen", "write", "run", "demo", "status"):
        assert "Example" in nudger_in_office(command, "--help").stdout or command == "status"


def test_json_is_json_also_when_nothing_is_there(office, nudger_in_office):
    assert json.loads(nudger_in_office("ask", "--dry-run", "--json").stdout) == []
