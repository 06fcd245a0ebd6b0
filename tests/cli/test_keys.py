"""`nudger key`: made, rotated, replaced; and the command that prints it."""

from __future__ import annotations

import json
import sys

import pytest

from nudger.cli import keys
from nudger.jobs.scan import scan


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(keys, "WORKERS_KNOW_AFTER", 0)


@pytest.fixture
def scanned(nudger_in_office, office):
    office.meet(title="Zebrafink")
    scan(office.ctx)
    return nudger_in_office


def test_a_key_is_printed_or_written_and_never_over_another(nudger, tmp_path):
    assert len(nudger("key").stdout.strip()) == 44
    file = tmp_path / "own.key"
    assert nudger("key", "--write", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    assert nudger("key", "--write", str(file)).exit_code == 1
    assert file.read_text() == before


def test_rotation_is_seen_by_a_context_that_runs(scanned, office):
    found = json.loads(scanned("key", "rotate", "--json").stdout)
    assert found["resealed"] >= 1
    office.meet("call2", title="Pangolin")
    office.later(minutes=10)
    scan(office.ctx)
    (seen,) = scanned.json("explain", "call1")
    assert seen["meeting"]["title"] == "Zebrafink"


def test_a_replaced_key_opens_and_the_old_one_says_so(scanned, tmp_path):
    scanned("key", "rotate")
    new = tmp_path / "new.key"
    assert scanned("key", "replace", "--write", str(new)).exit_code == 0
    refused = scanned("status")
    assert refused.exit_code == 1
    assert "key" in refused.stderr
    (scanned.file.parent / "nudger.key").write_text(new.read_text())
    assert scanned("status").exit_code != 1


def test_a_command_may_print_the_key(nudger):
    key_file = nudger.file.parent / "nudger.key"
    kept = key_file.rename(nudger.file.parent / "elsewhere")
    command = f'{sys.executable} -c "print(open(r\\"{kept}\\").read())"'
    nudger.file.write_text(f"key_command = {json.dumps(command)}\n" + nudger.file.read_text())
    assert nudger("status").exit_code == 0


@pytest.mark.parametrize("command", ["false", "/nowhere/kms", "echo short", "'"])
def test_a_command_that_prints_no_key_is_one_clear_line(nudger, command):
    nudger.file.write_text(f"key_command = {json.dumps(command)}\n" + nudger.file.read_text())
    result = nudger("status")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
