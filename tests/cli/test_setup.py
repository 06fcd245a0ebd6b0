"""init, key, upgrade, domains, reps, preview, doctor: from nothing to something that works."""

from __future__ import annotations

import pytest

from nudger.admin.samples import SAMPLES
from nudger.config import load_settings

ANA = "ana@ourco.example"


def test_init_writes_a_file_that_loads_and_a_key_for_us_alone(nudger):
    assert (nudger.file.parent / "nudger.key").stat().st_mode & 0o777 == 0o600
    assert nudger("upgrade").exit_code == 0


def test_init_writes_the_milestones_in_a_language(nudger, tmp_path):
    nudger.file = tmp_path / "german.toml"
    assert nudger("init", "--write-back", "private", "--language", "de").exit_code == 0
    settings = load_settings(nudger.file)
    assert settings.language == "de"
    assert [one.name for one in settings.milestones][:2] == ["Erstgespräch", "Bedarfsanalyse"]
    nudger.file = tmp_path / "other.toml"
    assert nudger("init", "--write-back", "private", "--language", "xx").exit_code == 2


def test_init_changes_what_is_said_and_nothing_else(nudger):
    before = nudger.file.read_text()
    assert nudger("init", "--write-back", "meeting").exit_code == 0
    changed = before.replace('write_back = "private"', 'write_back = "meeting"')
    assert nudger.file.read_text() == changed


def test_init_without_a_choice_and_without_a_terminal_refuses(nudger, tmp_path):
    nudger.file = tmp_path / "other.toml"
    result = nudger("init")
    assert result.exit_code == 1
    assert "--write-back" in result.stderr
    assert not nudger.file.exists()


def test_domains_are_listed_tested_and_removed(nudger):
    assert nudger("domains", "add", "ours", "OurCo.com").exit_code == 0
    nudger("domains", "add", "customer", "acme.com", "bücher.de")
    assert {"entry": "xn--bcher-kva.de", "kind": "customer"} in nudger.json("domains", "list")
    (tested,) = nudger.json("domains", "test", "dana@eu.acme.com")
    assert (tested["is"], tested["customer"], tested["by"]) == ("customer", "acme.com", "acme.com")
    assert nudger("domains", "remove", "acme.com").exit_code == 0
    assert nudger("domains", "remove", "acme.com").exit_code == 1


@pytest.mark.parametrize("entry", ["com", "not a domain", "co.uk"])
def test_a_wrong_domain_is_refused(nudger, entry):
    result = nudger("domains", "add", "customer", entry)
    assert result.exit_code == 1
    assert entry in result.stderr


def test_a_rep_at_a_domain_that_is_not_ours_is_questioned(nudger):
    nudger("domains", "add", "ours", "ourco.example")
    nudger("domains", "add", "partner", "agency.example")
    for fine in ("ana@ourco.example", "kai@agency.example", "jo@gmail.com"):
        assert "warning" not in nudger("reps", "add", fine).stderr
    added = nudger("reps", "add", "ben@0urco.example")
    assert added.exit_code == 0
    assert "nudger domains add ours 0urco.example" in " ".join(added.stderr.split())


def test_reps_are_added_imported_listed_and_removed(nudger, tmp_path):
    assert nudger("reps", "add", "Ana@OurCo.com", "--time-zone", "Europe/Berlin").exit_code == 0
    team = tmp_path / "team.csv"
    team.write_text("email,name,provider\nben@ourco.com,Ben O.,google\ncleo@ourco.com,,microsoft\n")
    assert nudger("reps", "import", str(team)).exit_code == 0
    listed = nudger.json("reps", "list")
    assert [one["email"] for one in listed] == ["ana@ourco.com", "ben@ourco.com", "cleo@ourco.com"]
    assert nudger("reps", "remove", "ben@ourco.com").exit_code == 0
    assert nudger("reps", "remove", "ben@ourco.com").exit_code == 1


TEAM = (
    "email;name;aliases;;\nbjoern@ourco.com;Björn Groß;bg@ourco.com;;\n\ncleo@ourco.com;Cléo;;;\n"
)


@pytest.mark.parametrize(
    "content",
    [
        TEAM.encode(),
        TEAM.encode("utf-8-sig"),
        TEAM.encode("utf-16"),
        TEAM.encode("cp1252"),
        TEAM.replace(";", ",").encode(),
        TEAM.replace(";", "\t").encode("utf-16"),
        b"sep=;\r\n" + TEAM.replace("\n", "\r\n").encode("cp1252"),
    ],
    ids=["utf-8", "bom", "utf-16", "1252", "commas", "tabs", "sep"],
)
def test_reps_are_imported_from_whatever_a_spreadsheet_writes(nudger, tmp_path, content):
    team = tmp_path / "team.csv"
    team.write_bytes(content)
    result = nudger("reps", "import", str(team))
    assert result.exit_code == 0, result.output
    listed = [(one["name"], one["aliases"]) for one in nudger.json("reps", "list")]
    assert listed == [("Björn Groß", ["bg@ourco.com"]), ("Cléo", [])]


