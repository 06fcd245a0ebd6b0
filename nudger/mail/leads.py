"""What opens the words about a call in a reply about several: its letter, number, place in the
order, customer, title or guest; several calls at once, or all: "A and B: …", "both: …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from nudger.mail.asides import is_chatter
from nudger.mail.call_commands import commands_of_calls
from nudger.mail.calls import CUT, is_person, mentioned, named_by_words, named_call
from nudger.mail.commands import read_command
from nudger.mail.corrections import is_correction, without_lead
from nudger.mail.labels import split_labels
from nudger.mail.message import Asked
from nudger.mail.milestones import known_milestone, read_number
from nudger.mail.sentences_of_calls import after_about, after_all, named_calls
from nudger.mail.vocabulary import all_of, find_label, the_rest, whole

LONGEST_LEAD = 60
MOST_CLAUSES = 20
MOST_WORDS_OF_A_LEAD = 7
MOST_WORDS_BEFORE_A_CHANGE = 8

_BARE_LEAD = re.compile(
    r"(?:(?P<name>#?\d{1,2}|[A-Za-z])\s++|(?P<letter>[A-Z]),\s++)(?P<rest>\S.*)"
)
_MARK = re.compile(r"[=-]>|[→➔:：=–—\t]|(?<=\s)-(?=\s)")
_BULLET = re.compile(r"\A\s*+[-*•–—·▪◦+●○■□►▸✓✔☑]\s++(?=\S)")
_ALONE = " .):#(*_-–—"
REST = 0
"""In the place of a call's number: all those of which nothing else is said."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The calls that some words open, and the words behind. `is_loose` says that a bare number or
    letter led to them, `is_guess` that they are not certainly about these calls."""

    numbers: tuple[int, ...]
    text: str
    is_loose: bool = False
    is_guess: bool = False


def opened(text: str, asked: Asked) -> Lead | None:
    """The calls that a text opens with a letter, number or name and a mark, or as "for Acme …"."""
    bare = _BULLET.sub("", text).strip().strip("*_")
    for meeting in asked.meetings:
        rest = _after_name(bare, meeting.title)
        if rest is not None:
            return Lead((meeting.number,), rest)
    short = _short_lead().match(bare)
    number = alone(short["name"], len(asked.meetings)) if short else None
    if short and number is not None:
        return Lead((number,), _without_own_name(bare[short.end() :].strip("*_ "), number, asked))
    return (
        _changed(bare, asked)
        or _marked(bare, asked)
        or _about(bare, asked)
        or _as_a_sentence(bare, asked)
    )


def _as_a_sentence(bare: str, asked: Asked) -> Lead | None:
    """The call in "Earl. He writes the check": a name that is a sentence by itself."""
    head, stop, rest = bare[:LONGEST_LEAD].partition(". ")
    if not stop or known_milestone(head, asked.milestones):
        return None
    number = named_by_words(head, asked.meetings)
    return Lead((number,), bare[len(head) + len(stop) :].strip()) if number and rest else None


def put_right(line: str, asked: Asked) -> Lead | None:
    """The call of which a line says that another milestone was meant: "Sorry, B should be demo"."""
    if len(line) > LONGEST_LEAD or not is_correction(line):
        return None
    said = without_lead(line).strip(" .!")
    words = said.split()
    named = (alone(word, len(asked.meetings)) for word in words if word[:1].isupper())
    number = next(filter(None, named), None)
    ends = (" ".join(words[-length:]) for length in range(1, MOST_WORDS_OF_A_LEAD))
    meant = next((end for end in ends if known_milestone(end, asked.milestones)), None)
    if number is None or meant is None:
        return None
    return Lead((number,), f"{line.strip()[: line.strip().find(said)]}next: {meant}")


def opened_within(text: str, asked: Asked) -> Lead | None:
    """The same behind a mere "and": only where no other reading is likely."""
    mark = _MARK.search(text[:LONGEST_LEAD])
    short = _short_lead().match(text)
    if short and (mark is None or mark.start() > short.end()):
        return None
    return opened(text, asked)


@cache
def _short_lead() -> re.Pattern[str]:
    return re.compile(
        rf"\(?#?\s*+(?:(?:{all_of('call_word')}|nr\.?|no\.?|n°)\s++)?#?"
        r"(?P<name>\d{1,2}|[a-z])(?:\s*+(?:[=-]>|[.):–—=-]++)\s*+|/\s++)(?=\S|$)",
        re.IGNORECASE,
    )


def alone(text: str, count: int) -> int | None:
    """The call whose letter or number a text is, out of so many."""
    said = text.strip(_ALONE)
    if said.isdecimal() and len(said) <= 2:
        return int(said) if 1 <= int(said) <= count else None
    if len(said) == 1 and said.isalpha() and said.isascii():
        number = ord(said.lower()) - ord("a") + 1
        return number if number <= count else None
    return None


def _without_own_name(rest: str, number: int, asked: Asked) -> str:
    """What follows the customer's name in "A: Acme - Dana signs" and "2) (Globex) …"."""
    bracket, closed, behind = rest.partition(")")
    if closed and bracket.startswith("(") and named_by_words(bracket, asked.meetings) == number:
        return behind.lstrip(" :–—-")
    mark = _MARK.search(rest[:LONGEST_LEAD])
    if mark is None or not mark.start():
        return rest
    head = rest[: mark.start()]
    is_name = named_by_words(head, asked.meetings) == number and not find_label(head)
    return rest[mark.end() :].strip() if is_name else rest


