"""Settings: file, environment, and errors that name the key."""

from __future__ import annotations

import pickle
import re

import pytest

from nudger.config import ConfigProblem, load_settings


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "nudger.toml"
    made.write_text('write_back = "private"\n')
    return made


def test_two_lines_are_enough_and_paths_are_the_files(file, tmp_path):
    settings = load_settings(file)
    assert settings.credentials == tmp_path / "credentials.json"
    assert settings.database == f"sqlite:///{tmp_path / 'nudger.db'}"
    assert settings.scan.horizon_days == 14


def test_the_environment_overrides(file, monkeypatch):
    monkeypatch.setenv("NUDGER_SCAN__EVERY_SECONDS", "30")
    monkeypatch.setenv("NUDGER_WRITE_BACK", "meeting")
    settings = load_settings(file)
    assert (settings.scan.every_seconds, settings.write_back) == (30, "meeting")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("write_back = 'both'", "write_back is 'both'"),
        ("write_bak = 'private'", "write_bak is not a setting. Did you mean write_back?"),
        (
            "[scan]\nhorizon_dys = 3",
            "scan.horizon_dys is not a setting. Did you mean horizon_days?",
        ),
        ("[scan]\nhorizon_days = 'x'", "scan.horizon_days is 'x'"),
        ("[scan]\nhorizon_days = 0", "scan.horizon_days is 0"),
        ("time_zone = 'Berlin'", 'a time zone such as "Europe/Berlin" is expected'),
        ("[google]\nmailbox = 'nudger'", "google.mailbox is 'nudger'"),
        ("[google]\napi_root = 'localhost'", 'an address such as "https://example.com"'),
        ("[[milestones]]\nname = ''", "milestones.0.name is ''"),
        ("[ask]\nday_starts = '25:00'", "ask.day_starts is '25:00'"),
        ("[ask]\nhours_from = 'outlook'", "ask.hours_from is 'outlook'"),
        ("[meetings]\ntitle_words = ['']", "meetings.title_words.0 is ''"),
        ("[meetings]\ntitle_words = [3]", "meetings.title_words.0 is 3"),
        ("[meetings]\ntitle_words = 'audit'", "meetings.title_words is 'audit'"),
        ("[meetings.title_words]\nGerman = ['Audit']", 'a language such as "de" is expected'),
        ("[meetings.title_words]\nde = 'Audit'", "a list of words is expected for de"),
        ("[meetings]\nnote_takers = ['fireflies']", "meetings.note_takers.0 is 'fireflies'"),
        ("[meetings]\nnote_takers = ['com']", "a domain (acme.com) or an address"),
        ("[weekly]\nday = 'monday'", "weekly.day is 'monday'"),
        ("[weekly]\nday = 1", "weekly.day is 1"),
        ("[weekly]\non = true", "weekly.on is not a setting. Allowed here: day, enabled."),
        ("[ask]\ntell_coleagues = true", "Did you mean tell_colleagues?"),
        ("write_back = ", "is not valid TOML"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_is_allowed(file, line, says):
    start = "" if line.startswith("write_back") else 'write_back = "private"\n'
    file.write_text(start + line + "\n")
    with pytest.raises(ConfigProblem) as raised:
        load_settings(file)
    assert says in str(raised.value)
    assert "nudger.toml" in str(raised.value)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_file_that_is_not_plain_utf_8_is_said_to_be_so(file, encoding):
    file.write_text('write_back = "private" # Erstgespräch\n', encoding=encoding)
    with pytest.raises(ConfigProblem, match="nudger.toml is not plain UTF-8"):
        load_settings(file)


@pytest.mark.parametrize(
    "lines",
    [
        "[meetings]\ntitle_words = ['audit', ' Messe ', '*prüfung']",
        "[meetings.title_words]\nen = ['audit']\nde = ['Messe', '*prüfung']",
    ],
)
def test_title_words_are_a_list_or_a_table_of_languages(file, lines):
    file.write_text(f'write_back = "private"\n{lines}\n')
    meetings = load_settings(file).meetings
    assert meetings.title_words == ("audit", "Messe", "*prüfung")
    assert meetings.bundled_title_words


def test_title_words_in_the_environment(file, monkeypatch):
    monkeypatch.setenv("NUDGER_MEETINGS__TITLE_WORDS", '{"en": ["audit"]}')
    monkeypatch.setenv("NUDGER_MEETINGS__BUNDLED_TITLE_WORDS", "false")
    meetings = load_settings(file).meetings
    assert (meetings.title_words, meetings.bundled_title_words) == (("audit",), False)


def test_note_takers_are_domains_or_addresses(file):
    file.write_text(
        'write_back = "private"\n[meetings]\nnote_takers = ["Bots.com", "n@acme.com"]\n'
    )
    assert load_settings(file).meetings.note_takers == ("bots.com", "n@acme.com")


def test_without_write_back_there_is_no_default(file):
    file.write_text("")
    with pytest.raises(ConfigProblem, match=r'write_back is missing. Choose "meeting"'):
        load_settings(file)


def test_without_a_file_the_error_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigProblem, match="nudger init"):
        load_settings(tmp_path / "nudger.toml")


