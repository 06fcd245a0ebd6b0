"""The fields of an answer in the new words of a reply: labels, numbers, bullets, bare lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.vocabulary import all_of, find_label, label_pattern, whole

LONGEST_FIELD = 500
ALIKE = 84
LONGEST_BARE_MILESTONE = 60

_BULLET = re.compile(r"^\s*(?:[-*•–—·▪◦+]|\(?\d{1,2}[.)]|[a-c][.)])\s+(?=\S)")
_NUMBER = re.compile(r"^(?:no\.?|nr\.?|#|n°)?\s*(\d{1,2})\s*[.)]?$", re.IGNORECASE)
_TAIL_NUMBER = re.compile(
    r"(?:[,;–—(-]|->|→|=>)\s*+\(?(?:milestone|ms|stage|step|meilenstein|jalon|hito|marco|tappa|mijlpaal|#|no\.?|nr\.?)\s*+#?(?P<number>\d{1,2})\)?\s*+\.?$",
    re.IGNORECASE,
)
_ARROW = re.compile(r"(?:->|→|=>|⇒|>>)\s*+(?P<milestone>\S.{0,79})$")
_LISTED = re.compile(r"#?(\d{1,2})\s*+[.):–—-]\s*+(.+)$")
_CELL_END = re.compile(r"[\t|]")
SHORTEST_WORDS = 8


@dataclass(slots=True)
class Found:
    """What has been read so far. `bare` are lines that no label claims, in their order."""

    fields: dict[str, str] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    private: bool = False
    language: str | None = None
    open_field: str | None = None


def read_fields(
    lines: Sequence[str], milestones: Sequence[Milestone]
) -> tuple[Answer, bool, str | None]:
    """The answer in these lines, whether its milestone is one of the list, and the language that a
    label gave away."""
    found = Found()
    for line in lines:
        _read_line(found, line)
    _place_bare(found, milestones)
    milestone, listed = match_milestone(found.fields.get("next_milestone", ""), milestones)
    answer = Answer(
        commitment_objective=_clean(found.fields.get("commitment_objective")),
        next_milestone=milestone,
        fallback=_clean(found.fields.get("fallback")),
        private=found.private,
    )
    return answer, listed, found.language


def _clean(value: str | None) -> str | None:
    text = " ".join((value or "").split()).strip("*_ ")
    return text[:LONGEST_FIELD] or None


def _read_line(found: Found, line: str) -> None:
    text = line.strip().strip("*_").strip()
    if not text:
        found.open_field = None
        return
    if whole("private").fullmatch(text):
        found.private = True
        return
    text = text.strip("|").strip()
    pieces = split_labels(text)
    if pieces is None:
        _read_unlabelled(found, text)
        return
    for label, value in pieces:
        known = find_label(label) if label else None
        if known is None:
            _read_unlabelled(found, value)
            continue
        found.language = found.language or known.language
        found.open_field = known.field
        if value:
            found.fields[known.field] = value


def split_labels(text: str) -> list[tuple[str, str]] | None:
    """The line as pairs of label and value, `None` where it has no label. "CO: x. Next: y" gives
    two; what stands before the first label has an empty one."""
    starts = list(_labelled().finditer(text))
    if not starts:
        return None
    pairs: list[tuple[str, str]] = []
    head = text[: starts[0].start()].strip(" \t.;,|/-")
    if head:
        pairs.append(("", head))
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        value = text[match.end() : end].strip().strip("|").strip(" ;,/\t")
        if number + 1 < len(starts):
            value = value.rstrip(".")
        pairs.append((match["label"], value.strip()))
    return pairs


@cache
def _labelled() -> re.Pattern[str]:
    """A label at the start of a line or of a sentence in it, followed by a colon or its like."""
    label = label_pattern().pattern
    return re.compile(
        rf"(?:^(?:\s*+(?:[-*•–—·]|\(?\d{{1,2}}[.)]))?\s*+|(?<=[.;,|/!?)\]])\s*+|(?<=\s\s)|(?<=\t))[*_]*+(?P<label>{label})[*_]*+"
        rf"(?:\s*+\([^()]{{0,30}}\))?(?:\s*+\?)?(?:\s*+(?:[:：=]|->|→|\|)|\s++[–—-](?=\s)|[ ]*+\t|\s*+$)\s*+",
        re.IGNORECASE,
    )


def _read_unlabelled(found: Found, text: str) -> None:
    name = found.open_field
    bullet = bool(_BULLET.match(text))
    if name and not found.fields.get(name):
        found.fields[name] = _BULLET.sub("", text)
    elif name and not bullet and _continues(found.fields[name], text):
        found.fields[name] = f"{found.fields[name]} {text}"
    else:
        found.open_field = None
        found.bare.append(text)


def _continues(before: str, line: str) -> bool:
    """Whether a line goes on with the one before it: it was wrapped, or begins small."""
    ended = before.rstrip().endswith((".", "!", "?", ":"))
    return not ended and (len(before) >= 65 or (line[:1].islower() and len(before) >= 45))


def _place_bare(found: Found, milestones: Sequence[Milestone]) -> None:
    """Put the lines without a label where they belong."""
    lines = _joined(found.bare, milestones)
    if len(lines) == 1 and "commitment_objective" not in found.fields:
        lines = _split_sentence(found, lines[0], milestones)
    for line in lines:
        text = _BULLET.sub("", line) if not _NUMBER.match(line) else line
        is_number = _NUMBER.match(text) is not None
        listed = match_milestone(text, milestones)[1]
        has_words = "commitment_objective" in found.fields
        if "next_milestone" not in found.fields and (listed or is_number):
            found.fields["next_milestone"] = text
        elif not has_words:
            found.fields["commitment_objective"] = text
        elif "next_milestone" not in found.fields and _may_be_milestone(text, lines):
            found.fields["next_milestone"] = text
        elif not is_number:
            found.fields["commitment_objective"] += f" {text}"


def _may_be_milestone(text: str, lines: Sequence[str]) -> bool:
    return len(lines) <= 3 and len(text) <= LONGEST_BARE_MILESTONE and len(text.split()) <= 8


def _joined(lines: Sequence[str], milestones: Sequence[Milestone]) -> list[str]:
    """Wrapped lines put together again; a milestone stands alone."""
    joined: list[str] = []
    for line in lines:
        alone = _BULLET.match(line) or match_milestone(line, milestones)[1]
        if joined and not alone and _continues(joined[-1], line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _split_sentence(found: Found, line: str, milestones: Sequence[Milestone]) -> list[str]:
    """One sentence that holds both: "Dana signs off the pilot, next step is legal review"."""
    tail = _TAIL_NUMBER.search(line, SHORTEST_WORDS)
    if tail:
        found.fields["next_milestone"] = tail["number"]
        return [line[: tail.start()].rstrip(" \t,;")]
    step = _next_step().search(line, SHORTEST_WORDS) or _ARROW.search(line, SHORTEST_WORDS)
    if step:
        found.fields["next_milestone"] = step["milestone"].strip(" .")
        return [line[: step.start()].rstrip(" \t,;.–—(-")]
    cells = [cell.strip() for cell in _CELL_END.split(line) if cell.strip()]
    if len(cells) > 1:
        return cells
    head, _, last = line.rpartition(",")
    if head and match_milestone(last, milestones)[1]:
        found.fields["next_milestone"] = last.strip()
        return [head.strip()]
    return [line]


@cache
def _next_step() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=\s)(?:{all_of('next_step_is')})(?:\s*+[:=-])?\s++(?P<milestone>\S.{{0,79}})$",
        re.IGNORECASE,
    )


def match_milestone(text: str, milestones: Sequence[Milestone]) -> tuple[str | None, bool]:
    """The milestone that the text names, by number, name or alias, or nearly; else the text."""
    wanted = " ".join(text.split()).strip(" .*_\"'“”()")
    number = _NUMBER.match(wanted)
    if number:
        at = int(number[1])
        if 1 <= at <= len(milestones):
            return milestones[at - 1].name, True
        return wanted[:LONGEST_FIELD] or None, False
    numbered = _LISTED.match(wanted)
    if numbered:
        wanted = numbered[2]
    best = _nearest(wanted, milestones)
    return (best, True) if best else (wanted[:LONGEST_FIELD] or None, False)


def _nearest(wanted: str, milestones: Sequence[Milestone]) -> str | None:
    folded = wanted.casefold()
    if len(folded) < 3:
        return None
    best, score = None, 0.0
    for milestone in milestones:
        for name in (milestone.name, *milestone.aliases):
            known = name.casefold()
            alike = 100.0 if known == folded else fuzz.ratio(known, folded)
            if alike > score:
                best, score = milestone.name, alike
    return best if score >= ALIKE else None
