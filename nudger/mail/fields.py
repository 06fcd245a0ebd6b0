"""The fields of an answer in the new words of a reply: labels, numbers, bullets, bare lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from nudger.domain.commitment import Answer, Milestone
from nudger.domain.sentences import sentences_of
from nudger.mail.asides import is_chatter, is_filler, without_hedge, without_small_talk
from nudger.mail.commands import without_polite_end, without_polite_start
from nudger.mail.corrections import (
    amendment,
    instead,
    is_correction,
    milestone_said,
    without_lead,
)
from nudger.mail.dictation import dictated, with_written_stops
from nudger.mail.labels import (
    as_header,
    fallback_lead,
    is_rule,
    is_unchanged,
    rest_stays,
    split_labels,
    stays_same,
    table_cells,
    without_bullet,
)
from nudger.mail.milestones import (
    LONGEST_FIELD,
    is_number,
    known_milestone,
    led_by_milestone,
    match_milestone,
)
from nudger.mail.privacy import read_wish
from nudger.mail.tails import milestone_alone, split_tail
from nudger.mail.talk import (
    Said,
    asks_who_reads,
    takes_back,
    without_remarks,
    without_retracted,
    without_wish,
)
from nudger.mail.unlabelled import Found, add_item, names_milestone, place_unlabelled, wraps
from nudger.mail.visible import visible, without_signs
from nudger.mail.vocabulary import all_of, find_label

_STAR = re.compile(r"\A\*\s+(?=[^\s*])")
_COLUMNS = ("commitment_objective", "next_milestone", "fallback")

__all__ = ["Fields", "match_milestone", "read_fields", "split_labels"]


@dataclass(frozen=True, slots=True)
class Fields:
    """The answer in some lines; whether its milestone is one of the list; the language that a label
    gave away; whether words were left out or placed by guessing; and whether fillers stood where an
    answer belongs."""

    answer: Answer
    listed: bool
    language: str | None
    guessed: bool
    has_filler: bool


def read_fields(
    lines: Sequence[str],
    milestones: Sequence[Milestone],
    *,
    names: Sequence[str] = (),
    loose: bool = False,
) -> Fields:
    """The answer in these lines. `names` are words that name no milestone, such as the writer's;
    `loose` says that a bare number at the end of a line is one."""
    found = Found()
    said = without_retracted([with_written_stops(visible(line)) for line in lines])
    for line in said.taken_back:
        _without_wish(found, line)
    for line in said.lines:
        _read_line(found, line, milestones)
    found.guessed = found.guessed or any(map(takes_back, said.lines))
    labelled = frozenset(found.fields)
    place_unlabelled(found, milestones, labelled, loose=loose)
    _drop_fillers(found)
    answer, listed = _answer(found, milestones, names)
    beside = " ".join(filter(None, (*said.taken_back, answer.remark)))
    answer = replace(answer, remark=beside or None)
    return Fields(answer, listed, found.language, found.guessed, found.has_filler)


def _answer(
    found: Found, milestones: Sequence[Milestone], names: Sequence[str]
) -> tuple[Answer, bool]:
    """What was read, with what is no part of it for the rep alone; and whether its milestone is one
    of the list."""
    objective = without_remarks(_clean(found.fields.get("commitment_objective")) or "")
    fallback = without_remarks(_clean(found.fields.get("fallback")) or "")
    planned = found.fields.get("next_milestone", "")
    if planned and not known_milestone(planned, milestones):
        planned = milestone_said(planned, milestones)
    if objective.remark and not planned:
        objective, planned = _without_milestone(objective, milestones)
    if objective.remark and not planned:
        objective, planned = _with_milestone_of_remark(objective, milestones)
    if fallback.answer and not planned:
        fallback, planned = _without_milestone(fallback, milestones)
    milestone, listed = match_milestone(planned, milestones)
    if milestone and not listed and _names_none(milestone, milestones, names):
        milestone, found.guessed = None, True
    answer = Answer(
        commitment_objective=objective.answer or None,
        next_milestone=milestone,
        fallback=fallback.answer or None,
        private=found.private,
        remark=f"{objective.remark} {fallback.remark}".strip() or None,
    )
    return answer, listed


def _without_milestone(said: Said, milestones: Sequence[Milestone]) -> tuple[Said, str]:
    """A field without the milestone at its end, and that, empty where there is none."""
    tail = split_tail(said.answer, milestones)
    return replace(said, answer=tail.objective), tail.milestone or ""


def _with_milestone_of_remark(said: Said, milestones: Sequence[Milestone]) -> tuple[Said, str]:
    """A field whose remark says no milestone, and the one that a sentence of it was."""
    sentences = sentences_of(said.remark)
    named = {one: milestone_alone(one, milestones) for one in sentences}
    found = next(filter(None, named.values()), "")
    return replace(said, remark=" ".join(one for one in sentences if not named[one])), found


def _names_none(said: str, milestones: Sequence[Milestone], names: Sequence[str]) -> bool:
    """Whether a text cannot be a milestone: a number beyond the list, or somebody's name."""
    own = {part.casefold() for name in names for part in (name, *name.split())}
    return said.casefold() in own or stays_same(said) or bool(milestones and is_number(said))


