"""`nudger init`: a dialogue on a terminal, options for scripts."""

from __future__ import annotations

import json

import pytest

from nudger.admin.machine import guess_zone
from nudger.config import load_settings
from tests.cli.conftest import Nudger

EVERYTHING = (
    "google", "nudger@ourco.example", "ourco.example ourco.test", "private", "Europe/Berlin", "de",
    "trial", "ana@ourco.example",
)  # fmt: skip


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


@pytest.fixture
def fresh(tmp_path):
    return Nudger(tmp_path / "nudger.toml")


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_newcomer_is_asked_everything_and_told_what_comes_next(fresh, provider):
    result = fresh("init", "--ask", stdin=typed(provider, *EVERYTHING[1:], "y"))
    assert result.exit_code == 0, result.output
    settings = load_settings(fresh.file)
    assert getattr(settings, provider).mailbox == "nudger@ourco.example"
    assert (settings.write_back, settings.time_zone, settings.language) == (
        "private", "Europe/Berlin", "de",
    )  # fmt: skip
    assert [one.name for one in settings.milestones][1] == "Demo"
    (ana,) = fresh.json("reps", "list")
    assert (ana["email"], ana["provider"]) == ("ana@ourco.example", provider)
    assert {one["entry"]: one["kind"] for one in fresh.json("domains", "list")} == {
        "ourco.example": "ours", "ourco.test": "ours",
    }  # fmt: skip
    assert "too, can read it there" in result.stdout
    assert "FAIL credentials" in result.stdout
    assert f"Next:  docs/setup-{provider}.md" in result.stdout
    assert sorted(one.name for one in fresh.file.parent.iterdir()) == [
        "nudger.db", "nudger.key", "nudger.toml",
    ]  # fmt: skip


def test_no_line_is_too_long_for_80_columns(fresh):
    result = fresh("init", "--ask", stdin=typed(*EVERYTHING, "n"))
    lines = [line for line in result.stdout.splitlines() if "[Y/n]" not in line]
    assert [line for line in lines if len(line) >= 80] == []


def test_wrong_input_is_asked_again_with_what_is_wrong(fresh):
    wrong = ("yahoo", "google", "nudger@gmail.com", "nudger@ourco.example", "", "", "private")
    result = fresh("init", "--ask", stdin=typed(*wrong, "berlin"))
    assert '"yahoo" is none of google, microsoft' in result.stdout
    assert "gmail.com is open to everybody" in result.stdout
    assert "Did you mean Europe/Berlin?" in result.stdout
    assert "An empty line is none of meeting, private" in result.stdout


def test_who_stops_loses_nothing_and_leaves_nothing_half(fresh):
    result = fresh("init", "--ask", stdin=typed(*EVERYTHING[:4]))
    assert result.exit_code == 130
    assert "Stopped: nothing was changed" in result.stdout
    assert not fresh.file.exists()
    again = fresh("init", "--ask", stdin=typed("", "", "", "", *EVERYTHING[4:], "y"))
    assert "offered again" in again.stdout
    settings = load_settings(fresh.file)
    assert settings.google.mailbox == "nudger@ourco.example"
    assert settings.write_back == "private"


def test_who_does_not_confirm_changes_nothing(fresh):
    result = fresh("init", "--ask", stdin=typed(*EVERYTHING, "n"))
    assert result.exit_code == 0
    assert not fresh.file.exists()
    assert not (fresh.file.parent / "nudger.key").exists()


def test_run_again_it_shows_what_is_there_and_keeps_the_rest(fresh):
    fresh("init", "--ask", stdin=typed(*EVERYTHING, "y"))
    by_hand = fresh.file.read_text().replace("horizon_days = 14", "horizon_days = 9 # by hand")
    fresh.file.write_text(by_hand)
    key = (fresh.file.parent / "nudger.key").read_text()
    result = fresh(
        "init", "--ask", stdin=typed("", "", "", "meeting", "", "", "", "ben@ourco.example", "y")
    )
    assert "[nudger@ourco.example]" in result.stdout
    assert "1 watched already" in result.stdout
    assert "(was private)" in result.stdout
    assert fresh.file.read_text() == by_hand.replace(
        'write_back = "private"', 'write_back = "meeting"'
    )
    assert (fresh.file.parent / "nudger.key").read_text() == key
    assert len(fresh.json("reps", "list")) == 2


