"""A rep's wish, in or beside an answer, that the guests do not read it.

What is taken for a wish by mistake stands in a private event until the rep says `publish`; a wish
that is overlooked stands before the customer. So what might be one counts as a doubt, and words are
left out of the answer only where nothing else than the wish is in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nudger.mail.message import CommandName
from nudger.mail.plain_form import bare
from nudger.mail.vocabulary import all_of, command_words, whole

LONGEST_WISH = 100
LONGEST_PART = 80
MOST_WORDS_BESIDE = 8
MOST_WORDS_AT_THE_END = 7

_LOCK = re.compile("[\U0001f50f-\U0001f513\U0001f92b\U0001f910]")
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}\n]{2,80})[)\]}]")
_EMPHASIS = re.compile(r"[*_]{1,2}([^*_\n]{2,80})[*_]{1,2}(?!\w)")
_HEAD = re.compile(r"([^:\n]{2,80}?)(?:\s?:|[,.!;]{1,9}(?=\s)|\s[–—-](?=\s)|[–—])\s*+(?=\S)")
_TAIL = re.compile(
    r"[,.!;:–—]\s*+(?:-\s)?([^,.!;:–—\n]{2,80})[\s.!]{0,9}$|\s-\s([^,.!;:\n]{2,80})$"
)
_BEFORE = " \t,;:–—-"


@dataclass(frozen=True, slots=True)
class Wish:
    """`left` is the line without the wish, empty where it is nothing else; `is_certain` that there
    is one, `is_possible` that a word for privacy stands where a wish would."""

    left: str
    is_certain: bool = False
    is_possible: bool = False


def read_wish(line: str) -> Wish:
    """The wish at a line's begin, at its end or in brackets. Linear in the length of the line."""
    if is_wish(line):
        return Wish("", is_certain=True)
    left, certain, possible = line, _LOCK.search(line) is not None, False
    for part in (_enclosed, _head, _tail):
        found = part(left)
        left = found.left
        certain, possible = certain or found.is_certain, possible or found.is_possible
    if is_wish(left):
        return Wish("", is_certain=True)
    opening = _opening(left)
    left = opening.left
    certain, possible = certain or opening.is_certain, possible or opening.is_possible
    return Wish(left, certain or _ends_with_wish(left), possible)


def is_wish(text: str) -> bool:
    """Whether a text says that something is private, and nothing else."""
    if len(text) > LONGEST_WISH:
        return False
    plain = bare(text).strip(" .,:;!?()[]{}-–—*•·")
    if _commanded().fullmatch(plain):
        return True
    return mentions(plain) and _only().fullmatch(plain) is not None


@cache
def _commanded() -> re.Pattern[str]:
    rows = [row.pattern.pattern for row in command_words() if row.name is CommandName.PRIVATE]
    return re.compile("|".join(f"(?:{row})" for row in dict.fromkeys(rows)))


def mentions(text: str) -> bool:
    """Whether a word for privacy is in a text."""
    return _word().search(text.replace("’", "'")) is not None


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{all_of('privacy')})(?![\w-])", re.IGNORECASE)


@cache
def _only() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?:{all_of('privacy')}|{all_of('privacy_beside')}|{all_of('polite')}|{all_of('aside_lead')})(?!\w)[\s.,:;!–—-]*+)++"
    )


def _is_short(text: str) -> bool:
    return len(text.split(" ", MOST_WORDS_BESIDE + 1)) <= MOST_WORDS_BESIDE


def _enclosed(line: str) -> Wish:
    certain = possible = False
    for pattern in (_BRACKETS, _EMPHASIS):
        for match in pattern.finditer(line):
            certain = certain or is_wish(match[1])
            possible = possible or mentions(match[1])
        line = pattern.sub(lambda match: "" if is_wish(match[1]) else match[0], line)
    return Wish(line.strip(), certain, possible)


def _head(line: str) -> Wish:
    match = _HEAD.match(line)
    if match is None:
        return Wish(line)
    if is_wish(match[1]):
        return Wish(line[match.end() :], is_certain=True)
    return Wish(line, is_possible=_is_short(match[1]) and mentions(match[1]))


def _tail(line: str) -> Wish:
    match = _TAIL.search(line, max(0, len(line) - LONGEST_PART - 12))
    if match is None:
        return Wish(line)
    said = match[1] or match[2]
    if is_wish(said):
        return Wish(line[: match.start()].rstrip(_BEFORE), is_certain=True)
    return Wish(line, is_possible=_is_short(said) and mentions(said))


def _opening(line: str) -> Wish:
    """The wish that a line begins with and no mark ends: "just for me Dana leaves", "don't show
    them but …". Two words may as well be a part of the sentence, and are a doubt."""
    words = line.split(" ", MOST_WORDS_AT_THE_END + 1)
    for count in range(min(MOST_WORDS_AT_THE_END, len(words) - 1), 1, -1):
        said = bare(" ".join(words[:count])).strip(" .,:;!?()[]{}")
        if _commanded().fullmatch(said) is None:
            continue
        rest = words[count:]
        joined = whole("joins_a_wish").fullmatch(rest[0]) is not None
        if count == 2 and not joined:
            return Wish(line, is_possible=True)
        return Wish(" ".join(rest[1:] if joined else rest), is_certain=True)
    return Wish(line)


def _ends_with_wish(line: str) -> bool:
    words = line.rstrip(" .!").rsplit(" ", MOST_WORDS_AT_THE_END)[1:]
    return any(is_wish(" ".join(words[at:])) for at in range(len(words)))
