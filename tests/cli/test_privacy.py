"""`nudger forget`, `export`, `purge`, and `reps remove`, which forgets too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nudger.jobs.ask import ask
from nudger.jobs.scan import scan

ANA, DANA = "ana@ourco.example", "dana@acme.example"


@pytest.fixture
def asked(nudger_in_office, office, monkeypatch):
    """As of the office's day: what is asked there is purged some months later."""
    monkeypatch.setattr("nudger.cli.startup.current_time", office.world.now)
    office.meet(title="Zebrafink")
    scan(office.ctx)
    ask(office.ctx)
    return nudger_in_office


def content(office) -> bytes:
    return b"".join(file.read_bytes() for file in Path(office.folder).glob("nudger.db*"))


def test_a_dry_run_says_what_would_go_and_keeps_it(asked, office):
    found = asked.json("forget", ANA, "--dry-run")
    assert (found["dry_run"], found["reps"], found["meetings_removed"]) == (True, [ANA], 1)
    assert "would be" in asked("forget", ANA, "--dry-run").stdout
    assert ANA.encode() in content(office)


def test_forgetting_says_what_went(asked, office):
    result = asked("forget", "acme.example")
    assert result.exit_code == 0
    assert "emptied" in result.stdout or "removed" in result.stdout
    assert b"acme.example" not in content(office)


def test_removing_a_rep_leaves_no_byte_of_them(asked, office):
    assert asked.json("reps", "remove", ANA.upper())["removed"] == ANA
    assert ANA.encode() not in content(office)
    assert asked("reps", "remove", ANA).exit_code == 1
    assert asked("audit", "verify").exit_code == 0


def test_a_file_that_another_program_reads_is_said(asked, office, monkeypatch):
    monkeypatch.setattr("nudger.store.database.BUSY_SECONDS", 0.1)
    with office.ctx.database.read() as tx:
        tx.exec_driver_sql("SELECT * FROM rep").fetchone()
        result = asked("forget", ANA)
    assert "stop the workers" in result.stdout


def test_our_own_domain_is_refused_in_one_line(asked):
    for command in ("forget", "export"):
        result = asked(command, "ourco.example")
        assert result.exit_code == 1
        assert "your own domain" in result.stderr


def test_an_export_is_json(asked):
    found = json.loads(asked("export", DANA).stdout)
    assert found["about"] == {"addresses": [DANA], "domain": None}
    assert found["meetings"][0]["details"]["title"] == "Zebrafink"


def test_purge_counts_and_removes(asked):
    assert asked.json("purge", "--dry-run")["meetings"] == 0
    assert asked("purge").stdout == "Gone: nothing.\n"
