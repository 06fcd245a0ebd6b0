"""What the doctor finds wrong with files, keys and databases, and how commands say the same."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nudger.cli import app
from nudger.cli.logs import begin_logging
from nudger.config import load_settings
from nudger.jobs.scan import scan
from nudger.store.database import Database, DatabaseProblem
from nudger.store.vault import new_key

EXAMPLE = Path(__file__).parents[2] / "credentials.example.json"


def says(nudger, what: str) -> list[tuple[bool, str]]:
    found = json.loads(nudger("doctor", "--json").stdout)
    return [(one["ok"], one["says"]) for one in found if one["what"] == what]


@pytest.mark.parametrize("name", ["nudger.key", "nudger.db"])
def test_a_file_that_others_can_read_is_found(nudger, name):
    nudger("upgrade")
    file = nudger.file.parent / name
    assert not file.stat().st_mode & 0o077
    file.chmod(0o644)
    assert says(nudger, "file rights") == [(False, f"others can read them: chmod 600 {file}")]


def test_credentials_that_others_can_read_are_found(nudger):
    file = nudger.file.parent / "credentials.json"
    file.write_text('{"microsoft_app": {"tenant_id": "7a", "client_id": "8b"}}')
    file.chmod(0o640)
    assert says(nudger, "file rights") == [(False, f"others can read them: chmod 600 {file}")]


def test_an_example_that_nobody_filled_in_is_found(nudger):
    file = nudger.file.parent / "credentials.json"
    file.write_text(EXAMPLE.read_text())
    file.chmod(0o600)
    ((ok, text),) = says(nudger, "credentials")
    assert not ok
    for key in ("google_service_account.private_key", "microsoft_app.tenant_id"):
        assert key in text


def test_another_key_than_the_databases_is_found(nudger_in_office, office):
    office.meet()
    scan(office.ctx)
    assert (True, "from the environment") not in says(nudger_in_office, "key")
    key_file = office.folder / "nudger.key"
    key_file.write_text(new_key())
    key_file.chmod(0o600)
    found = says(nudger_in_office, "key")
    assert any(not ok and "not the key" in text for ok, text in found)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("foo", "names no database"),
        ("nosuch://host/db", "names no database"),
        ("sqlite:////proc/nowhere/nudger.db", "cannot be used"),
    ],
)
def test_a_database_that_is_none_is_one_clear_line(nudger, url, advice):
    text = nudger.file.read_text().replace("sqlite:///nudger.db", url)
    nudger.file.write_text(text)
    for command in (("upgrade",), ("scan",), ("status",)):
        result = nudger(*command)
        assert result.exit_code == 1
        assert advice in result.stderr
        assert len(result.stderr.splitlines()) == 1
    ((ok, line),) = says(nudger, "database")
    assert not ok
    assert advice in line


def test_a_driver_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(DatabaseProblem, match=r"nudger\[postgresql\]"):
        Database("postgresql+psycopg://nudger@localhost/nudger")


def test_settings_do_not_show_secrets(nudger):
    text = nudger.file.read_text().replace(
        "sqlite:///nudger.db", "postgresql+psycopg://nudger:Zebrafink@localhost/nudger"
    )
    nudger.file.write_text(text)
    assert "Zebrafink" not in repr(load_settings(nudger.file))


def test_only_our_own_steps_are_logged(caplog):
    begin_logging(verbose=True)
    try:
        assert logging.getLogger("nudger.jobs.scan").isEnabledFor(logging.INFO)
        for library in ("httpx", "httpcore", "googleapiclient", "msal", "apscheduler", "urllib3"):
            assert not logging.getLogger(library).isEnabledFor(logging.INFO)
    finally:
        logging.getLogger("nudger").setLevel(logging.NOTSET)


def test_without_a_file_nothing_but_the_way_to_one_is_said(tmp_path):
    result = CliRunner().invoke(app, ["--config", str(tmp_path / "nudger.toml"), "doctor"])
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert "make one with `nudger init`" in line


def test_a_folder_in_place_of_the_file_is_called_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("here").mkdir()
    for command in ("status", "doctor", "init", "run"):
        refused = CliRunner().invoke(app, ["--config", "here", command])
        assert refused.exit_code == 2
        said = " ".join(refused.stderr.replace("│", " ").split())
        assert "here is a folder: give the file in it, here/nudger.toml." in said
