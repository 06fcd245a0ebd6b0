"""What `nudger run` does not start without, and what the doctor shows of the rest."""

from __future__ import annotations

import json

import pytest
import typer

from nudger import worker
from nudger.admin.doctor_checks import Check
from nudger.cli.ready import require_ready

ANA = "ana@ourco.example"


@pytest.fixture
def runs(monkeypatch):
    """Whether the worker was started."""
    started: list[object] = []
    monkeypatch.setattr(worker, "run", started.append)
    return started


def test_everything_is_there(nudger_in_office, runs):
    assert nudger_in_office("run").exit_code == 0
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda o: _without(o, "mailbox ="), "nudger init --mailbox"),
        (lambda o: (o.folder / "nudger.key").unlink(), "nudger key --write"),
        (lambda o: (o.folder / "credentials.json").unlink(), "copy credentials.example.json"),
        (lambda o: (o.folder / "credentials.json").write_text("{}"), "no Google service account"),
        (lambda o: (o.folder / "nudger.toml").write_text("write_back = 5"), "write_back"),
        (lambda o: (o.folder / "nudger.toml").unlink(), "nudger init"),
        (lambda o: (o.folder / "nudger.key").chmod(0o644), "chmod 600"),
    ],
)
def test_what_is_missing_here_keeps_it_from_starting(
    office, nudger_in_office, runs, break_it, says
):
    break_it(office)
    result = nudger_in_office("run")
    assert result.exit_code == nudger_in_office("doctor").exit_code == 1
    assert says in result.stderr
    assert "not started: 1 to mend" in result.stderr
    assert not runs


def _without(office, begin):
    file = office.folder / "nudger.toml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(begin)))


def test_all_that_is_missing_is_one_list(nudger, runs):
    result = nudger("run")
    assert result.exit_code == 1
    for what in ("credentials", "asking mailbox", "domains", "reps"):
        assert f"FAIL {what}" in result.stderr
    assert "not started: 4 to mend" in result.stderr
    assert not runs


def unplugged(office):
    file = office.folder / "nudger.toml"
    file.write_text(file.read_text().replace(office.server.url, "http://127.0.0.1:9"))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda o: o.server.google.tokens.authorized_scopes.clear(),
        lambda o: setattr(o.world.people[ANA], "revoked", True),
        lambda o: o.configure(""),
        unplugged,
    ],
)
def test_what_a_provider_says_may_pass_and_keeps_nothing_from_starting(
    office, nudger_in_office, runs, break_it
):
    break_it(office)
    assert nudger_in_office("run").exit_code == 0
    assert len(runs) == 1


def test_what_may_pass_is_waited_for(tmp_path, capsys):
    away = [Check("database", ok=False, says="no answer", may_pass=True)]
    looks = [away, away, []]
    waits: list[float] = []
    require_ready(tmp_path, lambda _file: looks.pop(0), waits.append)
    assert len(waits) == 2
    assert capsys.readouterr().err.count("no answer") == 1


def test_what_lasts_is_told_beside_what_may_pass(tmp_path, capsys):
    faults = [
        Check("database", ok=False, says="no answer", may_pass=True),
        Check("credentials", ok=False, says="not there"),
    ]
    with pytest.raises(typer.Exit):
        require_ready(tmp_path, lambda _file: faults)
    assert "not there" in capsys.readouterr().err


def test_a_database_server_that_does_not_answer_may_pass(nudger):
    text = nudger.file.read_text()
    away = "postgresql+psycopg://nudger@127.0.0.1:9/nudger"
    nudger.file.write_text(text.replace("sqlite:///nudger.db", away))
    found = {one["what"]: one for one in json.loads(nudger("doctor", "--json").stdout)}
    assert found["database"]["may_pass"]
    assert not found["domains"]["tried"]
    assert found["domains"]["says"] == "not tried, because database fails"


def test_the_doctor_shows_every_group_after_the_first_that_fails(nudger):
    nudger.file.write_text("write_back = 5")
    result = nudger("doctor")
    assert result.exit_code == 1
    assert "1 to mend" in result.stderr
    for what in ("key", "database", "credentials", "mailboxes", "calendars"):
        (line,) = [one for one in result.stdout.splitlines() if one.startswith(f"--   {what}  ")]
        assert "not tried, because configuration fails" in line


def test_the_doctor_goes_on_without_a_mailbox(office, nudger_in_office):
    _without(office, "mailbox =")
    found = {one["what"]: one for one in json.loads(nudger_in_office("doctor", "--json").stdout)}
    assert not found["asking mailbox"]["ok"]
    assert not found["mailboxes"]["tried"]
    assert found[f"calendar {ANA}"]["ok"]


class TestPersonally:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    def test_nobody_has_connected(self, office, nudger_in_office, runs):
        office.file.write_text('mode = "personal"\n' + office.file.read_text())
        result = nudger_in_office("run")
        assert result.exit_code == 1
        assert f"nudger connect outlook {ANA}" in result.stderr
        found = {
            one["what"]: one for one in json.loads(nudger_in_office("doctor", "--json").stdout)
        }
        assert "/v2.0/adminconsent?client_id=" in found["admin consent"]["says"]
        assert found["admin consent"]["warns"]
