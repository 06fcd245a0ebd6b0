"""Teams in the text of nudger.toml: what stands around them stays as it was written."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from typing import Any

import tomlkit
from tomlkit.items import Array

from nudger.admin.setup.settings_file import put_setting, says
from nudger.config import ConfigProblem

BY_HAND = "its teams are written in a way that no program changes: change them by hand"


def with_team(text: str, name: str) -> str:
    """The file's text with one team more, of which nothing is different. Raises `ConfigProblem`."""

    def add(there: Any) -> None:
        if "teams" not in there:
            there["teams"] = tomlkit.aot()
        is_inline = isinstance(there["teams"], Array)
        made = tomlkit.inline_table() if is_inline else tomlkit.table()
        made["name"] = name
        there["teams"].append(made)

    return _edited(text, add)


def without_team(text: str, name: str) -> str:
    """The file's text without this team. Raises `ConfigProblem`."""

    def remove(there: Any) -> None:
        del there["teams"][_place(there, name)]
        if not there["teams"]:
            del there["teams"]

    return _edited(text, remove)


def with_team_setting(text: str, name: str, path: Sequence[str], value: Any) -> str:
    """The file's text with this setting for the team; `None` takes it out. Raises
    `ConfigProblem`."""
    return _edited(
        text, lambda there: put_setting(there["teams"][_place(there, name)], path, value)
    )


def _place(there: Any, name: str) -> int:
    for place, one in enumerate(there.get("teams", ())):
        if one.get("name") == name:
            return place
    raise ConfigProblem(f"there is no team {name!r} in it any more")


def _edited(text: str, edit: Callable[[Any], None]) -> str:
    """The text after the edit, which must say what the edit makes of what it said before."""
    document: Any = tomlkit.parse(text)
    wanted = tomllib.loads(text)
    edit(document)
    edit(wanted)
    written = tomlkit.dumps(document)
    if not says(written, wanted):
        raise ConfigProblem(BY_HAND)
    return written
