"""What people see after a run, held against what they see when nothing goes wrong.

Nudger's own database is not looked at. Each difference is a finding of one of `ZEROS`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.neighbour import FOREIGN, FOREIGN_HTML, ZONE

ZEROS = (
    "questions_doubled", "questions_lost", "replies_lost", "notes_doubled", "notes_false",
    "foreign_bytes_changed", "guest_mails", "stray_drafts", "other_mails_doubled",
    "other_mails_lost", "stuck", "retried_too_soon", "wrong_hour",
)  # fmt: skip
START, END = "=== Note (Nudger) ===", "=== End of note (Nudger) ==="
NOTE = re.compile(re.escape(START) + ".*?" + re.escape(END), re.DOTALL)
TOGETHER = re.compile(r"(\d+) calls: saved")
QUESTIONS = ("question", "reminder", "follow_up", "weekly")
Sights = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """`zero` is the count that is none now."""

    zero: str
    detail: str


def kind_of(subject: str) -> str:
    """The kind of a mail, by what stands on it."""
    if subject.startswith("Reminder"):
        return "reminder"
    if subject.startswith(("Your customer calls", "Who gets the numbers", "Customer calls of")):
        return "weekly"
    for words, kind in (("what will they agree to?", "question"), ("did they agree?", "follow_up")):
        if words in subject:
            return kind
    return "response"


def compare(wanted: Sights, seen: Sights) -> Iterator[Finding]:
    """Every way in which `seen` falls short of `wanted`."""
    yield from _compare_mails(wanted, seen)
    yield from _compare_entries(wanted, seen)
    if seen["drafts"]:
        yield Finding("stray_drafts", f"{seen['drafts']} drafts left")
    guests = Counter((one["to"], one["kind"]) for one in seen["guests"])
    guests.subtract((one["to"], one["kind"]) for one in wanted["guests"])
    for what, more in guests.items():
        if more > 0:
            yield Finding("guest_mails", f"{more} more: {what}")


def doubled(wanted: Sights, seen: Sights) -> Iterator[Finding]:
    """As `compare`, where other mails than those wanted may come about: nothing twice."""
    for one in compare(wanted, seen):
        if one.zero in ("notes_doubled", "foreign_bytes_changed", "guest_mails", "stray_drafts"):
            yield one
    usual = Counter((person, subject) for person, subject, _at in wanted["mails"])
    count = Counter((person, subject) for person, subject, _at in seen["mails"])
    for (person, subject), often in count.items():
        if often > max(1, usual[person, subject]) and kind_of(subject) in QUESTIONS:
            yield Finding("questions_doubled", f"{often} “{subject}” to {person}")


def _compare_mails(wanted: Sights, seen: Sights) -> Iterator[Finding]:
    count = Counter((person, subject) for person, subject, _at in seen["mails"])
    count.subtract((person, subject) for person, subject, _at in wanted["mails"])
    _allow_apart(count)
    for (person, subject), more in count.items():
        asks = kind_of(subject) in QUESTIONS
        if more:
            end = "doubled" if more > 0 else "lost"
            zero = f"{'questions' if asks else 'other_mails'}_{end}"
            yield Finding(zero, f"{more:+d} “{subject}” to {person}")


def _allow_apart(count: Counter[tuple[str, str]]) -> None:
    """Calls that would have been confirmed in one mail may be confirmed each in its own, when one
    of their notes had to wait."""
    for person, together in [one for one, more in count.items() if more < 0]:
        match = TOGETHER.fullmatch(together)
        apart = [one for one, more in count.items() if more > 0 and one[1].endswith(": saved")]
        apart = [one for one in apart if one[0] == person]
        if match and len(apart) == int(match[1]):
            count.subtract(apart)
            count[person, together] += 1


def _compare_entries(wanted: Sights, seen: Sights) -> Iterator[Finding]:
    before, now = _by_entry(wanted), _by_entry(seen)
    for entry in before.keys() | now.keys():
        was, found = before.get(entry, []), now.get(entry, [])
        name = f"{entry[1]} of {entry[0]}"
        if len(found) > len(was):
            yield Finding("notes_doubled", f"{len(found)} entries, not {len(was)}: {name}")
        elif len(found) < len(was):
            yield Finding("replies_lost", f"{len(found)} entries, not {len(was)}: {name}")
        for old, new in zip(was, found, strict=False):
            yield from _compare_texts(name, old, new)


def _by_entry(sights: Sights) -> dict[tuple[str, str, Any], list[str]]:
    entries = defaultdict(list)
    for owner, title, start, text in sorted(sights["entries"]):
        entries[owner, title, start].append(text)
    return entries


def _compare_texts(name: str, wanted: str, seen: str) -> Iterator[Finding]:
    if seen.count(START) > 1:
        yield Finding("notes_doubled", f"{seen.count(START)} notes in {name}")
    elif not name.startswith("C.O. for") and not _keeps_what_is_foreign(seen):
        yield Finding("foreign_bytes_changed", f"{name}: {seen!r}")
    elif seen != wanted:
        has_lost = "C.O.:" in wanted and "C.O.:" not in seen
        yield Finding("replies_lost" if has_lost else "notes_false", f"{name}: {seen!r}")


def _keeps_what_is_foreign(text: str) -> bool:
    """Whether all that stood there stands there still, in its order, beside our note alone."""
    return NOTE.sub("", text).endswith(FOREIGN) or _without_note(text) == FOREIGN_HTML


def _without_note(page: str) -> str:
    """The page without the note and the tags around its lines, which are ours too."""
    return re.sub(r"(?<=<body>)(?:(?!<p>Agenda).)*", "", page, flags=re.DOTALL)


def hours(sights: Sights) -> list[tuple[str, str, str]]:
    """Who got what at which hour of their day."""
    zone = ZoneInfo(ZONE)
    return sorted((p, kind_of(s), f"{at.astimezone(zone):%H:%M}") for p, s, at in sights["mails"])
