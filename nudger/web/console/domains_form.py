"""What is typed about domains, and what it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel

from nudger.domain.domains import DomainKind, clean_entry

MOST_TYPED, LONGEST_ENTRY = 5000, 320
NOTHING = "Type one domain or address at least."
TOO_MANY = f"More than {MOST_TYPED} at once: import them as a file."
WHAT = "Say what they are."
_APART = re.compile(r"[\s,;]+")


class Said(StrEnum):
    """What can be said of a domain under review."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    NEVER = "never"
    LATER = "later"


class ReviewForm(BaseModel):
    """What is said of one domain."""

    domain: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What to list as what (`None`: forget it); `problems` by field, where that cannot be read."""

    entries: Sequence[str]
    kind: DomainKind | None
    problems: dict[str, str]


class ChangeForm(BaseModel):
    """Entries, on lines or separated by commas, and what they are; `sure`: the impact was seen."""

    FORGET: ClassVar[str] = "forget"

    entries: str = ""
    kind: str = ""
    sure: str = ""

    def change(self, most: int = MOST_TYPED) -> Change:
        texts = [one for one in _APART.split(self.entries) if one]
        kind = next((one for one in DomainKind if one.value == self.kind), None)
        problems: dict[str, str] = {}
        if kind is None and self.kind != self.FORGET:
            problems["kind"] = WHAT
        if not texts:
            problems["entries"] = NOTHING
        if len(texts) > most:
            problems["entries"] = TOO_MANY
            texts = []
        entries: dict[str, None] = {}
        for text in texts:
            try:
                entries[clean_entry(text[:LONGEST_ENTRY])] = None
            except ValueError as error:
                problems.setdefault("entries", str(error))
        return Change(list(entries), kind, problems)


class ListForm(BaseModel):
    """Which entries of the list are shown, and after which one."""

    find: str = ""
    kind: str = ""
    after: str = ""
