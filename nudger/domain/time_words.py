"""The words of times in each language: data/times/<code>.toml, named by ISO 639-1.

Entries are patterns for `re`, matched against lower case. In `numbers`, `ordinals`, `weekdays` and
`months_of_the_year` an entry stands for its position: one, the second, Monday, January.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Any

UNITS = ("minutes", "hours", "days", "weeks", "months")


@cache
def _languages() -> tuple[Mapping[str, Any], ...]:
    folder = files("nudger.domain") / "data" / "times"
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in found)


def any_of(name: str) -> str:
    """The alternatives of a list in all languages."""
    return _joined(one for language in _languages() for one in language.get(name, ()))


def each_of(name: str) -> tuple[str, ...]:
    """The alternatives for each position of a list, in all languages."""
    rows: Sequence[Sequence[str]] = [language.get(name, ()) for language in _languages()]
    return tuple(_joined(filter(None, of_one)) for of_one in zip_longest(*rows))


def unit(name: str) -> str:
    """What one of `UNITS` is called in all languages."""
    return _joined(one for language in _languages() for one in language["units"][name])


def _joined(rows: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(rows))
