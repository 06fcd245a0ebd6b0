"""`nudger addon outlook` as an admin calls it."""

from __future__ import annotations

import json
import zipfile

import pytest

ADDRESS = "https://nudger.ourco.example"
TABLE = """
[outlook_addin]
client_id = "aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb"
tenants = ["11111111-2222-3333-4444-555555555555"]
"""


def configure(nudger, text):
    nudger.file.write_text(nudger.file.read_text() + text)


@pytest.fixture
def served(nudger, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    configure(nudger, f'\n[web]\npublic_url = "{ADDRESS}/"\n{TABLE}')
    return nudger


def test_it_writes_both_manifests_and_says_where_they_go(served, tmp_path):
    result = served("addon", "outlook")
    assert result.exit_code == 0, result.output
    assert f"{ADDRESS}/addin/outlook/pane" in (tmp_path / "manifest.xml").read_text()
    with zipfile.ZipFile(tmp_path / "nudger-outlook.zip") as package:
        made = json.loads(package.read("manifest.json"))
        assert set(package.namelist()) == {"manifest.json", *made["icons"].values()}
    assert made["version"] == "1.0.0"
    for said in ("Integrated apps", "Fixed", "1.0.0", "docs/addin-outlook.md"):
        assert said in " ".join(result.stdout.split())


def test_the_version_goes_up_when_the_content_changes_and_not_else(served, tmp_path):
    def version():
        assert served("addon", "outlook", "--write", "files").exit_code == 0
        text = (tmp_path / "files" / "manifest.xml").read_text()
        return text.partition("<Version>")[2].partition("<")[0]

    assert [version(), version()] == ["1.0.0", "1.0.0"]
    served.file.write_text(served.file.read_text().replace(ADDRESS, "https://other.example"))
    assert [version(), version()] == ["1.0.1", "1.0.1"]


def test_json_writes_nothing(served, tmp_path):
    told = served.json("addon", "outlook")
    assert told["version"] == "1.0.0"
    assert "MobileLogEventAppointmentAttendee" in told["manifest.xml"]
    assert not (tmp_path / "manifest.xml").exists()


def test_a_file_of_somebody_else_is_left_alone(served, tmp_path):
    other = tmp_path / "manifest.xml"
    other.write_text("<manifest/>")
    result = served("addon", "outlook")
    assert result.exit_code == 1
    assert "no manifest of Nudger's" in result.stderr
    assert other.read_text() == "<manifest/>"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (TABLE, "no address is known"),
        (f'\n[web]\npublic_url = "http://nudger.ourco.example"\n{TABLE}', "https pages alone"),
        (f'\n[web]\npublic_url = "{ADDRESS}"\n', "client_id and tenants are needed"),
    ],
)
def test_what_is_missing_is_named(nudger, tmp_path, settings, says):
    configure(nudger, settings)
    result = nudger("addon", "outlook", "--write", str(tmp_path / "files"))
    assert result.exit_code == 1
    assert says in " ".join(result.stderr.split())
    assert not (tmp_path / "files").exists()
