"""What stands at the end of an answer's one sentence: its milestone, a fallback."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nudger.domain.commitment import Milestone
from nudger.mail.asides import is_filler
from nudger.mail.corrections import is_correction, without_lead
from nudger.mail.labels import is_unchanged
from nudger.mail.milestones import is_number, known_milestone, named_milestone
from nudger.mail.vocabulary import all_of, find_label, labels, whole

SHORTEST_WORDS = 8
SHORTEST_BEFORE_A_LABEL = 2
LONGEST_TAIL = 100
MOST_ENDS = 8

_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,90})[)\]][\s.!]*+$")
_ENDS = re.compile(
    r"\s[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?\s|\s/+\s|\s[—–-]+\s|->|=>|>>|→|⇒|➡|\||\t|;\s|\.\s|,\s|:\s|/(?=\s*\D)|\s(?=#\d)"
)
_ARROW = re.compile(r"(?:->|→|=>|⇒|>>|➡)\s*+(?P<milestone>\S.{0,79})$")
_BARE_NUMBER = re.compile(r"(?<=[^\W\d])\s(\d{1,2})\.?$")
_BEFORE_LABEL = (",", ";", ".", "(", "[", "–", "—", "-", "/", ">", "→", "|", "!")
_SOFT = (",", ".", ":", ";")
_FIRST_MARK = re.compile(r"[,.;]\s+")
_LEFT = " \t,;–—(-/|>"


@dataclass(frozen=True, slots=True)
class Tail:
    """The objective without what stood behind it. `guessed` says that a bare number was taken."""

    objective: str
    milestone: str | None = None
    fallback: str | None = None
    guessed: bool = False


def split_tail(line: str, milestones: Sequence[Milestone], *, loose: bool = False) -> Tail:
    """The parts of one sentence."""
    tail = _with_milestone(Tail(_without_unchanged(line)), milestones, loose=loose)
    tail = _with_fallback(tail)
    if tail.fallback and tail.milestone is None:
        tail = _with_milestone(tail, milestones, loose=loose)
    return tail


def milestone_alone(sentence: str, milestones: Sequence[Milestone]) -> str | None:
    """The milestone that is all a sentence says: "Kitchen audit next.", "Next: demo"."""
    said = sentence.strip(" .!)")
    follows = _is_next().search(said)
    return _said(said[: follows.start()] if follows else said, milestones)


def _without_unchanged(line: str) -> str:
    """Without the clause that says no more than that the milestone stays."""
    marks = list(_ENDS.finditer(line, SHORTEST_WORDS))[-1:]
    return line[: marks[0].start()] if marks and is_unchanged(line[marks[0].end() :]) else line


def _with_fallback(tail: Tail) -> Tail:
    match = _fallback().search(tail.objective, SHORTEST_WORDS)
    if match is None:
        return tail
    head = tail.objective[: match.start()].rstrip(_LEFT)
    if is_filler(head):
        return tail
    return replace(tail, objective=head, fallback=tail.objective[match.end() :].strip(" )"))


@cache
def _fallback() -> re.Pattern[str]:
    rows = [
        label.pattern for label in labels() if label.field == "fallback" and len(label.pattern) > 3
    ]
    return re.compile(
        rf"[.,;(/–—-]\s*+(?:(?:{all_of('fallback_lead')})(?!\w)(?:\s*+[:,])?\s++|(?:{'|'.join(rows)})\s*+[:=]\s*+)(?=\w)",
        re.IGNORECASE,
    )


def _with_milestone(tail: Tail, milestones: Sequence[Milestone], *, loose: bool) -> Tail:
    line = tail.objective
    for head, said, guessed in _at_labels(line, milestones):
        if any(map(str.isalpha, head)):
            return replace(tail, objective=head, milestone=said, guessed=guessed)
    for head, said, guessed in _splits(line, milestones, loose=loose):
        if len(head) >= SHORTEST_WORDS or head.count(" ") >= 1:
            return replace(tail, objective=head, milestone=said, guessed=guessed)
    return tail


def _splits(
    line: str, milestones: Sequence[Milestone], *, loose: bool
) -> Iterator[tuple[str, str, bool]]:
    """Each way to part a milestone from the end, the surest first: the rest, the milestone's words,
    and whether it is a guess."""
    brackets = _IN_BRACKETS.search(line, SHORTEST_WORDS)
    if brackets and (said := _said(brackets[1], milestones)):
        yield line[: brackets.start()].rstrip(_LEFT), said, False
    yield from _at_marks(line, milestones)
    yield from _behind_then(line, milestones)
    step = _next_step().search(line, SHORTEST_WORDS) or (
        None if milestones else _ARROW.search(line, SHORTEST_WORDS)
    )
    if step and (not milestones or _says_next().search(step[0])):
        yield line[: step.start()].rstrip(_LEFT + "."), step["milestone"].strip(" ."), False
    number = _BARE_NUMBER.search(line, SHORTEST_WORDS) if loose else None
    if number and known_milestone(number[1], milestones):
        yield line[: number.start()].rstrip(_LEFT), number[1], True


def _said(text: str, milestones: Sequence[Milestone]) -> str | None:
    """The milestone that a text is, maybe behind its label."""
    label = _label().match(text.strip())
    for one in (text.strip(), text.strip()[label.end() :] if label else ""):
        if one and known_milestone(one, milestones):
            return one
    return None


def _at_labels(line: str, milestones: Sequence[Milestone]) -> Iterator[tuple[str, str, bool]]:
    """Where a word for the milestone stands before it, with any mark between them or none."""
    begin = max(SHORTEST_BEFORE_A_LABEL, len(line) - LONGEST_TAIL)
    for match in _label().finditer(line, begin):
        said = _as_corrected(line[match.end() :].strip(" .!)"), milestones)
        before = line[: match.start()].rstrip()
        is_apart = before.endswith(_BEFORE_LABEL) or _names_milestone().search(match[0]) is not None
        is_guess = not is_apart and is_number(said) and _says_next().match(match[0]) is not None
        if not is_apart and (not is_guess or _ends_small(before)):
            continue
        head = _link().sub("", before.rstrip(_LEFT + ".")).rstrip(_LEFT)
        if known_milestone(said, milestones) or (not milestones and is_number(said)):
            yield head, said, is_guess


def _as_corrected(said: str, milestones: Sequence[Milestone]) -> str:
    """The second milestone of "demo, no sorry, proposal" and "demo. Oops, wrong: milestone
    proposal"; the text for any other."""
    first, *rest = _FIRST_MARK.split(said, maxsplit=1)
    is_corrected = known_milestone(first, milestones) and any(map(is_correction, rest))
    meant = _said(without_lead(rest[0]), milestones) if is_corrected else None
    return meant or said


