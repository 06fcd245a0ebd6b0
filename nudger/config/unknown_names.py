"""Names in the environment or in nudger.toml that are no settings, and which may be meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from pydantic import BaseModel

from nudger.config.sections.section import section_in
from nudger.config.settings import PREFIX, Settings

COMMAND_VARIABLES = frozenset({"NUDGER_CONFIG"})
"""Variables that options of commands are read from."""
_OF_OTHERS = re.compile(r"NUDGER_(TEST_\w+|SERVICE_(HOST|PORT\w*)|PORT(_\d+_\w+)?)", re.ASCII)


def unknown_variables(environment: Iterable[str]) -> list[str]:
    """One line for each `NUDGER_…` variable that is none, with the nearest one that is.

    Left alone are those that Kubernetes makes for a service named "nudger".
    """
    known = {PREFIX + name for name in _variables(Settings)} | COMMAND_VARIABLES
    given = sorted(name for name in environment if name.upper().startswith(PREFIX))
    return [
        f"{name} in the environment is not a setting. {_nearest_variable(name, known)}"
        for name in given
        if name.upper() not in known and not _OF_OTHERS.fullmatch(name)
    ]


def _variables(model: type[BaseModel]) -> Iterator[str]:
    for name, described in model.model_fields.items():
        yield name.upper()
        section = described.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from (f"{name.upper()}__{within}" for within in _variables(section))


def _nearest_variable(name: str, known: Collection[str]) -> str:
    bare = {one.removeprefix(PREFIX): one for one in known}
    close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), sorted(bare), n=1)
    return f"Did you mean {bare[close[0]]}?" if close else "docs/configuration.md names them all."


def nearest_setting(location: Sequence[int | str]) -> str:
    """Which one may be meant by a key of nudger.toml that is none, or which there are."""
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        section = section_in(field.annotation) if field else None
        if section is None:
            break
        model = section
    names = sorted(model.model_fields)
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return f"Did you mean {close[0]}?" if close else f"Allowed here: {', '.join(names)}."
