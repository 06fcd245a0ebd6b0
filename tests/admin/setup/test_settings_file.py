"""nudger.toml by answers: what an admin wrote by hand stays."""

from __future__ import annotations

import tomllib

import pytest

from nudger.admin.setup.settings_file import answered_in, with_answers, write_settings
from nudger.config import ConfigProblem

BY_HAND = """\
# ours, do not touch
write_back = "meeting"   # agreed with legal

time_zone = "UTC"
[scan]
every_seconds = 60       # the CRM is slow

[google]
mailbox = "nudger@ourco.com"

# how we sell
[[milestones]]
name = "Hello"

# the second is skipped for partners
[[milestones]]
name = "Goodbye"

# teams follow
[[teams]]
name = "emea"
"""


def test_a_new_file_holds_the_answers():
    text = with_answers(
        None,
        {"write_back": "private", "provider": "microsoft", "mailbox": "n@ourco.com",
         "time_zone": "Europe/Berlin", "language": "de", "milestones": "trial"},
    )  # fmt: skip
    there = tomllib.loads(text)
    assert (there["mode"], there["microsoft"]["mailbox"]) == ("organization", "n@ourco.com")
    assert "mailbox" not in there["google"]
    assert [one["name"] for one in there["milestones"]][1:3] == ["Demo", "Pilot"]
    assert all(one["exit"] for one in there["milestones"])
    assert answered_in(text) == {
        "write_back": "private", "time_zone": "Europe/Berlin", "language": "de",
        "provider": "microsoft", "mailbox": "n@ourco.com", "milestones": "keep",
    }  # fmt: skip


@pytest.mark.parametrize("same", [{}, {"write_back": "meeting"}, {"mailbox": "nudger@ourco.com"}])
def test_what_is_answered_as_it_stands_changes_no_byte(same):
    assert with_answers(BY_HAND, same) == BY_HAND


def test_only_what_is_answered_changes():
    text = with_answers(BY_HAND, {"time_zone": "Europe/Rome", "write_back": "private"})
    assert text == BY_HAND.replace('"UTC"', '"Europe/Rome"').replace('"meeting"', '"private"')


def test_another_provider_comes_beside_the_first():
    text = with_answers(BY_HAND, {"provider": "microsoft", "mailbox": "n@ourco.com"})
    there = tomllib.loads(text)
    assert there["google"]["mailbox"] == "nudger@ourco.com"
    assert there["microsoft"]["mailbox"] == "n@ourco.com"
    assert all(line in text for line in BY_HAND.splitlines())


def test_other_milestones_leave_the_comments_and_the_rest():
    text = with_answers(BY_HAND, {"milestones": "accounts", "language": "en"})
    there = tomllib.loads(text)
    assert [one["name"] for one in there["milestones"]] == [
        "Results review", "New need", "Proposal meeting", "Renewal",
    ]  # fmt: skip
    assert there["teams"] == [{"name": "emea"}]
    comments = [line for line in BY_HAND.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == comments
    assert with_answers(text, {"milestones": "accounts", "language": "en"}) == text


def test_the_ends_of_lines_stay():
    by_hand = BY_HAND.replace("\n", "\r\n")
    text = with_answers(by_hand, {"time_zone": "Europe/Rome"})
    assert text == by_hand.replace('"UTC"', '"Europe/Rome"')
    changed = with_answers(by_hand, {"milestones": "trial"})
    assert "\n" not in changed.replace("\r\n", "")


def test_a_link_to_the_file_stays_one(tmp_path):
    real, link = tmp_path / "real.toml", tmp_path / "nudger.toml"
    real.write_text(BY_HAND)
    link.symlink_to(real)
    write_settings(link, with_answers(BY_HAND, {"write_back": "private"}))
    assert link.is_symlink()
    assert 'write_back = "private"' in real.read_text()


def test_milestones_in_another_form_are_left_alone():
    inline = 'write_back = "meeting"\nmilestones = [{name = "A"}]\n'
    with pytest.raises(ConfigProblem, match="by hand"):
        with_answers(inline, {"milestones": "trial"})


def test_the_personal_mode_is_set():
    assert tomllib.loads(with_answers(BY_HAND, {"mailbox": "own"}))["mode"] == "personal"


def test_a_wrong_text_replaces_nothing(tmp_path):
    file = tmp_path / "nudger.toml"
    file.write_text(BY_HAND)
    with pytest.raises(ConfigProblem) as problem:
        write_settings(file, "write_back = 5")
    assert str(problem.value).startswith(f"{file}: write_back")
    assert file.read_text() == BY_HAND
    assert [one.name for one in tmp_path.iterdir()] == ["nudger.toml"]


def test_the_file_before_is_kept_and_its_rights(tmp_path):
    file = tmp_path / "nudger.toml"
    file.write_text(BY_HAND)
    file.chmod(0o640)
    write_settings(file, with_answers(BY_HAND, {"write_back": "private"}))
    assert (tmp_path / "nudger.toml.old").read_text() == BY_HAND
    assert file.stat().st_mode & 0o777 == 0o640
