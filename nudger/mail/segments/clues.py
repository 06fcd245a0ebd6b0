"""What the rules, the judge of clauses and the lists of words take the parts of a reply for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nudger.domain.clauses import CLAUSE_KINDS, likelihood
from nudger.domain.sentences import sentences_of
from nudger.mail.asides import asks_us, is_filler
from nudger.mail.commands import is_polite, read_command
from nudger.mail.message import Asked, Reply
from nudger.mail.milestones import known_milestone
from nudger.mail.privacy import read_wish
from nudger.mail.quoting import is_greeting
from nudger.mail.segments.tokens import Token
from nudger.mail.signature_block import is_closing
from nudger.mail.vocabulary import find_label

LONGEST_KNOWN = 120
LONGEST_LABEL = 40
SURE = 0.7
LIKELY = 0.4


def fields_by_rules(text: str, tokens: Sequence[Token], reply: Reply) -> list[list[str]]:
    """For each token in which field the rules put it, and the tokens around it."""
    fields = _fields(text, reply)
    own = ["-", *(fields[token.start] for token in tokens), "-"]
    return [
        [f"rule={field}", f"rule={before}{field}", f"rule+1={after}"]
        for before, field, after in zip(own, own[1:], own[2:], strict=False)
    ]


def _fields(text: str, reply: Reply) -> list[str]:
    """For each character the field that the rules put it into."""
    fields = ["-"] * len(text)
    for answer in reply.answers.values():
        for said, mark in (
            (answer.next_milestone, "M"),
            (answer.fallback, "F"),
            (answer.commitment_objective, "C"),
            (answer.remark, "R"),
        ):
            for start, end in _stretches(text, said or ""):
                fields[start:end] = [mark] * (end - start)
    return fields


def _stretches(text: str, said: str) -> Iterator[tuple[int, int]]:
    """Where some words stand in the text, whole or sentence by sentence."""
    pieces = [said] if said in text else [sentence.strip() for sentence in sentences_of(said)]
    begin = 0
    for piece in filter(None, pieces):
        at = text.find(piece, begin)
        if at >= 0:
            begin = at + len(piece)
            yield at, begin


def clauses(
    text: str, tokens: Sequence[Token], ends: Sequence[int], asked: Asked
) -> list[list[str]]:
    """For each token what the clause is that it stands in."""
    found: list[list[str]] = []
    begin = 0
    for end in ends:
        if end > begin:
            said = text[tokens[begin].start : tokens[end - 1].end].strip()
            last = tokens[end - 1]
            names = [
                *_kind(said),
                *_listed(said),
                f"closed by {'¶' if last.is_line_end else last.text[0]}",
            ]
            if known_milestone(said, asked.milestones):
                names.append("is a milestone")
            found += [names] * (end - begin)
        begin = end
    return found


def _kind(said: str) -> list[str]:
    if not any(map(str.isalpha, said)):
        return ["clause=-"]
    each = likelihood(said)
    best = max(range(len(each)), key=each.__getitem__)
    degree = "!" if each[best] > SURE else "" if each[best] > LIKELY else "?"
    return [f"clause={CLAUSE_KINDS[best].value}", f"clause={CLAUSE_KINDS[best].value}{degree}"]


def _listed(said: str) -> Iterator[str]:
    """What the lists of words know a clause for."""
    words = said.strip(" \n,.;:!?–—()")
    if not words or len(words) > LONGEST_KNOWN:
        return
    label = find_label(words) if len(words) < LONGEST_LABEL else None
    if label is not None:
        yield f"label={label.field}"
    command = read_command(words)
    if command is not None:
        yield f"command={command[0].name.value}"
    kinds = {
        "filler": is_filler,
        "polite": is_polite,
        "greeting": is_greeting,
        "closing": is_closing,
    }
    yield from (name for name, is_kind in kinds.items() if is_kind(words))
    if asks_us(said):
        yield "asks"
    wish = read_wish(words)
    if wish.is_certain or wish.is_possible:
        yield "wish!" if wish.is_certain else "wish?"
