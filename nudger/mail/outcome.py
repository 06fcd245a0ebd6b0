"""Did they agree? The first words of a reply to the question after the call."""

from __future__ import annotations

import re
from functools import cache

from nudger.domain.commitment import Outcome
from nudger.mail.vocabulary import all_of

_LISTS = {
    Outcome.PARTLY: "outcome_partly",
    Outcome.NO: "outcome_no",
    Outcome.YES: "outcome_yes",
}


def read_outcome(text: str) -> tuple[Outcome, str] | None:
    """The outcome that the text begins with, and the words after it; `None` for anything else."""
    for outcome, pattern in _patterns().items():
        match = pattern.match(text.strip())
        if match:
            return outcome, " ".join(match[1].split())
    return None


@cache
def _patterns() -> dict[Outcome, re.Pattern[str]]:
    return {
        outcome: re.compile(
            rf"(?:{all_of(name)})(?!\w)[\s.,;:!–—-]*(.*)$", re.IGNORECASE | re.DOTALL
        )
        for outcome, name in _LISTS.items()
    }