def test_what_is_given_is_not_asked(fresh):
    result = fresh(
        "init", "--ask", "--provider", "google", "--mailbox", "nudger@ourco.example", "--domain",
        "ourco.example", "--write-back", "private", "--time-zone", "Europe/Berlin", "--language",
        "de", "--milestones", "accounts", stdin=typed("ana@ourco.example", "y"),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "1 of 1  Who is the first rep?" in result.stdout


def test_a_script_needs_no_terminal(fresh):
    options = (
        "--provider", "microsoft", "--mailbox", "nudger@ourco.example", "--domain",
        "ourco.example", "--domain", "ourco.test", "--write-back", "meeting", "--rep",
        "ana@ourco.example", "--milestones", "trial",
    )  # fmt: skip
    result = fresh("init", *options)
    assert result.exit_code == 0, result.output
    settings = load_settings(fresh.file)
    assert settings.microsoft.mailbox == "nudger@ourco.example"
    assert settings.time_zone == (guess_zone() or "UTC")
    assert fresh.json("reps", "list")[0]["provider"] == "microsoft"
    assert "Everything is as it was." in fresh("init", *options[:-2]).stdout


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--mailbox", "nobody", "--mailbox: "),
        ("--domain", "co.uk", "--domain: "),
        ("--time-zone", "berlin", "Did you mean Europe/Berlin?"),
        ("--language", "xx", "--language: "),
        ("--rep", "ana", "--rep: "),
    ],
)
def test_a_wrong_option_is_one_clear_line(fresh, option, value, says):
    result = fresh("init", "--write-back", "private", option, value)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not fresh.file.exists()


def test_the_mode_goes_with_the_mailbox(fresh):
    assert fresh("init", "--write-back", "private", "--mode", "personal").exit_code == 0
    assert load_settings(fresh.file).mode == "personal"
    refused = fresh("init", "--mode", "organization")
    assert refused.exit_code == 1
    assert "--mailbox" in refused.stderr
    assert fresh("init", "--mailbox", "nudger@ourco.example").exit_code == 0
    assert load_settings(fresh.file).mode == "organization"


def test_a_file_that_is_broken_is_not_touched(nudger):
    nudger.file.write_text("write_back = ")
    result = nudger("init", "--write-back", "private")
    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert nudger("init", "--force", "--write-back", "private").exit_code == 0
    assert (nudger.file.parent / "nudger.toml.old").read_text() == "write_back = "


def test_a_key_of_the_environments_makes_no_file(fresh, monkeypatch):
    monkeypatch.setenv("NUDGER_KEY_COMMAND", "echo none")
    assert fresh("init", "--write-back", "private").exit_code == 0
    assert not (fresh.file.parent / "nudger.key").exists()


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    result = Nudger(tmp_path / "nowhere" / "nudger.toml")("init", "--ask")
    assert result.exit_code == 1
    assert "is no folder" in result.stderr


def test_a_draft_of_something_else_is_left_out_of_account(fresh):
    draft = fresh.file.with_name(".nudger.toml.answers")
    draft.write_text(json.dumps({"provider": 5}))
    result = fresh("init", "--ask", stdin=typed(*EVERYTHING, "n"))
    assert "offered again" not in result.stdout


def test_the_console_can_ask_in_place_of_the_terminal(fresh):
    begun = fresh("init", "--console", "https://nudger.ourco.example")
    assert "https://nudger.ourco.example/console/setup" in begun.stdout
    assert fresh("admins", "code").exit_code == 0
    refused = fresh("run")
    assert (refused.exit_code, "write_back is missing" in refused.stderr) == (1, True)
    assert "--write-back" in fresh("init", "--no-ask", "--language", "de").stderr
    moved = fresh("init", "--console", "https://other.ourco.example")
    assert "pages at https://other.ourco.example" in moved.stdout
    for wrong in ("no address", "http://localhost:99999", "http://[::1", "https://"):
        refused = fresh("init", "--console", wrong)
        assert refused.exit_code == 1
        assert refused.stderr.startswith(f"error: --console: {wrong} is no web address.")
        assert "http://localhost:8025" in refused.stderr
    assert fresh("init", "--console", "https://x.example", "--language", "de").exit_code == 2
    assert fresh("init", "--write-back", "private", "--language", "de").exit_code == 0
    settings = load_settings(fresh.file)
    assert (settings.web.public_url, settings.language) == ("https://other.ourco.example", "de")
    fresh("init", "--console", "http://localhost:9123")
    assert load_settings(fresh.file).web.address == "127.0.0.1:9123"
