"""What names the fields in a line of a reply: labels, misspelt and dictated ones too, table heads,
and the words that lead to a fallback."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rapidfuzz import fuzz

from nudger.mail.corrections import without_lead, without_time_said_first
from nudger.mail.vocabulary import Label, all_of, find_label, label_pattern, labels, the_rest

LONGEST_LABEL = 40
MOST_OPENINGS = 3
MOST_WORDS_OF_A_LABEL = 5
SHORTEST_MISSPELT = 6
MISSPELT = 82

_BULLET = re.compile(r"^\s*(?:[-=]>|[-*•–—·▪◦+●○■□►▸✓✔☑]|\(?\d{1,2}[.)]|[a-c][.)])\s+(?=\S)")
_NUMBER_ALONE = re.compile(r"\s*+(?:(?:no\.?|nr\.?|#|n°)\s*+)?\d{1,2}\s*+[.)]?\s*+")
_RULE = re.compile(r"[\s|:=+_–—-]{2,}")
_CELL_END = re.compile(r"\t|\|")
_MARK = re.compile(r"[:：=]|(?<=\s)[-–—](?=\s)")
_SIMPLE = re.compile(r"[\w .'/-]+")
_OPTIONAL = re.compile(r"[\w. -]\?")
_GROUP = re.compile(r"\(\?:([^()]*)\)(\?)?")


def without_bullet(line: str) -> str:
    """A line without its bullet or number; a number alone stays."""
    return line if _NUMBER_ALONE.fullmatch(line) else _BULLET.sub("", line)


def split_labels(text: str) -> list[tuple[str, str]] | None:
    """The line as pairs of label and value, `None` where it has no label. "CO: x. Next: y" gives
    two; what stands before the first label has an empty one."""
    starts = list(_labelled().finditer(text))
    if not starts:
        return _misspelt(text)
    pairs: list[tuple[str, str]] = []
    head = text[: starts[0].start()].strip(" \t.;,|/-")
    if head:
        pairs.extend(_misspelt(head) or [("", head)])
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        value = text[match.end() : end].strip().strip("|").strip(" ;,/\t")
        if number + 1 < len(starts):
            value = value.rstrip(".–—- ")
        pairs.append((match["label"], value.strip()))
    return pairs


@cache
def _labelled() -> re.Pattern[str]:
    """A label at the start of a line or of a sentence in it, followed by a colon or its like."""
    label = label_pattern().pattern
    return re.compile(
        rf"(?:^(?:\s*+(?:[-*•–—·]|\(?\d{{1,2}}[.)]))?\s*+|(?<=[.;,|/!?)\]])\s*+"
        rf"(?:[^\w\s]{{1,3}}\s++)?"
        rf"|(?<=\s\s)|(?<=\t)|(?<=\s[–—-]\s)|(?<=[\u2600-\u27bf\U0001f300-\U0001faff]\s))"
        rf"[*_\[(]*+(?:(?:{all_of('label_before')})\s++){{0,2}}"
        rf"(?P<label>{label})[*_]*+(?:\s++(?:{all_of('label_behind')})(?=\s*+[:：=]))?"
        rf"(?:\s*+\([^()]{{0,30}}\))?(?:\s*+\?)?"
        rf"(?:[\])]?\s*+(?:[:：=]|->|→|\|)|[\])](?=\s)|\s++[–—-](?=\s)|[ ]*+\t|\s*+$)\s*+",
        re.IGNORECASE,
    )


def _misspelt(text: str) -> list[tuple[str, str]] | None:
    """The same where the label at the start has a typing error in it."""
    mark = _MARK.search(text[: LONGEST_LABEL + 4])
    if mark is None or mark.start() > LONGEST_LABEL:
        return None
    head = without_bullet(text[: mark.start()]).strip(" *_#").lower()
    known = _nearest_label(head)
    return [(known, text[mark.end() :].strip())] if known else None


def _nearest_label(head: str) -> str | None:
    if len(head) < SHORTEST_MISSPELT or len(head.split()) > MOST_WORDS_OF_A_LABEL:
        return None
    best, score = None, 0.0
    for label in _spelt_labels():
        alike = fuzz.ratio(label, head)
        if len(label) >= SHORTEST_MISSPELT and alike > score:
            best, score = label, alike
    return best if score >= MISSPELT else None


@cache
def _spelt_labels() -> tuple[str, ...]:
    """Every label as it is written, without what patterns leave open."""
    return tuple(dict.fromkeys(one for label in labels() for one in _spelt(label.pattern)))


def _spelt(pattern: str) -> Iterator[str]:
    group = _GROUP.search(pattern)
    if group is None:
        plain = _OPTIONAL.sub("", pattern.replace(r"\.", ".").replace("['’]", "'"))
        if _SIMPLE.fullmatch(plain):
            yield plain
        return
    for one in (*group[1].split("|"), *([""] if group[2] else [])):
        yield from _spelt(pattern[: group.start()] + one + pattern[group.end() :])


def is_rule(text: str) -> bool:
    """Whether a line is drawn rather than written, as between a table's head and its rows."""
    return _RULE.fullmatch(text) is not None


