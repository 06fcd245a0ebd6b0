"""What parts words belong to where marks, labels and the judge of clauses know better than the
tagger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from nudger.domain.clauses import is_plan
from nudger.mail.milestones import is_number
from nudger.mail.segments.spans import Span
from nudger.mail.segments.tags import COMMANDS, Tag
from nudger.mail.vocabulary import all_of, find_label

FEWEST_WORDS = 3
LEAST_SURE = 0.6
"""Talk that is less surely that stays with the answer beside it."""
_SENTENCE_ENDS = re.compile(r"[.!?\n]")


def as_they_belong(text: str, parts: Sequence[Span]) -> list[Span]:
    """The parts of a text, put right. Nothing is left out that was in an answer before."""
    named = _with_who_acts(text, [_as_label(text, part) for part in parts])
    led = [*named[:1], *(_as_led(text, lead, part) for lead, part in pairwise(named))]
    joined: list[Span] = []
    for at, part in enumerate(led):
        before = joined[-1] if joined else None
        behind = led[at + 1] if at + 1 < len(led) else None
        if before is not None and _belongs_to(text, before, part, behind):
            sure = min(before.sure, part.sure)
            joined[-1] = Span(Tag.COMMITMENT, before.start, part.end, sure)
        else:
            joined.append(part)
    return _with_an_answer(text, joined)


def _as_label(text: str, part: Span) -> Span:
    """A label is no commitment: it leads to one."""
    is_label = part.tag is Tag.COMMITMENT and find_label(part.of(text)) is not None
    return replace(part, tag=Tag.LEAD) if is_label else part


def _with_who_acts(text: str, parts: Sequence[Span]) -> list[Span]:
    """Whoever is to act belongs to what is done: "I want | her to sign", "Get Dana to sign"."""
    found = list(parts)
    for at, (lead, part) in enumerate(pairwise(parts)):
        is_next = part.tag is Tag.COMMITMENT and not text[lead.end : part.start].strip(" ")
        match = _makes_act().search(lead.of(text)) if lead.tag is Tag.LEAD and is_next else None
        if match is None:
            continue
        is_order = not match.start() and match["verb"].lower() != "for"
        start = lead.start + (0 if is_order else match.start("who"))
        found[at] = replace(lead, end=start)
        found[at + 1] = replace(found[at + 1], start=start)
    return [part for part in found if part.of(text).strip()]


@cache
def _makes_act() -> re.Pattern[str]:
    """The end of a lead in "I want her to", "Get the new buyer to"."""
    return re.compile(
        rf"(?<!\w)(?P<verb>{all_of('makes_act')})\s(?P<who>(?!(?:to|it|that)\s)(?:[^\s.,:;!?]++\s){{1,4}})to\Z",
        re.IGNORECASE,
    )


def _as_led(text: str, lead: Span, part: Span) -> Span:
    """A commitment behind the label of a fallback is one."""
    if part.tag is not Tag.COMMITMENT:
        return part
    label = find_label(lead.of(text)) if lead.tag is Tag.LEAD else None
    is_fallback = label is not None and label.field == "fallback"
    return replace(part, tag=Tag.FALLBACK) if is_fallback else part


def _belongs_to(text: str, before: Span, part: Span, behind: Span | None) -> bool:
    """Whether a part and the one before it are one commitment: "demo, training and audit agreed",
    "they tell us when it is done", "she signs, too"."""
    gap = text[before.end : part.start]
    if before.tag is Tag.MILESTONE:
        is_named = not is_number(before.of(text))
        return part.tag is Tag.COMMITMENT and is_named and gap.strip() == ","
    if before.tag is not Tag.COMMITMENT or part.tag not in (Tag.LEAD, Tag.TALK):
        return False
    if part.tag is Tag.TALK and part.sure < LEAST_SURE:
        return not _SENTENCE_ENDS.search(gap)
    left = text[part.end : behind.start] if behind is not None else ""
    ends_a_sentence = left[:1] in (".", "!", "?") and len(part.of(text).split()) >= FEWEST_WORDS
    return part.tag is Tag.LEAD and ends_a_sentence and not gap.strip()


def _with_an_answer(text: str, parts: list[Span]) -> list[Span]:
    """Where there is neither a commitment nor a command, a remark that is likely of the plan is
    what the rep answered."""
    if any(part.tag is Tag.COMMITMENT or part.tag in COMMANDS for part in parts):
        return parts
    return [_as_answer(text, part) for part in parts]


def _as_answer(text: str, part: Span) -> Span:
    is_remark = part.tag is Tag.REMARK and is_plan(part.of(text))
    return replace(part, tag=Tag.COMMITMENT, sure=0.0) if is_remark else part
