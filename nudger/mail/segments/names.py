"""Names that the mail asked about, where they stand in the reply: milestones, customers, guests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nudger.mail.calls import Names, names_of
from nudger.mail.leads import opened
from nudger.mail.message import Asked
from nudger.mail.milestones import read_number
from nudger.mail.plain_form import folded_words
from nudger.mail.segments.tokens import Token

MOST_WORDS_OF_A_MILESTONE = 6
LONGEST_NUMBER = 12
LONGEST_OPENED = 200


def known_names(words: Sequence[str], asked: Asked) -> list[list[str]]:
    """For each word whose name or what of a name it is."""
    folded = ["".join(folded_words(word)) for word in words]
    known = {
        tuple(folded_words(name)) for one in asked.milestones for name in (one.name, *one.aliases)
    } - {()}
    found = [
        [*_of_list(word, known, asked), *_of_calls(word, written, asked)] if word else []
        for word, written in zip(folded, words, strict=True)
    ]
    for start, count in _whole_milestones(folded, known):
        for at in range(start, start + count):
            found[at].append("milestone<" if at == start else "milestone")
    return found


def _of_list(word: str, known: set[tuple[str, ...]], asked: Asked) -> Iterator[str]:
    if any(word in name for name in known):
        yield "of a milestone"
    if word in folded_words(asked.rep_name):
        yield "writer"
    number = read_number(word) if len(word) < LONGEST_NUMBER else None
    if number is not None and number <= len(asked.milestones):
        yield "position"


def _of_calls(word: str, written: str, asked: Asked) -> Iterator[str]:
    if len(asked.meetings) < 2:
        return
    for names in names_of(asked.meetings):
        kind = _kind_of_name(word, names)
        if kind:
            yield kind
    if len(written) == 1 and 0 <= ord(written) - ord("a") < len(asked.meetings):
        yield "letter"


def _kind_of_name(word: str, names: Names) -> str:
    if word in names.customers:
        return "customer"
    if word in names.persons:
        return "guest"
    return "title" if word in names.title else ""


def _whole_milestones(
    folded: Sequence[str], known: set[tuple[str, ...]]
) -> Iterator[tuple[int, int]]:
    """Where whole names of milestones stand: from which word, and how many."""
    at = 0
    while at < len(folded):
        counts = range(min(MOST_WORDS_OF_A_MILESTONE, len(folded) - at), 0, -1)
        said = (count for count in counts if tuple(filter(None, folded[at : at + count])) in known)
        count = next(said, 0) if folded[at] else 0
        if count:
            yield at, count
        at += count or 1


def openings(
    text: str, tokens: Sequence[Token], ends: Sequence[int], asked: Asked
) -> list[list[str]]:
    """The words that the rules take for the opening of a call, behind the end of each clause."""
    found: list[list[str]] = [[] for _ in tokens]
    if len(asked.meetings) < 2:
        return found
    for end in (0, *ends):
        begin = next((at for at in range(end, len(tokens)) if tokens[at].is_word), len(tokens))
        if begin == len(tokens) or found[begin]:
            continue
        line = text[tokens[begin].start :].partition("\n")[0][:LONGEST_OPENED]
        lead = opened(line, asked)
        until = tokens[begin].start + len(line) - len(lead.text) if lead else 0
        for at in range(begin, len(tokens)):
            if tokens[at].start >= until:
                break
            found[at].append("opens a call<" if at == begin else "opens a call")
    return found
