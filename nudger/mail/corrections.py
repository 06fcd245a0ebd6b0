"""What a correction says: without "sorry," and "scrap that," before it, and as a change of a field.

"Change next to 4", "the milestone should be 2" and "C.O. should read: …" name the field.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.domain.commitment import Milestone
from nudger.mail.commands import is_time, without_polite_end, without_polite_start
from nudger.mail.milestones import is_number, known_milestone
from nudger.mail.visible import without_signs
from nudger.mail.vocabulary import all_of, find_label, label_pattern

MOST_LEADS = 4
LONGEST = 600
_MARKS = " \t.,;:!…–—-"
LONGEST_CONTRAST = 120
_FIRST_END = re.compile(r"[.:]\s+")


def without_lead(text: str) -> str:
    """The text without what leads to a correction: "Sorry,", "wrong one.", "Corrijo:", "I meant".
    Empty where nothing else is said."""
    left = without_signs(text)
    for _ in range(MOST_LEADS):
        match = _lead().match(left)
        if match is None:
            break
        left = left[match.end() :].lstrip(_MARKS)
    return left


def is_correction(text: str) -> bool:
    return _lead().match(without_signs(text)) is not None


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:{all_of('correction')}|{all_of('polite')})(?:\s(?:{all_of('correction')}))?(?:\s*+[.,;:!…]++|\s++[–—-]++|\s*+$)"
        rf"|(?:{all_of('correction')})\s(?:{all_of('of_field')})\s[^.:!?\n]{{1,60}}:"
        rf"|(?:{all_of('correction')})\s(?:{all_of('of_field')})\s(?:(?:{all_of('article')}|{all_of('determiner')})\s)?(?=(?:{label_pattern().pattern})(?!\w))"
        rf"|(?:{all_of('correction_open')})(?:\s*+[,:]|(?=\s)))\s*+",
        re.IGNORECASE,
    )


def amendment(text: str, milestones: Sequence[Milestone]) -> tuple[str, str] | None:
    """The field that a clause changes, and what it is to be; `None` for any other clause."""
    if len(text) > LONGEST:
        return None
    match = _change().match(text)
    label = find_label(match["label"]) if match else None
    if match is None or label is None:
        return None
    rest = _past_courtesy(text[match.end() :])
    link = _link().match(rest)
    value = rest[link.end() :] if link else rest.lstrip()
    wrong = _wrong().match(value)
    value = value[wrong.end() :] if wrong else value
    marked = value.startswith((":", "=", "→", "->"))
    value = value.lstrip(" :=→->")
    if label.field == "next_milestone":
        value = milestone_said(value, milestones)
        known = known_milestone(value, milestones) is not None or not milestones
        is_said = marked or (link is not None and (match["verb"] or " " in match["label"]))
        is_said = is_said or (link is not None and match["label"].lower().startswith("next"))
        return (label.field, value) if value and (known or is_said) else None
    named = text[: match.end("label")].strip().lower()
    is_clear = " " in named or named.startswith(("c.", "co", "fall"))
    stated = is_clear and named != "commitment" and _is().match(rest) is not None
    if not value or not (match["verb"] or (link and marked) or stated):
        return None
    that = _that().match(value)
    return label.field, value[that.end() if that else 0 :].strip()


def _past_courtesy(rest: str) -> str:
    """What follows "please" where that leads to a change: "Meilenstein bitte auf 4 ändern"."""
    shorter = without_polite_start(rest.lstrip(" ,"))
    return shorter if _link().match(shorter) else rest


def changes_a_time(text: str) -> bool:
    """Whether a text only says which time an answer given before should name: "the date should be
    Friday", "make it Friday", "Friday, not Monday". Where in that answer it belongs is not said."""
    said = without_polite_end(without_lead(text)).strip(_MARKS + "?")
    if is_correction(text) and _tells_time(said):
        return True
    match = _detail().match(said)
    if match is not None:
        value = _end().sub("", said[match.end() :]).strip(_MARKS)
        return _tells_time(value)
    parts = [part.strip(_MARKS) for part in _instead_of().split(said[:LONGEST_CONTRAST])]
    return len(parts) == 2 and all(map(_tells_time, parts))


def without_time_said_first(text: str) -> str:
    """A correction without the time that it begins with, where the whole answer follows: "meant
    Friday. Dana signs on Friday"."""
    match = _FIRST_END.search(text[:LONGEST_CONTRAST])
    rest = text[match.end() :] if match else ""
    return rest if match and len(rest.split()) > 2 and _tells_time(text[: match.start()]) else text