def table_cells(text: str) -> list[str]:
    return [cell.strip(" *_") for cell in _CELL_END.split(text.strip().strip("|"))]


def as_header(cells: Sequence[str]) -> list[str]:
    """The fields that a table's columns stand for, "" for others; nothing for any other row."""
    known = [find_label(cell.rstrip(":?").strip()) or _misspelt_cell(cell) for cell in cells]
    fields = [label.field if label else "" for label in known]
    return fields if sum(map(bool, fields)) >= 2 and len(set(fields) - {""}) >= 2 else []


def _misspelt_cell(cell: str) -> Label | None:
    near = _nearest_label(cell.lower())
    return find_label(near) if near else None


def fallback_lead(text: str) -> str | None:
    """What follows "otherwise" or "if not" at the start of a line; `None` for any other line."""
    match = _fallback_lead().match(text)
    return text[match.end() :].strip() or None if match else None


@cache
def _fallback_lead() -> re.Pattern[str]:
    return re.compile(
        rf"\W*+(?:(?:{all_of('and_word')}|{all_of('but_word')})\s)?(?:{all_of('fallback_lead')}|{all_of('fallback_floor')})(?!\w)(?:\s*+[:,–—-])?\s++(?=\S)",
        re.IGNORECASE,
    )


def is_unchanged(text: str) -> bool:
    """Whether a line says that the milestone stays what it was."""
    match = _milestone_named().match(text)
    backwards = _unchanged_milestone().fullmatch(text.strip(" .!"))
    if backwards is not None:
        return True
    return (
        match is not None and _stays().fullmatch(text[match.end() :].strip(" .!:,-–—")) is not None
    )


def rest_stays(text: str) -> bool:
    """Whether a clause says that all else stands: "the rest is fine"."""
    lead = the_rest().match(text.strip(" .!,"))
    return (
        lead is not None and _fine().fullmatch(text.strip(" .!,")[lead.end() :].strip()) is not None
    )


@cache
def _fine() -> re.Pattern[str]:
    link = rf"(?:(?:{all_of('is_word')}|{all_of('goes_on')})\s++){{0,2}}"
    return re.compile(
        rf"(?:{link}(?:{all_of('acknowledgement')}|{all_of('stays')}))?", re.IGNORECASE
    )


def stays_same(text: str) -> bool:
    """Whether a text is no more than "unchanged" or "stays as it was"."""
    return _stays().fullmatch(text.strip(" .!:,-–—")) is not None


@cache
def _milestone_named() -> re.Pattern[str]:
    rows = [label.pattern for label in labels() if label.field == "next_milestone"]
    return re.compile(
        rf"(?:(?:{all_of('article')}|{all_of('determiner')})\s++)?(?:{'|'.join(rows)})(?!\w)\s*+:?\s*+",
        re.IGNORECASE,
    )


@cache
def _unchanged_milestone() -> re.Pattern[str]:
    rows = [label.pattern for label in labels() if label.field == "next_milestone"]
    return re.compile(
        rf"(?:{all_of('stays')})\s++(?:(?:{all_of('of_field')})\s++)?"
        rf"(?:(?:{all_of('article')}|{all_of('determiner')})\s++)?(?:{'|'.join(rows)})"
        rf"(?:\s++(?:{all_of('stays')}))?",
        re.IGNORECASE,
    )


@cache
def _stays() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('stays')})", re.IGNORECASE)


def without_courtesy(text: str) -> str:
    """Words without a greeting, thanks or the like before and behind them, or the "so" and "well"
    with which people begin to speak."""
    left = without_lead(text) or text
    left = without_time_said_first(left) if left != text else text
    for _ in range(MOST_OPENINGS):
        opening = _opening().match(left)
        left = left[opening.end() :] if opening else left
    return _thanks().sub("", left).rstrip(" ,;–—-") or text


@cache
def _thanks() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=[.,;!?–—-])\s*+(?:{all_of('closing')})(?:[,.!]?\s[^\W\d_]{{2,15}})?[\s.!]*+$"
        rf"|(?<=\w)\s(?:{all_of('thanks')})[\s.!]*+$",
        re.IGNORECASE,
    )


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('opening_word')})[\s,:…–—-]++(?=\w+\s\w)", re.IGNORECASE)