def test_a_workbook_is_no_list_of_reps(nudger, tmp_path):
    team = tmp_path / "team.xlsx"
    team.write_bytes(b"PK\x03\x04\0\0")
    result = nudger("reps", "import", str(team))
    assert result.exit_code == 1
    assert "save the sheet as CSV" in result.stderr


def test_reps_come_from_standard_input(nudger):
    assert nudger("reps", "import", "-", stdin=TEAM).exit_code == 0
    assert len(nudger.json("reps", "list")) == 2


@pytest.fixture
def everything_said(nudger):
    """Ana, of whom all is said that can be said."""
    with nudger.file.open("a") as file:
        file.write('\n[[teams]]\nname = "emea"\n')
    nudger("domains", "add", "ours", "ourco.com")
    result = nudger(
        "reps", "add", "ana@ourco.com", "--provider", "microsoft", "--name", "Ana Weber",
        "--time-zone", "Europe/Berlin", "--country", "DE", "--language", "de",
        "--alias", "aw@ourco.com", "--team", "emea", "--manager", "mia@ourco.com",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (ana,) = nudger.json("reps", "list")
    return {name: ana[name] for name in REP_FIELDS}


REP_FIELDS = ("provider", "name", "time_zone", "country", "language", "aliases", "team", "manager")


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ([], {}),
        (["--team", ""], {"team": None}),
        (["--time-zone", ""], {"time_zone": None}),
        (["--name", ""], {"name": "Ana"}),
        (["--alias", ""], {"aliases": []}),
        (["--manager", "", "--language", "FR"], {"manager": None, "language": "fr"}),
        (["--provider", "google"], {"provider": "google"}),
        (["--alias", "a@ourco.com", "--country", "fr"],
         {"aliases": ["a@ourco.com"], "country": "FR"}),
    ],
)  # fmt: skip
def test_of_a_known_rep_only_what_is_given_changes(nudger, everything_said, said, changed):
    assert nudger("reps", "add", "Ana@ourco.com", *said).exit_code == 0
    (ana,) = nudger.json("reps", "list")
    assert {name: ana[name] for name in REP_FIELDS} == everything_said | changed


@pytest.mark.parametrize(
    ("content", "changed"),
    [
        ("email\nana@ourco.com\n", {}),
        ("email,team,country\nana@ourco.com,,AT\n", {"team": None, "country": "AT"}),
        ("email,provider,name,aliases\nana@ourco.com,,,\n",
         {"provider": "google", "name": "Ana", "aliases": []}),
        ("email,language,team\nana@ourco.com,nl\n", {"language": "nl"}),
    ],
)  # fmt: skip
def test_an_import_changes_the_columns_that_it_has(
    nudger, everything_said, tmp_path, content, changed
):
    team = tmp_path / "team.csv"
    team.write_text(content)
    assert nudger("reps", "import", str(team)).exit_code == 0
    (ana,) = nudger.json("reps", "list")
    assert {name: ana[name] for name in REP_FIELDS} == everything_said | changed


