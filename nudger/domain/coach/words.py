"""The words by which the coach tells who acts, which act, and how sharp it is.

Each language has its file, data/coach/<code>.toml; what the lists in them mean is said in
data/coach/README.md. An entry is a pattern for `re` that is matched against folded text. English
is told apart by grammar as well (`grammar`), other languages by these words alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

_ENGLISH = "en"


def _languages() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The lists by language, English first: the first alternative that fits is the one taken."""
    folder = files("nudger.domain") / "data" / "coach"
    found = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return dict(sorted(found.items(), key=lambda one: (one[0] != _ENGLISH, one[0])))


_LISTS = _languages()
_ELSEWHERE = [code for code in _LISTS if code != _ENGLISH]


def _list(name: str, languages: Sequence[str] = tuple(_LISTS)) -> str:
    return "|".join(dict.fromkeys(one for code in languages for one in _LISTS[code].get(name, ())))


ROLES = _list("roles")
CUSTOMER = _list("customer")
AGREES = _list("agrees")
ACTS = _list("acts", [_ENGLISH])
ACTS_ELSEWHERE = _list("acts", _ELSEWHERE)
ADVANCES = _list("advances")
LEARNS = _list("learns")
SELLS = _list("sells")
VAGUE = _list("vague")
CLOSES = _list("closes")
WHEN = _list("when")
STATES = _list("states")
TITLES = _list("titles")
JOINS = _list("joins")
SMALL = _list("small")
LEADS = _list("leads")
ENGLISH_MARKS = _list("marks", [_ENGLISH])
MARKS_ELSEWHERE = _list("marks", _ELSEWHERE)
WE = _list("we")
US = _list("us")
THEY = _list("they")
WILL = _list("will")
OF = _list("of")
GOAL = _list("goal")
PAPERS = _list("papers")
EXPLAINS = _list("explains")
AND = _list("and")


@cache
def words(alternatives: str) -> re.Pattern[str]:
    """Whole words of these alternatives, in folded text."""
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")


@cache
def at_the_start(alternatives: str) -> re.Pattern[str]:
    """The alternatives at the head of a text, behind "to" and its like."""
    lead = rf"(?:(?:{LEADS}) )*"
    return re.compile(rf"{lead}(?P<head>{alternatives})(?![\w-])")