TEAM = """
[[teams]]
name = "emea"
ask = { lead_hours = 6, country = "DE" }
milestones = [{ name = "Erstgespräch" }]
"""


def test_a_team_changes_what_it_names_and_nothing_else(file):
    file.write_text('write_back = "private"\n[ask]\nday_starts = "08:00"\n' + TEAM)
    settings = load_settings(file)
    emea = settings.of_team("emea")
    assert (emea.ask.lead_hours, emea.ask.country) == (6, "DE")
    assert emea.ask.day_starts == settings.ask.day_starts
    assert [one.name for one in emea.milestones] == ["Erstgespräch"]
    assert settings.of_team("apac") is settings
    assert emea.of_team("emea") == emea


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEAM + TEAM, "emea stands twice"),
        (TEAM.replace("lead_hours", "lead_hour"), "Did you mean lead_hours?"),
        (TEAM + 'domains = { customer = ["acme"] }\n', "a domain (acme.com) or an address"),
        (TEAM + 'manager = "mia"\n', "nudger@ourco.com"),
    ],
)
def test_a_wrong_team_is_told_in_a_line(file, text, says):
    file.write_text('write_back = "private"\n' + text)
    with pytest.raises(ConfigProblem, match=re.escape(says)):
        load_settings(file)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("NUDGER_WRITE_BAK", "Did you mean NUDGER_WRITE_BACK?"),
        ("NUDGER_SCAN_EVERY_SECONDS", "Did you mean NUDGER_SCAN__EVERY_SECONDS?"),
        ("NUDGER_SCAN__EVRY_SECONDS", "Did you mean NUDGER_SCAN__EVERY_SECONDS?"),
        ("NUDGER_GOOGLE_MAILBOX", "Did you mean NUDGER_GOOGLE__MAILBOX?"),
        ("nudger_databse", "Did you mean NUDGER_DATABASE?"),
        ("NUDGER_QQQQ", "docs/configuration.md names them all."),
        ("NUDGER_", "docs/configuration.md names them all."),
    ],
)
def test_an_unknown_variable_is_named_with_the_nearest(file, monkeypatch, name, says):
    monkeypatch.setenv(name, "x")
    with pytest.raises(ConfigProblem) as caught:
        load_settings(file)
    assert str(caught.value) == f"{name} in the environment is not a setting. {says}"


@pytest.mark.parametrize(
    "name",
    [
        "NUDGER_CONFIG", "NUDGER_TEST_POSTGRESQL", "NUDGER_SERVICE_HOST", "NUDGER_SERVICE_PORT",
        "NUDGER_SERVICE_PORT_HTTP", "NUDGER_PORT", "NUDGER_PORT_8080_TCP_ADDR", "MY_NUDGER_THING",
        "_NUDGER_COMPLETE", "NUDGERS",
    ],
)  # fmt: skip
def test_variables_of_others_are_left_alone(file, monkeypatch, name):
    monkeypatch.setenv(name, "x")
    assert load_settings(file)


def test_every_setting_is_a_variable(file, monkeypatch):
    monkeypatch.setenv("nudger_language", "de")
    monkeypatch.setenv("NUDGER_ASK", '{"remind": false}')
    monkeypatch.setenv("NUDGER_MEETINGS__MAX_GUESTS", "7")
    monkeypatch.setenv("NUDGER_MILESTONES", '[{"name": "Pilot"}]')
    settings = load_settings(file)
    assert (settings.language, settings.ask.remind) == ("de", False)
    assert (settings.meetings.max_guests, settings.milestones[0].name) == (7, "Pilot")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("NUDGER_SCAN__EVERY_SECONDS", "soon", "is 'soon': input should be a valid integer"),
        ("NUDGER_TIME_ZONE", "Mars", "is 'Mars': a time zone such as"),
        ("NUDGER_MILESTONES", "Pilot", "a list is expected as JSON"),
        ("NUDGER_ASK__WORKING_DAYS", "mon", "a list is expected as JSON"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(file, monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigProblem) as caught:
        load_settings(file)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{name} in the environment")
    assert says in line


@pytest.mark.parametrize("onsites", ["customers", "ask", "skip"])
def test_which_onsites_are_asked_about_is_a_setting(file, onsites):
    lines = f"write_back = 'private'\n[meetings]\nall_day = '{onsites}'\nlong = '{onsites}'"
    file.write_text(lines)
    meetings = load_settings(file).meetings
    assert (meetings.all_day, meetings.long) == (onsites, onsites)


def test_another_process_works_by_what_was_read_here_whatever_the_file_says_by_then(file):
    file.write_text(f"{file.read_text()}[[teams]]\nname = 'North'\nlanguage = 'de'\n")
    read = load_settings(file)
    assert read.of_team("North").language == "de"
    file.write_text("nonsense")
    told = pickle.loads(pickle.dumps(read))  # noqa: S301 - our own
    assert told.model_dump() == read.model_dump()
    assert (told.file, told.of_team("North").language) == (file, "de")