def _ends_small(before: str) -> bool:
    """Whether a word such as "the" or "in" leads on to what follows: "within the next 5"."""
    last = before.rpartition(" ")[2].lower()
    return any(whole(name).fullmatch(last) for name in ("about", "goes_on", "number_lead"))


def _at_marks(line: str, milestones: Sequence[Milestone]) -> Iterator[tuple[str, str, bool]]:
    begin = max(SHORTEST_WORDS, len(line) - LONGEST_TAIL)
    marks = list(_ENDS.finditer(line, begin))[-MOST_ENDS:]
    for mark in marks:
        head, said = line[: mark.start()], line[mark.end() :].strip(" .!)")
        soft = mark[0].strip() in _SOFT or mark[0] == "/"
        if not said or _is_date(head, said):
            continue
        follows = _is_next().search(said)
        if follows and known_milestone(said[: follows.start()], milestones):
            yield line[: mark.start()].rstrip(_LEFT), said[: follows.start()].strip(), False
        is_whole = not soft or said.isdecimal() or _is_numbered_milestone(said)
        known = (known_milestone if is_whole else named_milestone)(said, milestones)
        if known:
            kept = line[: mark.start() + (mark[0] == ". ")]
            yield kept.rstrip(_LEFT), said, soft and said.isdecimal()


def _behind_then(line: str, milestones: Sequence[Milestone]) -> Iterator[tuple[str, str, bool]]:
    """The milestone behind "and then"; its mere name may as well be a part of the sentence."""
    begin = max(SHORTEST_WORDS, len(line) - LONGEST_TAIL)
    for match in _then().finditer(line, begin):
        said = line[match.end() :].strip(" .!)")
        if known_milestone(said, milestones):
            yield line[: match.start()].rstrip(_LEFT), said, not is_number(said)


def _is_date(head: str, said: str) -> bool:
    """Whether a number behind a mark may go on with one before it, as in "4 - 5"."""
    number = head.rstrip().rpartition(" ")[2]
    return said.isdecimal() and number.isdecimal() and len(number) < 3


def _is_numbered_milestone(said: str) -> bool:
    """Whether words tell the place of a milestone in the list: "third milestone", "step 2"."""
    if not is_number(said):
        return False
    labels_said = (find_label(word) for word in said.split())
    return any(one is not None and one.field == "next_milestone" for one in labels_said)


@cache
def _label() -> re.Pattern[str]:
    rows = [label.pattern for label in labels() if label.field == "next_milestone"]
    rows.sort(key=lambda row: -len(row))
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(rows)}|{all_of('next_step_is')})(?!\w)"
        rf"(?:\s*+(?:{all_of('is_word')}|{all_of('comes_next')})(?!\w))?\s*+[:=#→>-]*+\s*+",
        re.IGNORECASE,
    )


@cache
def _names_milestone() -> re.Pattern[str]:
    return re.compile(rf"{all_of('milestone_word')}|(?<!\w)[mn][sm](?!\w)|\w\s\w", re.IGNORECASE)


@cache
def _says_next() -> re.Pattern[str]:
    return re.compile(all_of("next_word"), re.IGNORECASE)


@cache
def _link() -> re.Pattern[str]:
    words = f"{all_of('before_label')}|{all_of('then')}"
    return re.compile(rf"(?<=\s)(?:{words})(?:\s(?:{words}))?$", re.IGNORECASE)


@cache
def _then() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=\s)(?:{all_of('then')})\s(?:(?:{all_of('comes_next')})\s)?", re.IGNORECASE
    )


@cache
def _is_next() -> re.Pattern[str]:
    return re.compile(rf"(?<=\w)\s(?:{all_of('is_next')})$", re.IGNORECASE)


@cache
def _next_step() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=\s)(?:{all_of('next_step_is')})(?:\s*+[:=-])?\s++(?P<milestone>\S.{{0,79}})$",
        re.IGNORECASE,
    )