def _after_name(bare: str, name: str) -> str | None:
    """What stands behind a title at the start of a line and a mark; `None` for another line."""
    if len(name) < 2 or bare[: len(name)].casefold() != name.casefold():
        return None
    rest = bare[len(name) :].lstrip()
    if rest and not rest.startswith((":", "–", "—", "-", "=")):
        return None
    return rest[1:].strip()


def _marked(bare: str, asked: Asked) -> Lead | None:
    """The calls that are named before a colon, a dash or the like, or on a line of their own."""
    mark = _MARK.search(bare[: LONGEST_LEAD + 5])
    head, rest = (bare[: mark.start()], bare[mark.end() :].strip()) if mark else (bare, "")
    if mark and find_label(head.strip(" *_")):
        return None
    labelled = _labelled_call(head, asked) if mark and mark[0] in ":：=" else None
    if labelled is not None:
        return Lead((labelled[0],), f"{labelled[1]}: {rest}")
    is_listed = (mark is None or mark[0] not in ":：") and known_milestone(bare, asked.milestones)
    if split_labels(bare[:LONGEST_LEAD]) or is_listed:
        return None
    if mark and mark.start():
        numbers = named_calls(head, asked.meetings)
        if not numbers and the_rest().fullmatch(head.strip(" ,")):
            numbers = (REST,)
        if numbers:
            return Lead(numbers, rest)
    if len(bare.split()) <= MOST_WORDS_OF_A_LEAD:
        number = named_by_words(bare, asked.meetings)
        if number is not None and not is_person(bare, asked.meetings):
            return Lead((number,), "")
    return None


def _labelled_call(head: str, asked: Asked) -> tuple[int, str] | None:
    """The call and the label in "CO for Acme" and "B next"."""
    words = head.strip(" *_").split()
    if not 2 <= len(words) <= MOST_WORDS_OF_A_LEAD or "@" in head:
        return None
    for at in range(1, len(words)):
        for label, call in ((words[:at], words[at:]), (words[at:], words[:at])):
            said, name = " ".join(label), " ".join(call)
            if find_label(said) and not name.isdecimal():
                number = named_call(name, asked.meetings)
                if number is not None:
                    return number, said
    return None


def _changed(bare: str, asked: Asked) -> Lead | None:
    """The call in "change 2 to proposal meeting": what is said of it is the milestone."""
    match = _change().match(bare)
    if match is None or not known_milestone(match["to"], asked.milestones):
        return None
    head, label = match["call"], "next"
    labelled = _labelled_call(head, asked)
    number = labelled[0] if labelled else named_call(head, asked.meetings)
    return (
        Lead((number,), f"{labelled[1] if labelled else label}: {match['to']}") if number else None
    )


@cache
def _change() -> re.Pattern[str]:
    few = rf"(?P<call>[^\s:]{{1,30}}(?:\s[^\s:]{{1,30}}){{0,{MOST_WORDS_BEFORE_A_CHANGE}}}?)"
    return re.compile(
        rf"(?:(?:{all_of('amend')})\s++{few}\s(?:{all_of('amends_to')})\s++)(?P<to>\S.{{0,80}})",
        re.IGNORECASE,
    )


def _about(bare: str, asked: Asked) -> Lead | None:
    """The calls in "for Acme …", "on call A …" and "for both …"."""
    if split_labels(bare[:LONGEST_LEAD]) or known_milestone(bare, asked.milestones):
        return None
    clause = CUT.split(bare, maxsplit=1)[0]
    of_all = after_all(bare)
    if of_all is not None and not commands_of_calls(clause, asked):
        return Lead(tuple(one.number for one in asked.meetings), of_all)
    about = after_about(bare, asked.meetings)
    if about is None or commands_of_calls(clause, asked):
        return None
    return Lead((about[0],), about[1])