def test_a_manager_is_set_shown_and_changed(nudger, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    nudger("domains", "add", "ours", "ourco.com")
    assert nudger("reps", "add", "ana@ourco.com", "--manager", "Mia@OurCo.com").exit_code == 0
    (ana,) = nudger.json("reps", "list")
    assert (ana["manager"], ana["disclosed_manager"]) == ("mia@ourco.com", None)
    assert "mia@ourco.com (not told yet)" in nudger("reps", "list").stdout.replace("\n", " ")
    team = tmp_path / "team.csv"
    team.write_text("email,manager\nana@ourco.com,\nben@ourco.com,ana@ourco.com\n")
    assert nudger("reps", "import", str(team)).exit_code == 0
    assert [one["manager"] for one in nudger.json("reps", "list")] == [None, "ana@ourco.com"]


@pytest.mark.parametrize(
    ("manager", "code", "says"),
    [
        ("boss@elsewhere.com", 1, "stay within your own domains"),
        ("boss@sister.com", 1, "nudger domains add ours sister.com"),
        ("nobody", 2, "'nobody' is not a mail address"),
        ("ana@ourco.com", 1, "cannot be their own manager"),
    ],
)
def test_a_wrong_manager_is_refused_and_nothing_is_saved(nudger, manager, code, says):
    nudger("domains", "add", "ours", "ourco.com")
    nudger("domains", "add", "partner", "sister.com")
    result = nudger("reps", "add", "ana@ourco.com", "--manager", manager)
    assert result.exit_code == code
    assert says in result.stderr.replace("\n", " ")
    assert nudger.json("reps", "list") == []


def test_without_a_shared_mailbox_there_is_no_manager(nudger):
    nudger("init", "--force", "--write-back", "private", "--mode", "personal")
    nudger("domains", "add", "ours", "ourco.com")
    result = nudger("reps", "add", "ana@ourco.com", "--manager", "mia@ourco.com")
    assert result.exit_code == 1
    assert "personal" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("mail\nx@y.com\n", "the first line must name columns"),
        ("email\nnobody\n", "line 2: 'nobody' is not a mail address"),
        ("email,provider\na@b.com,yahoo\n", "neither google nor microsoft"),
        ("email,name\na@b.com,Weber, Ana\n", "line 2: more cells than the first line"),
        ("email,time_zone\na@b.com,Mars\n", "'Mars' is not a time zone"),
        ("email,manager\na@b.com,m@elsewhere.com\n", "m@elsewhere.com cannot be a manager"),
    ],
)
def test_a_wrong_import_saves_nothing(nudger, tmp_path, content, says):
    team = tmp_path / "team.csv"
    team.write_text(content)
    result = nudger("reps", "import", str(team))
    assert result.exit_code == 1
    assert says in result.stderr
    assert nudger.json("reps", "list") == []


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_mail_can_be_previewed(nudger, kind):
    assert nudger("preview", kind).stdout.strip()
    assert "<" in nudger("preview", kind, "--html").stdout


def test_an_unknown_preview_is_refused(nudger):
    assert nudger("preview", "postcard").exit_code == 1


def test_the_doctor_finds_everything_well(office, nudger_in_office):
    checks = nudger_in_office.json("doctor")
    assert all(check["ok"] for check in checks)
    assert {"mailbox nudger@ourco.example", f"calendar {ANA}"} <= {c["what"] for c in checks}


@pytest.mark.parametrize(
    ("break_it", "what", "says"),
    [
        (lambda o: (o.folder / "nudger.key").unlink(), "key", "nudger key --write"),
        (lambda o: (o.folder / "credentials.json").unlink(), "credentials", "cannot be read"),
        (
            lambda o: (o.folder / "credentials.json").write_text("{"),
            "credentials",
            "is not valid JSON",
        ),
        (
            lambda o: o.server.google.tokens.authorized_scopes.clear(),
            f"calendar {ANA}",
            "Domain-wide delegation",
        ),
        (
            lambda o: setattr(o.world.people[ANA], "revoked", True),
            f"calendar {ANA}",
            "sign-in refused",
        ),
        (
            lambda o: (o.folder / "nudger.toml").write_text("write_back = 5"),
            "configuration",
            "write_back",
        ),
    ],
)
def test_the_doctor_says_what_to_do(office, nudger_in_office, break_it, what, says):
    break_it(office)
    result = nudger_in_office("doctor")
    assert result.exit_code == 1
    line = next(line for line in result.stdout.splitlines() if what in line and "FAIL" in line)
    assert says in line


class TestOnOutlook:
    @pytest.fixture
    def kept_by(self):
        return "microsoft"

    def test_the_doctor_finds_everything_well(self, office, nudger_in_office):
        assert {c["what"] for c in nudger_in_office.json("doctor")} >= {
            "permission Mail.Send",
            "mailbox nudger@ourco.example",
            f"calendar {ANA}",
        }

    def test_a_mailbox_that_must_be_out_of_reach_is_tried(self, office, nudger_in_office):
        file = office.folder / "nudger.toml"
        text = file.read_text()
        file.write_text(
            text.replace("[microsoft]", "[microsoft]\nout_of_reach = 'ben@ourco.example'")
        )
        result = nudger_in_office("doctor")
        assert result.exit_code == 1
        assert "can be opened: limit the app" in result.stdout
        office.server.microsoft.identity.mailboxes = frozenset({ANA, "nudger@ourco.example"})
        assert "is refused, as it must be" in nudger_in_office("doctor").stdout

    def test_a_missing_permission_is_named(self, office, nudger_in_office):
        office.server.microsoft.identity.permissions = ("Calendars.ReadWrite",)
        result = nudger_in_office("doctor")
        assert result.exit_code == 1
        line = next(line for line in result.stdout.splitlines() if "mailbox nudger" in line)
        assert "FAIL" in line
        assert "grant the app the permission" in line

    def test_a_wrong_secret_says_what_to_do(self, office, nudger_in_office):
        file = office.folder / "credentials.json"
        file.write_text(file.read_text().replace("sandbox-secret", "other"))
        assert "client secret is wrong" in nudger_in_office("doctor").stdout
