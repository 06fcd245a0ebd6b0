"""The words by which the coach tells who acts, which act, and how sharp it is.

They lie in data/coach/*.txt, one alternative a line, each a pattern for `re` that is matched
against folded text; a line that begins with # says what the list is. English is told apart by
grammar as well (`coach_grammar`), other languages by these words alone.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


def _list(name: str) -> str:
    text = (files("nudger.domain") / "data" / "coach" / f"{name}.txt").read_text(encoding="utf-8")
    return "|".join(line for line in text.splitlines() if line and not line.startswith("#"))


ROLES = _list("roles")
CUSTOMER = _list("customer")
AGREES = _list("agrees")
ACTS = _list("acts")
ACTS_ELSEWHERE = _list("acts_elsewhere")
ADVANCES = _list("advances")
LEARNS = _list("learns")
SELLS = _list("sells")
VAGUE = _list("vague")
CLOSES = _list("closes")
WHEN = _list("when")
STATES = _list("states")


@cache
def words(alternatives: str) -> re.Pattern[str]:
    """Whole words of these alternatives, in folded text."""
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")


@cache
def at_the_start(alternatives: str) -> re.Pattern[str]:
    """The alternatives at the head of a text, behind "to" and its like."""
    lead = r"(?:(?:to|and|then|just|also|please|zu|de|de la|para|per|om|te|will|have) )*"
    return re.compile(rf"{lead}(?P<head>{alternatives})(?![\w-])")