@dataclass(frozen=True, slots=True)
class Style:
    """How a reply leads its parts: `alone` are lines that are a number or a letter and nothing else
    and open a call, by their place; `bare` the kinds of leads that do so before words."""

    alone: dict[int, int]
    bare: frozenset[str] = frozenset()

    @staticmethod
    def of(texts: Sequence[str], asked: Asked) -> Style:
        return Style(_alone_leads(texts, asked), _bare_kinds(texts, asked))

    def bare_lead(self, text: str, asked: Asked, kind: str = "") -> Lead | None:
        """The call that a text opens with a number, a letter or an ordinal and no mark."""
        found = _bare_lead(text, asked)
        if found is None or found.kind not in self.bare or kind not in ("", found.kind):
            return None
        return Lead((found.number,), found.text, is_loose=True)


def _alone_leads(texts: Sequence[str], asked: Asked) -> dict[int, int]:
    """The lines that are a call's number or letter alone. Numbers may be milestones too: they lead
    only where the first of them opens the reply, each once, and words follow at once."""
    count = len(asked.meetings)
    filled = [at for at, text in enumerate(texts) if text.strip()]
    found = {at: number for at in filled if (number := alone(texts[at], count)) is not None}
    opens = next((at for at in filled if not is_chatter(texts[at])), -1)
    by_number = opens in found and _is_digits(texts[opens])
    leads: dict[int, int] = {}
    for at, following in pairwise([*filled, -1]):
        if at not in found:
            continue
        words_follow = following == at + 1 and following not in found
        starts_anew = at == opens or not texts[at - 1].strip()
        is_next = found[at] > max(leads.values(), default=0)
        is_new = found[at] not in leads.values() and (is_next or starts_anew)
        if not _is_digits(texts[at]) or (by_number and words_follow and is_new):
            leads[at] = found[at]
    return leads


def _is_digits(text: str) -> bool:
    return text.strip(_ALONE).isdecimal()


@dataclass(frozen=True, slots=True)
class _Bare:
    kind: str
    number: int
    text: str


def _bare_kinds(texts: Sequence[str], asked: Asked) -> frozenset[str]:
    """The kinds of bare leads that stand for calls, as in "1 Dana signs": two lines are led so, in
    order, or one that speaks of that call's people. Small letters are words, too ("a", "e"): they
    count where lines begin with the first two of them."""
    opening, found = [], []
    for text in texts:
        lead = _bare_lead(text, asked) or _marked_lead(text, asked)
        clauses = CUT.split(text)[1 : MOST_CLAUSES + 1]
        within = [one for one in (_bare_lead(clause, asked) for clause in clauses) if one]
        opening += [lead] if lead and lead.kind != "small" else []
        opening += [one for one in within if one.kind == "ordinal"]
        found += [lead] if lead else []
        found += [one for one in within if one.kind in ("letter", "ordinal")]
    kinds = set()
    for kind in {one.kind for one in found}:
        numbers = [one.number for one in found if one.kind == kind]
        is_counted = len(numbers) >= 2 and numbers == sorted(set(numbers))
        if is_counted and (kind != "small" or numbers[:2] == [1, 2]):
            kinds.add(kind)
    kinds |= {
        one.kind
        for one in opening
        if one.number in mentioned(one.text, asked.meetings) or read_command(one.text)
    }
    return frozenset(kinds)


def _bare_lead(text: str, asked: Asked) -> _Bare | None:
    bare = _BULLET.sub("", text).strip()
    match = _BARE_LEAD.match(bare)
    if match is not None:
        name = match["name"] or match["letter"]
        number = alone(name, len(asked.meetings))
        first = match["rest"].split(" ", 1)[0].lower()
        kind = "digit" if name[-1].isdecimal() else "letter" if name.isupper() else "small"
        is_time = kind == "digit" and whole("time_unit").fullmatch(first) is not None
        return _Bare(kind, number, match["rest"]) if number and not is_time else None
    ordinal = _ordinal().match(bare)
    number = _place(ordinal, asked) if ordinal else None
    if ordinal is None or number is None or number > len(asked.meetings):
        return None
    return _Bare("ordinal", number, bare[ordinal.end() :])


def _marked_lead(text: str, asked: Asked) -> _Bare | None:
    """A lead with a mark, which tells how the bare ones beside it are meant."""
    bare = _BULLET.sub("", text).strip()
    short = _short_lead().match(bare)
    number = alone(short["name"], len(asked.meetings)) if short else None
    if short is None or number is None:
        return None
    return _Bare("digit" if short["name"].isdecimal() else "letter", number, bare[short.end() :])


def _place(ordinal: re.Match[str], asked: Asked) -> int | None:
    return read_number(ordinal["name"].lower()) if ordinal["name"] else len(asked.meetings)


@cache
def _ordinal() -> re.Pattern[str]:
    call = rf"(?:{all_of('call_word')}|{all_of('call_tail')})"
    return re.compile(
        rf"(?:(?:{all_of('article')})\s++)?"
        rf"(?:(?P<name>{all_of('ordinals')})(?:\s++{call})?|(?:{all_of('last')})\s++{call})"
        r"(?:,|\s)\s*+(?=\S)",
        re.IGNORECASE,
    )