def _tells_time(text: str) -> bool:
    """Whether it is a time and no mere number, which is a milestone's."""
    label = label_pattern().match(text)
    is_milestone = label is not None and is_number(text[label.end() :].strip(_MARKS))
    return any(map(str.isalpha, text)) and not is_milestone and is_time(text.lower())


@cache
def _that() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{all_of('that_word')})\s|(?:{all_of('as_follows')})\s*+:\s*+", re.IGNORECASE
    )


@cache
def _contrast() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{all_of('not_word')})\s(?P<is_not>[^,]{{1,60}}?)(?:,|(?=\s))\s"
        rf"(?P<but>(?:{all_of('but_word')})\s+)?(?P<is>\S.{{0,60}})",
        re.IGNORECASE,
    )


@cache
def _detail() -> re.Pattern[str]:
    link = rf"(?:{all_of('amends_to')}|{all_of('is_word')})"
    return re.compile(
        rf"(?:(?:{all_of('article')}|{all_of('determiner')})\s++)?(?:{all_of('detail')})\s++(?:{link}\s++){{1,3}}"
        rf"|(?:{all_of('amend')})\s(?:{all_of('it_word')})\s++(?:{link}\s++)?",
        re.IGNORECASE,
    )


def instead(text: str, milestones: Sequence[Milestone]) -> str | None:
    """The milestone in "4 instead of 3" or "proposal meeting, not decision"; else `None`."""
    contrast = _contrast().match(text[:LONGEST_CONTRAST])
    if contrast and known_milestone(contrast["is"], milestones):
        is_plain = contrast["but"] or known_milestone(contrast["is_not"], milestones)
        return contrast["is"].strip(_MARKS) if is_plain else None
    match = _instead_of().search(text[:LONGEST_CONTRAST])
    if match is None:
        return None
    head = text[: match.start()].strip(_MARKS)
    return head if known_milestone(head, milestones) else None


def milestone_said(value: str, milestones: Sequence[Milestone]) -> str:
    """The value without "instead of …" and the verb that some languages put at the end."""
    for said in (value, value.partition(",")[0], value.partition(". ")[0]):
        if known_milestone(said, milestones):
            return said.strip()
        bare = _end().sub("", said.strip(_MARKS)).strip(_MARKS)
        cut = _instead_of().split(bare, 1)[0].strip(_MARKS)
        for one in (bare, cut, _end().sub("", cut).strip(_MARKS)):
            if known_milestone(one, milestones) or is_number(one):
                return one
    return value.strip(_MARKS)


@cache
def _change() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<verb>(?:{all_of('amend')}))\s++)?(?:(?:{all_of('article')}|{all_of('determiner')}|{all_of('label_before')})\s++){{0,3}}"
        rf"(?P<label>{label_pattern().pattern})(?!\w)\s*+(?=[\s:=→\d#-]|[a-zà-ÿ])",
        re.IGNORECASE,
    )


@cache
def _link() -> re.Pattern[str]:
    return re.compile(
        rf"[,\s]*+(?:{all_of('amends_to')}|{all_of('is_word')})(?:\s++|(?=:))"
        rf"(?:(?!\w\s)(?:{all_of('amends_to')}|{all_of('is_word')})(?:\s++|(?=:)))*+",
        re.IGNORECASE,
    )


@cache
def _is() -> re.Pattern[str]:
    return re.compile(rf"\s*+(?:{all_of('is_word')})(?!\w)", re.IGNORECASE)


@cache
def _wrong() -> re.Pattern[str]:
    """As in "the milestone is wrong, it should be demo"."""
    link = rf"(?:{all_of('amends_to')}|{all_of('is_word')}|{all_of('comes_next')})"
    return re.compile(
        rf"(?:{all_of('wrong_word')})(?:\s*+[,;.:–—-]++)?\s++(?:(?:{all_of('it_word')})\s++)?{link}\s++",
        re.IGNORECASE,
    )


@cache
def _end() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)(?:{all_of('amends_end')})\W*+$", re.IGNORECASE)


@cache
def _instead_of() -> re.Pattern[str]:
    return re.compile(rf"(?:,\s|\s|^)\(?(?:{all_of('instead_of')})\s", re.IGNORECASE)
