"""Calls that a sentence names: "for Acme …", "on the second call …", "for both …", "A and B"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from nudger.mail.calls import MARKS, is_person, named_by_words, named_call, names_of, number_of
from nudger.mail.message import AskedMeeting
from nudger.mail.milestones import read_number
from nudger.mail.plain_form import folded_words
from nudger.mail.vocabulary import all_of, rows_of, whole


def without_customer(text: str, meetings: Sequence[AskedMeeting]) -> str:
    """What follows the customer's name in "Acme they sign" and "Borealis Mia sends the list"; any
    other text as it is."""
    words = text.split()
    for count in (2, 1):
        name = " ".join(words[:count])
        number = named_by_words(name, meetings) if len(words) > count + 1 else None
        if number is None or is_person(name, meetings):
            continue
        is_pronoun = whole("pronoun").fullmatch(words[count].lower()) is not None
        if is_pronoun or named_by_words(words[count], meetings) == number:
            return " ".join(words[count:])
    return text


def after_about(text: str, meetings: Sequence[AskedMeeting]) -> tuple[int, str] | None:
    """The call in "for Acme Dana signs" and what is said of it; `None` for any other text."""
    lead = _about().match(text)
    if lead is None:
        return None
    words = text[lead.end() :].split(" ")
    number = (
        _by_letter(lead[0], words, len(meetings))
        or _by_order(lead[0], words, len(meetings))
        or named_by_words(words[0], meetings)
    )
    if number is None or is_person(words[0], meetings):
        return None
    count = 1
    while count < len(words) and _adds_to_name(words[count], number, meetings):
        count += 1
    return number, " ".join(words[count:]).lstrip(" ,:;–—-")


def _by_letter(lead: str, words: Sequence[str], count: int) -> int | None:
    """The call in "on call A …" and "on call 2 …", from what leads to it and the words that
    follow."""
    said = words[0].strip(MARKS)
    letter = number_of(said, count) if len(words) > 1 else None
    if letter is not None:
        return letter
    of_a_call = whole("call_word").fullmatch(lead.rsplit(maxsplit=1)[-1].lower()) is not None
    is_number = of_a_call and said.isdecimal() and len(said) <= 2 and 1 <= int(said) <= count
    return int(said) if is_number else None


def after_all(text: str) -> str | None:
    """What is said in "for both they sign", of every call; `None` for any other text."""
    match = _about_all().match(text)
    return text[match.end() :].strip() or None if match else None


@cache
def all_calls() -> re.Pattern[str]:
    count = rf"(?:\s(?:\d|{all_of('numbers')}))?"
    return re.compile(rf"(?<!\w)(?:{all_of('all')}){count}(?!\w)", re.IGNORECASE)


def before_all(text: str) -> str | None:
    """What is said before "… for both" at the end of a text; `None` for any other text."""
    match = _all_at_the_end().search(text)
    return text[: match.start()].strip(" ,;–—-") or None if match else None


@cache
def _all_at_the_end() -> re.Pattern[str]:
    lead = rf"(?:(?:{all_of('about')}|{all_of('same_for')})\s++){{1,3}}+"
    counted = rf"(?:{all_of('all')})\s(?:{all_of('numbers')}|\d|{all_of('call_word')})"
    return re.compile(
        rf"(?<=\s){lead}(?:{all_of('both')}|{counted})(?:\s(?:{all_of('call_word')}))?[\s.!)]*+\Z",
        re.IGNORECASE,
    )


@cache
def _about_all() -> re.Pattern[str]:
    same = rf"(?:(?:{all_of('same_for')})\s++){{0,2}}+"
    lead = rf"(?:(?:{all_of('about')})\s++){{1,2}}+"
    return re.compile(
        rf"\W*+{same}{lead}(?:{all_of('all')})(?!\w)(?:\s++(?:{all_of('call_word')})(?!\w))?"
        rf"(?:\s*+[:,;–—-]|\s)\s*+(?=\S)",
        re.IGNORECASE,
    )


def names_all(text: str) -> bool:
    """Whether a text names every call and says nothing else: "both", "same for all three"."""
    match = all_calls().search(text)
    if match is None:
        return False
    left = _leads_to_all().sub(" ", f"{text[: match.start()]} {text[match.end() :]}")
    return not any(map(str.isalnum, left))


@cache
def _leads_to_all() -> re.Pattern[str]:
    known = "|".join(map(all_of, ("same_for", "about", "call_word", "polite")))
    return re.compile(rf"(?<!\w)(?:{known}|{all_of('article')})(?!\w)", re.IGNORECASE)


def named_calls(text: str, meetings: Sequence[AskedMeeting]) -> tuple[int, ...]:
    """The calls that a few words name and nothing else, one or several: "A and B", "both"."""
    if names_all(text):
        return tuple(meeting.number for meeting in meetings)
    listed = text.strip(MARKS)
    lead = _lead_in().match(listed)
    parts = [part for part in _listed().split(listed[lead.end() :]) if part.strip()] if lead else []
    found = [number for part in parts if (number := named_call(part, meetings))]
    if len(parts) > 1 and len(found) == len(parts):
        return tuple(dict.fromkeys(found))
    one = _named_twice(text, meetings) or named_call(text, meetings)
    return () if one is None else (one,)


@cache
def _lead_in() -> re.Pattern[str]:
    """What may stand before a list of calls: "the same for", "with"."""
    return re.compile(
        rf"(?:(?!(?-i:[A-Z])\s)(?:{all_of('same_for')}|{all_of('about')}|{all_of('article')})(?!\w)\s++)*+",
        re.IGNORECASE,
    )


def _named_twice(text: str, meetings: Sequence[AskedMeeting]) -> int | None:
    """The call in "Acme (A)" and "A (Acme)"."""
    head, _, inner = text.strip(" *_").removesuffix(")").partition("(")
    number = named_call(head, meetings) if inner.strip() and head.strip() else None
    return number if number is not None and number == named_call(inner, meetings) else None


@cache
def _listed() -> re.Pattern[str]:
    return re.compile(rf"(?:[,&+/]|(?<=\s)(?:{all_of('and_word')})(?=\s))\s*+", re.IGNORECASE)


def _by_order(lead: str, words: Sequence[str], count: int) -> int | None:
    """The call in "for the second one …", from what leads to it and the words that follow."""
    said = words[0].strip(MARKS).lower()
    leads_to_none = lead.strip().lower() in rows_of("article") | rows_of("and_word")
    number = None if said.isdecimal() or leads_to_none else read_number(said)
    following = words[1].strip(MARKS).lower() if len(words) > 1 else ""
    is_time = whole("time_unit").fullmatch(following) is not None if following else True
    return number if number is not None and number <= count and not is_time else None


def _adds_to_name(word: str, number: int, meetings: Sequence[AskedMeeting]) -> bool:
    names = next(one for one in names_of(tuple(meetings)) if one.number == number)
    plain = "".join(folded_words(word))
    if whole("call_word").fullmatch(plain) or whole("call_tail").fullmatch(plain):
        return True
    return plain in names.title or (plain in names.customers and plain not in names.persons)


@cache
def _about() -> re.Pattern[str]:
    more = rf"(?!(?-i:[A-Z])\s)(?:{all_of('about')}|{all_of('article')})(?!\w)\s++"
    return re.compile(rf"\W*+(?:{all_of('about')})(?!\w)\s++(?:{more}){{0,3}}+", re.IGNORECASE)
