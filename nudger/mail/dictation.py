"""The fields of a text without punctuation, as people dictate it: "commitment objective Dana signs
next milestone four"."""

from __future__ import annotations

import re
from functools import cache

from nudger.mail.asides import without_hedge
from nudger.mail.commands import without_polite_start
from nudger.mail.vocabulary import all_of, find_label, labels, rows_of, whole

LONGEST = 1_000
MOST_GREETINGS = 4
FEWEST_STOPS = 2
"""One alone may be a word: "at this point"."""
_MARK = re.compile(r"[.,;:!?]")


def dictated(text: str) -> list[tuple[str, str]]:
    """The fields of a text without punctuation, as people dictate: "commitment objective Dana
    signs next milestone four"; empty for any other text."""
    text = _past_greetings(text)
    if len(text) > LONGEST or not _opens_dictated().match(text):
        return []
    starts = list(_dictated().finditer(text))
    said: list[tuple[str, str]] = []
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        label = find_label(match["label"])
        if label is not None:
            said.append((label.field, _unspoken(text[match.end() : end])))
    names = [name for name, _ in said]
    if len(set(names)) != len(names) or "commitment_objective" not in names:
        return []
    first = text[starts[0].end() :].split(maxsplit=1)[:1]
    is_said_of = bool(first) and whole("pronoun").fullmatch(first[0].lower()) is not None
    long_label = " " in starts[0]["label"].strip() or starts[0]["label"].isupper() or is_said_of
    return said if len(said) > 1 or long_label else []


def with_written_stops(text: str) -> str:
    """A line with the full stops that were spoken into it, where it has no mark of its own:
    "Malcolm names two operators full stop next milestone line trial full stop"."""
    if _MARK.search(text) or len(_spoken_stop().findall(text)) < FEWEST_STOPS:
        return text
    return _spoken_stop().sub(".", _spoken_thanks().sub("", text))


@cache
def _spoken_stop() -> re.Pattern[str]:
    return re.compile(rf"(?<=\w)\s(?:{all_of('spoken_stop')})(?!\w)", re.IGNORECASE)


def _past_greetings(text: str) -> str:
    for _ in range(MOST_GREETINGS):
        if _opens_dictated().match(text):
            break
        text = without_polite_start(without_hedge(text))
    return text


def _unspoken(value: str) -> str:
    """A value without spoken marks around it."""
    left = value.strip(" ,.;:–—-")
    left = _spoken_thanks().sub("", _spoken_start().sub("", left))
    return _spoken_end().sub("", left).strip(" ,.;:–—-")


@cache
def _spoken_thanks() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)(?:{all_of('spoken_thanks')})[\s.!]*+\Z", re.IGNORECASE)


@cache
def _spoken_start() -> re.Pattern[str]:
    return re.compile(
        rf"\A(?:{all_of('colon_word')}|{all_of('is_word')})\s++(?:(?:{all_of('that_word')})\s++)?",
        re.IGNORECASE,
    )


@cache
def _spoken_end() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=\s)(?:{all_of('new_line')}|{all_of('spoken_comma')}|{all_of('and_word')})$",
        re.IGNORECASE,
    )


def _goes_on() -> str:
    """Behind a label these make it a part of the sentence: "commitment from Dana to join"."""
    return rf"\s+(?i:{all_of('label_goes_on')})\s"


@cache
def _strong() -> str:
    rows = {
        label.pattern
        for label in labels()
        if label.pattern in rows_of("dictated_label")
        or " " in label.pattern
        or label.pattern in (r"c\.? ?o\.?", "c/o")
    }
    rows |= {"nm", "ms", "fall-?back"}
    rows -= {
        row
        for row in rows
        if row.startswith(("if ", "what ", "was ", "at ", "in ", "die ", "der ", "they"))
    }
    return "|".join(sorted(rows, key=lambda row: (-len(row), row)))


@cache
def _dictated() -> re.Pattern[str]:
    behind = rf"(?:\s++(?:{all_of('label_behind')})(?!\w))?"
    return re.compile(
        rf"(?<!\w)(?P<label>{_strong()}){behind}(?![\w'])(?!{_goes_on()})", re.IGNORECASE
    )


@cache
def _opens_dictated() -> re.Pattern[str]:
    others = r"(?!\s(?i:workers?|founders?|pilots?|owners?|op)\b)"
    return re.compile(rf"(?i:c\.?/?o\.?{others}|{_strong()})(?=\s+(?!\s*[:=-])\S)(?!{_goes_on()})")
