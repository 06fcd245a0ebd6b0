"""Which guests are rooms that no calendar program marked as such: another company's, a hotel's, or
one that somebody typed.

In the languages of our mails, the names that rooms are given are known too ("Raum Berlin", "Salle
Seine"); in others, what a meeting room is called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nudger.domain.customer_names import LEGAL_FORMS

_MEETING = (
    r"(?:besprechungs|konferenz|meeting|schulungs|sitzungs|tagungs|seminar|projekt|team|gruppen"
    r"|trainings?|vergader|conference|conf|board|huddle|press|video|projekt|project|ratio"
    r"|veranstaltungs|workshop)"
)
_ROOM_NAME = re.compile(
    r"\b(?:meeting|conference|conf|board|training|huddle|seminar|team)[ -]?rooms?\b"
    rf"|\b{_MEETING}-?(?:raum|räume|zimmer|saal|zaal|ruimte|kamer)\b"
    r"|\bsalle de (?:réunion|reunion|conférence|conference|formation|séminaire)"
    r"|\bsala (?:de |di |da )?(?:re?uni|riuni|confer|juntas|konfer|formaç|formac|formaz|consiglio)"
    r"|\b(?:mötes|konferens|møte)ro?u?m\b|\bmødelokale\b|\bsalón de (?:actos|reuniones)"
    r"|neuvotteluhuone|zasedací místnost|toplantı odası|переговорн|会議室|会议室|會議室|회의실",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<![\w.-])(?:raum|room|salle|sala|saal|zaal|zimmer|ruimte)\s{0,2}(?:nr\.?|no\.?|n°|#)?\s{0,2}[a-z]{0,2}\d",
    re.IGNORECASE,
)
_ROOM_ADDRESS = re.compile(
    r"(?:meeting|conf(?:erence)?|board|huddle)[._-]?rooms?(?![a-z])"
    rf"|{_MEETING}[._-]?(?:raum|zimmer|saal|zaal|ruimte|kamer)"
    r"|(?:room|raum|salle|sala|saal|zaal|zimmer)[._-]?\d"
)
_LEADING = frozenset({"raum", "room", "salle", "sala", "saal", "zaal", "ruimte"})
_OF_FIRMS = LEGAL_FORMS | {
    "group", "gruppe", "holding", "company", "service", "services", "team", "digital", "design",
    "studio", "consulting", "architekten",
}  # fmt: skip
_MOST_WORDS = 4
MOST_REMEMBERED = 20_000
"""Guests: the same come again in other events and calendars."""

_PART = re.compile(r"[._-]+")
_IN_BRACKETS = re.compile(r"\([^()]{0,20}\)\Z")


@lru_cache(maxsize=MOST_REMEMBERED)
def is_room(address: str, name: str) -> bool:
    """Whether the plain address or the name shown beside it is a room's: not a person's ("Raum,
    Peter", or peter.raum@… of whom the family name is shown first), nor a firm's ("Room & Board
    GmbH")."""
    local = address.partition("@")[0]
    if _ROOM_ADDRESS.match(local) or _ROOM_NAME.search(name):
        return True
    words = _words(name)
    if not _OF_FIRMS.isdisjoint(words):
        return False
    return _NUMBERED.search(name) is not None or _is_named_room(local, words)


def _words(name: str) -> list[str]:
    return _IN_BRACKETS.sub("", name.strip()).casefold().replace(".", "").split()


def _is_named_room(local: str, words: Sequence[str]) -> bool:
    """Whether it is called as rooms are: "Raum Berlin"."""
    if not 2 <= len(words) <= _MOST_WORDS or words[0] not in _LEADING:
        return False
    are_plain = all(word.replace("-", "").replace("'", "").isalnum() for word in words)
    return are_plain and _PART.split(local)[-1] != words[0]