def _drop_fillers(found: Found) -> None:
    for name in [name for name, value in found.fields.items() if is_filler(value)]:
        found.has_filler = found.has_filler or bool(found.fields[name].strip())
        del found.fields[name]


def _clean(value: str | None) -> str | None:
    text = without_signs(" ".join((value or "").split())).strip("*_ ")
    return text[:LONGEST_FIELD] or None


def _read_line(found: Found, line: str, milestones: Sequence[Milestone]) -> None:
    said = _without_wish(found, line)
    text = without_signs(_STAR.sub("- ", said.strip()).strip("*_")).strip()
    if not text:
        found.open_field = None
        if not line.strip():
            found.gaps.add(len(found.bare))
        return
    as_said = text.strip("|").strip()
    if not found.fields and not found.bare and is_correction(text):
        text = without_lead(text)
        if not text:
            return
    elif _corrects(found, text, milestones):
        return
    if _reads_table(found, text, milestones):
        return
    text = text.strip("|").strip()
    if _reads_labels(found, text) or is_rule(text):
        return
    if is_unchanged(text):
        found.fields.setdefault("next_milestone", "")
        found.open_field = None
        return
    if _reads_changes(found, text, milestones):
        return
    is_milestone = names_milestone(text, milestones)
    _read_unlabelled(found, text if is_milestone else as_said, milestones)


def _reads_changes(found: Found, text: str, milestones: Sequence[Milestone]) -> bool:
    """Whether a line names the fields in a sentence: "change next to 4", or as people dictate."""
    changes = changes_of(text, milestones)
    if changes:
        found.fields.update(changes)
        rest = _beside(text, changes, milestones)
        if rest:
            found.bare.append(rest)
        found.open_field = None
        return True
    said = dictated(text)
    if said:
        found.fields.update({name: value for name, value in said if value})
        return True
    change = instead(text, milestones)
    if change:
        found.fields.setdefault("next_milestone", change)
    return change is not None


def _corrects(found: Found, text: str, milestones: Sequence[Milestone]) -> bool:
    """Whether a line behind others puts a field right: "no wait, milestone is tasting"."""
    changes = changes_of(without_lead(text), milestones) if is_correction(text) else {}
    found.fields.update(changes)
    found.is_put_right = found.is_put_right or bool(changes)
    return bool(changes)


def _beside(text: str, changes: dict[str, str], milestones: Sequence[Milestone]) -> str:
    """The sentence behind a milestone: "Milestone 4, Dana reviews the offer with us"."""
    _, _, rest = text.partition(",")
    is_sentence = len(rest.split()) > 2 and not instead(text, milestones) and not rest_stays(rest)
    is_beside = changes.get("next_milestone", "").casefold() not in rest.casefold()
    return rest.strip() if [*changes] == ["next_milestone"] and is_sentence and is_beside else ""


