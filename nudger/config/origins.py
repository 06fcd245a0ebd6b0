"""Where the value of a setting is from: the environment goes before the file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from nudger.config.settings import PREFIX


class Origin(Enum):
    """What a value was taken from."""

    DEFAULT = "default"
    FILE = "nudger.toml"
    ENVIRONMENT = "environment"


def origin_of(
    path: Sequence[str], there: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[Origin, str]:
    """The origin of the setting at this path, and the variable's name where it is one; `there` is
    what the file says."""
    variable = _variable_of(path, environment)
    if variable:
        return Origin.ENVIRONMENT, variable
    return (Origin.FILE if _has(there, path) else Origin.DEFAULT), ""


def variable_for(path: Sequence[str]) -> str:
    """The variable that this setting can be given in."""
    return PREFIX + "__".join(path).upper()


def _variable_of(path: Sequence[str], environment: Mapping[str, str]) -> str:
    """A variable of its own, or one with the JSON of a section that it stands in."""
    given = {name.upper(): name for name in environment}
    for length in range(len(path), 0, -1):
        name = given.get(variable_for(path[:length]))
        if name is not None and (length == len(path) or _holds(environment[name], path[length:])):
            return name
    return ""


def _holds(text: str, path: Sequence[str]) -> bool:
    try:
        return _has(json.loads(text), path)
    except ValueError:
        return False


def _has(there: Any, path: Sequence[str]) -> bool:
    for part in path:
        if not isinstance(there, Mapping) or part not in there:
            return False
        there = there[part]
    return True
