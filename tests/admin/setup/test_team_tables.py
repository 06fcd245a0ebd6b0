"""Teams in the text of nudger.toml: what stands around them stays."""

from __future__ import annotations

import tomllib

import pytest

from nudger.admin.setup.team_tables import with_team, with_team_setting, without_team
from nudger.config import ConfigProblem

FILE = """\
write_back = "private"
[[teams]]
name = "emea"    # Anna's
ask = { lead_hours = 6 }
# those overseas
[[teams]]
name = "us"
[teams.ask]
country = "US"

[web]
metrics = true  # ours
"""
INLINE = 'write_back = "private"\nteams = [{name = "emea"}, {name = "us"}]\n'
NONE = 'write_back = "private"\n[web]\nmetrics = true\n'


@pytest.mark.parametrize("text", [FILE, INLINE, NONE, FILE.replace("\n", "\r\n")])
def test_one_more_and_one_less(text):
    more = with_team(text, "apac")
    assert tomllib.loads(more)["teams"][-1] == {"name": "apac"}
    assert tomllib.loads(without_team(more, "apac")) == tomllib.loads(text)
    for line in text.splitlines():
        assert line.partition("teams =")[0] in more


@pytest.mark.parametrize("text", [FILE, INLINE])
@pytest.mark.parametrize("team", ["emea", "us"])
@pytest.mark.parametrize(
    ("path", "value"),
    [(["language"], "de"), (["ask", "remind"], False), (["meetings", "max_guests"], 3),
     (["name"], "other"), (["ask", "lead_hours"], None), (["meetings", "series"], None)],
)  # fmt: skip
def test_a_setting_of_one_team(text, team, path, value):
    changed = tomllib.loads(with_team_setting(text, team, path, value))
    before = tomllib.loads(text)
    (place,) = (at for at, one in enumerate(before["teams"]) if one["name"] == team)
    within = changed["teams"][place]
    for part in path[:-1]:
        within = within.get(part, {})
    assert within.get(path[-1]) == value
    assert [one for at, one in enumerate(changed["teams"]) if at != place] == [
        one for at, one in enumerate(before["teams"]) if at != place
    ]


def test_a_team_that_is_gone_is_said():
    with pytest.raises(ConfigProblem, match="no team 'apac'"):
        with_team_setting(FILE, "apac", ["language"], "de")