def changes_of(text: str, milestones: Sequence[Milestone]) -> dict[str, str]:
    """What a line changes, where each of its clauses changes a field, or the line as a whole."""
    bare = without_polite_start(without_hedge(without_polite_start(text)))
    text = without_polite_end(bare.rstrip("?! "))
    clauses = _clause_end().split(text)
    said = [one for one in clauses if not rest_stays(one)] or clauses
    changes = [amendment(one, milestones) for one in said]
    if not all(changes):
        changes = [amendment(text, milestones)]
    return dict(filter(None, changes))


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(rf"[.;]\s+|,\s+(?:{all_of('and_word')})\s+")


def _without_wish(found: Found, line: str) -> str:
    """A line without the rep's wish that the answer stays private; it counts for all of it."""
    wish = read_wish(line)
    left = without_wish(wish.left, is_expected=wish.is_certain or wish.is_possible)
    found.private = found.private or wish.is_certain or left != wish.left
    is_doubtful = (wish.is_possible and left == wish.left) or asks_who_reads(left)
    found.guessed = found.guessed or is_doubtful
    return left


def _reads_table(found: Found, text: str, milestones: Sequence[Milestone]) -> bool:
    """Whether a line is part of a table whose first row names the fields."""
    cells = table_cells(text)
    if len(cells) < 2:
        return False
    if is_rule(text):
        return True
    header = as_header(cells)
    if header:
        found.header = header
        return True
    if not found.header:
        return _reads_cells(found, cells, milestones)
    for name, cell in zip(found.header, cells, strict=False):
        if cell and name:
            found.fields.setdefault(name, cell)
    return True


def _reads_cells(found: Found, cells: Sequence[str], milestones: Sequence[Milestone]) -> bool:
    """Whether a row without a head holds the parts of an answer one beside the other."""
    if any(split_labels(f"{cell}:") or split_labels(cell) for cell in cells if cell):
        return False
    is_whole = len(cells) == len(_COLUMNS) and not found.fields and not found.bare
    if is_whole and (names_milestone(cells[1], milestones) or not milestones):
        found.fields.update(
            {name: cell for name, cell in zip(_COLUMNS, cells, strict=True) if cell}
        )
    else:
        found.bare.extend(cell for cell in cells if cell)
    found.open_field = None
    return True


def _reads_labels(found: Found, text: str) -> bool:
    pieces = split_labels(text)
    if pieces is None:
        return False
    for label, value in pieces:
        known = find_label(label) if label else None
        if known is None:
            _read_unlabelled(found, value, ())
            continue
        found.language = found.language or known.language
        found.open_field, found.last_line = known.field, text
        if value:
            found.fields[known.field] = value
    return True


def _read_unlabelled(found: Found, text: str, milestones: Sequence[Milestone]) -> None:
    name = found.open_field
    led = led_by_milestone(without_small_talk(text), milestones)
    if led:
        found.bare.extend(led)
        found.open_field = None
        return
    inner = without_bullet(text)
    if name and not found.fields.get(name):
        found.fields[name] = inner
    elif name and inner == text and _goes_on(found.last_line, text):
        if name == "commitment_objective" and known_milestone(text, milestones):
            found.open_field = None
            found.bare.append(text)
        else:
            found.fields[name] = f"{found.fields[name]} {text}"
    elif name == "commitment_objective" and inner != text and _is_item(inner, milestones):
        add_item(found, text)
    else:
        found.open_field = None
        found.bare.append(text)
    found.last_line = text


def _is_item(text: str, milestones: Sequence[Milestone]) -> bool:
    """Whether what a bullet stands before is more of the field above it."""
    says_more = not is_chatter(text) and not is_filler(text) and fallback_lead(text) is None
    return says_more and not names_milestone(text, milestones)


def _goes_on(before: str, text: str) -> bool:
    """Whether a line below a field goes on with it, and says nothing of its own."""
    return wraps(before, text) and not is_chatter(text) and fallback_lead(text) is None
