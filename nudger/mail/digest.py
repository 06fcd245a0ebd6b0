"""A reply to a question about several calls, parted into what it says about each of them.

Each part is led by the call's letter, number, place in the order, customer, title or guest; a
command may name the calls that it is about, or all, or the rest. What names no call and speaks of
the customer or the guests of one call only belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from nudger.mail.call_commands import Commanded, commanded, commands_of_calls
from nudger.mail.calls import CUT, begins_with_call, is_person, mentioned, named_call
from nudger.mail.commands import read_command
from nudger.mail.labels import without_bullet
from nudger.mail.leads import REST, Lead, Style, opened, opened_within, put_right
from nudger.mail.message import Asked, Command, CommandName
from nudger.mail.milestones import known_milestone
from nudger.mail.sentences_of_calls import (
    after_about,
    before_all,
    named_calls,
    names_all,
    without_customer,
)
from nudger.mail.visible import visible, without_signs
from nudger.mail.vocabulary import all_of, find_label, the_rest, whole

MOST_CUTS = 40
LONGEST_DITTO = 40
FEWEST_WORDS_OF_A_SENTENCE = 4

_FIRST_OF_LIST = re.compile(r"\s*+1\.\s")
_ENDS = (".", "!", "?", ";")
_LETTER_AND_WORD = re.compile(r"[AEIOY]\s++[^\W\d_A-ZÀ-Þ]")
"""As in "B: Dana signs. A pilot is theirs": whoever marks one letter marks the next."""
_CLAUSE_ENDS = re.compile(r"[.,;:!?–—-]\s")
_IN_BRACKETS = re.compile(r"\(([^()]{1,40})\)")


@dataclass(slots=True)
class Parts:
    """What is said about each call, by its number: `lines`, or a `command` with its calls named in
    it; `guessed` are calls that were found by their people alone, `loose` those led by a bare
    number, `ditto` those of which the rep said the same as of the call before. `rest` names no
    call."""

    lines: dict[int, list[str]] = field(default_factory=dict)
    commands: dict[int, Command] = field(default_factory=dict)
    guessed: set[int] = field(default_factory=set)
    loose: set[int] = field(default_factory=set)
    ditto: set[int] = field(default_factory=set)
    rest: list[str] = field(default_factory=list)
    for_rest: Command | None = None
    current: tuple[int, ...] = ()

    def open(self, lead: Lead) -> None:
        self.current = lead.numbers
        for number in lead.numbers:
            self.lines.setdefault(number, [])
        self.guessed.update(lead.numbers if lead.is_guess else ())
        self.loose.update(lead.numbers if lead.is_loose else ())
        if lead.text:
            self.add(lead.text)

    def add(self, text: str) -> None:
        for number in self.current:
            self.lines[number].append(text)
        if not self.current and text:
            self.rest.append(text)

    def order(self, commands: Sequence[Commanded], said: str) -> None:
        for one in commands:
            if _is_ditto(said):
                self.ditto.update((REST,) if one.for_rest else one.numbers)
            if one.for_rest:
                self.for_rest = one.command
            self.commands.update(dict.fromkeys(one.numbers, one.command))
        self.current = ()

    def left(self, asked: Asked) -> list[int]:
        """The calls of which nothing is said."""
        said = {*self.lines, *self.commands}
        return [one.number for one in asked.meetings if one.number not in said]


def part(lines: Sequence[str], asked: Asked) -> Parts:
    """The parts of a reply to a mail about several calls."""
    parts, texts = Parts(), [without_signs(visible(line)) for line in lines]
    style = Style.of(texts, asked)
    for at, text in enumerate(texts):
        if not text.strip():
            parts.add("")
        elif at in style.alone:
            parts.open(Lead((style.alone[at],), ""))
        else:
            for piece in _pieces(text, asked, style):
                _take(parts, piece, asked, style)
    _give_to_the_rest(parts, asked)
    _copy(parts, asked)
    if not parts.lines and not parts.commands:
        _by_people(parts, texts, asked)
    return parts


def _pieces(text: str, asked: Asked, style: Style) -> list[Lead]:
    """A line, cut where another call is named; a piece that opens none has no numbers."""
    meant = put_right(text, asked)
    behind = [meant] if meant else _named_behind(text, asked) or _all_behind(text, asked)
    if behind:
        return behind
    return [_piece(piece, asked, style) for piece in _cut(text, asked, style) if piece.strip()]


def _piece(text: str, asked: Asked, style: Style) -> Lead:
    lead = opened(text, asked)
    if lead is None and commanded(text, asked) is None:
        lead = style.bare_lead(text, asked)
    return lead or Lead((), text)


def _cut(text: str, asked: Asked, style: Style) -> Iterator[str]:
    begin = 0
    lead = opened(text, asked)
    first = len(text) - len(lead.text) if lead and len(lead.numbers) > 1 else 0
    cuts = _numbered_cuts() if _FIRST_OF_LIST.match(text) else _cuts()
    are_all_named = _names_a_call_each(text, asked)
    for match in list(cuts.finditer(text, first))[:MOST_CUTS]:
        before, is_weak = text[begin : match.start()], match["weak"] is not None
        joint = _and().match(text, match.end())
        said = text[joint.end() :] if joint else text[match.end() :]
        if _leads_on(before, match[0], said):
            continue
        opens = _opens_weakly if is_weak else _opens
        is_next = _names_the_next(said, before, match[0], asked) or are_all_named
        if is_next or opens(said, before, asked, style):
            yield text[begin : match.start() if is_weak else match.end()].rstrip(" ,;/|-")
            begin = len(text) - len(said)
    yield text[begin:]


def _names_the_next(said: str, before: str, mark: str, asked: Asked) -> bool:
    """Whether a new sentence begins with another call than the one before it: "Dana signs. Tom pays
    the deposit"."""
    first, second = (begins_with_call(one, asked.meetings) for one in (before, said))
    return mark.strip()[:1] in _ENDS and None not in (first, second) and first != second


def _names_a_call_each(text: str, asked: Asked) -> bool:
    """Whether each clause begins with a call of its own: "Dana signs, Tom pays, Kim skip"."""
    named = [begins_with_call(one, asked.meetings) for one in CUT.split(text)]
    return len(named) > 1 and None not in named and len(set(named)) == len(named)


def _leads_on(before: str, mark: str, said: str) -> bool:
    """Whether what stands before a mere letter belongs to it: "A and B: …", "CO for A: …", "Plan B:
    …"."""
    last = before.rstrip().rpartition(" ")[2].lower()
    if len(last.rstrip("/|;")) > 1 or last in ("/", "|", ";"):
        last = last.rstrip("/|;") or before.rstrip(" /|;").rpartition(" ")[2].lower()
    is_word = last[-1:].isalnum() or last.endswith((".", "!", ")", "?"))
    label = find_label(f"{_CLAUSE_ENDS.split(before)[-1].strip()} {said[:1]}")
    leads = whole("about").fullmatch(last) is not None or label is not None
    return not mark.strip() and (not is_word or leads)


def _opens(said: str, before: str, asked: Asked, style: Style) -> bool:
    """Whether another call is named behind a mark."""
    if opened(said, asked) is not None or _opens_command(said, asked):
        return True
    is_word = _LETTER_AND_WORD.match(said) is not None and opened(before, asked) is not None
    kinds = ("ordinal",) if is_word else ("ordinal", "letter")
    return any(style.bare_lead(said, asked, kind=kind) for kind in kinds)


def _opens_weakly(said: str, before: str, asked: Asked, _style: Style) -> bool:
    """The same behind a mere "and": only where hardly another reading is left."""
    lead, about = opened_within(said, asked), after_about(said, asked.meetings)
    if (lead and lead.text) or (about and about[1]):
        return True
    first, second = (begins_with_call(one, asked.meetings) for one in (before, said))
    are_sentences = min(len(before.split()), len(said.split())) >= FEWEST_WORDS_OF_A_SENTENCE
    return None not in (first, second) and first != second and are_sentences


@cache
def _cuts() -> re.Pattern[str]:
    return re.compile(rf"{CUT.pattern}|(?P<weak>\s(?=(?:{all_of('and_word')})\s))", re.IGNORECASE)


@cache
def _numbered_cuts() -> re.Pattern[str]:
    """The same in a line that counts the calls: "1. Dana signs 2. Tom pays"."""
    date = rf"(?:{all_of('time_word')})(?!\w)"
    return re.compile(rf"{_cuts().pattern}|\s(?=\d{{1,2}}\.\s(?!{date}))", re.IGNORECASE)


@cache
def _and() -> re.Pattern[str]:
    return re.compile(rf"(?:{all_of('opens_clause')})\s++", re.IGNORECASE)


def _opens_command(text: str, asked: Asked) -> bool:
    """Whether the next clause is a command that names its calls, or the next two are."""
    clauses = CUT.split(text, maxsplit=1)
    if commands_of_calls(clauses[0], asked):
        return True
    is_name = the_rest().fullmatch(clauses[0]) or named_calls(clauses[0], asked.meetings)
    return len(clauses) > 1 and bool(is_name) and commands_of_calls(text, asked)


def _named_behind(text: str, asked: Asked) -> list[Lead]:
    """The pieces of "Dana signs (Acme), Tom sends the list (Globex)"."""
    pieces, begin = [], 0
    for match in list(_IN_BRACKETS.finditer(text))[:MOST_CUTS]:
        number = None if match[1].isdecimal() else named_call(match[1], asked.meetings)
        words = text[begin : match.start()].strip(" ,;.")
        if number is None or not words or is_person(match[1], asked.meetings):
            return []
        pieces.append(Lead((number,), without_bullet(words)))
        begin = match.end()
    return pieces if pieces and not text[begin:].strip(" ,;.") else []


def _all_behind(text: str, asked: Asked) -> list[Lead]:
    """The whole of "they name a sponsor, same for both"."""
    bracket = list(_IN_BRACKETS.finditer(text))[-1:]
    ends = [
        (match.start(), match.end()) for match in [*bracket, *list(_cuts().finditer(text))[-1:]]
    ]
    for head, tail in ((text[:start], text[end:]) for start, end in ends):
        said = tail.strip(" .!)") or text[len(head) :]
        if head.strip() and names_all(said) and opened(head, asked) is None:
            return [Lead(tuple(one.number for one in asked.meetings), head.strip(" ,;.-"))]
    said_before = before_all(text)
    if said_before is None or opened(said_before, asked) or read_command(said_before):
        return []
    return [Lead(tuple(one.number for one in asked.meetings), said_before, is_guess=True)]


def _take(parts: Parts, piece: Lead, asked: Asked, style: Style) -> None:
    if piece.numbers:
        parts.open(piece)
        return
    commands = commanded(piece.text, asked)
    if commands is not None:
        parts.order(commands, piece.text)
        return
    named = begins_with_call(piece.text, asked.meetings)
    is_led = bool(style.alone) or not parts.guessed.issuperset(parts.current)
    is_other = named is not None and (named,) != parts.current and not is_led
    if named is not None and is_other and not known_milestone(piece.text, asked.milestones):
        said = without_customer(piece.text, asked.meetings)
        parts.open(Lead((named,), said, is_guess=True))
        return
    parts.add(piece.text)


def _give_to_the_rest(parts: Parts, asked: Asked) -> None:
    """What was said of "the rest" goes to every call of which nothing else is said."""
    words = parts.lines.pop(REST, [])
    if words:
        parts.lines.update({number: list(words) for number in parts.left(asked)})
    if parts.for_rest is not None:
        left = parts.left(asked)
        parts.commands.update(dict.fromkeys(left, parts.for_rest))
        parts.ditto.update(left if REST in parts.ditto else ())


def _copy(parts: Parts, asked: Asked) -> None:
    """ "B: same as A" says of B what was said of A; "same" alone what was said before it."""
    last = {one.number for one in asked.meetings if one.last is not None}
    before: int | None = None
    for number, own in parts.lines.items():
        said = [line for line in own if line.strip()]
        source = _ditto(said[0], asked) if len(said) == 1 else None
        if source is not None and (source or number not in last):
            from_call = source or before
            if from_call is not None and from_call in parts.lines:
                parts.lines[number] = list(parts.lines[from_call])
                parts.guessed.update({number} if not source else set())
        before = number
    for number in [n for n, one in parts.commands.items() if one.name is CommandName.SAME]:
        is_ditto = number in parts.ditto and number not in last
        if is_ditto and before is not None and number not in parts.lines:
            parts.lines[number] = list(parts.lines[before])
            del parts.commands[number]


def _ditto(text: str, asked: Asked) -> int | None:
    """The call that "same as Acme" names, 0 for "same" alone; `None` for any other text."""
    if len(text) > LONGEST_DITTO or _said_before().search(text):
        return None
    if whole("ditto").fullmatch(text.strip(" .!")):
        return 0
    match = _ditto_lead().match(text.strip())
    return named_call(text.strip()[match.end() :], asked.meetings) if match else None


def _is_ditto(text: str) -> bool:
    """Whether a command says "the same", and not as in an earlier mail: "same as last time", "no
    change"."""
    return _same().search(text) is not None and _said_before().search(text) is None


@cache
def _same() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('ditto')})(?!\w)", re.IGNORECASE)


@cache
def _said_before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('said_before')})(?!\w)", re.IGNORECASE)


@cache
def _ditto_lead() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{all_of('same_for')}|{all_of('ditto')})\s++(?:(?:{all_of('ditto_as')})\s++)?",
        re.IGNORECASE,
    )


def _by_people(parts: Parts, texts: Sequence[str], asked: Asked) -> None:
    """The whole of a reply that leads no part, where it speaks of one call's people alone, or
    begins with "both"."""
    said = mentioned("\n".join(texts), asked.meetings)
    words = [text for text in texts if text.strip()]
    numbers = said if len(said) == 1 else []
    if not said and len(asked.meetings) == 2 and words and _both().match(words[0]):
        numbers = [one.number for one in asked.meetings]
    for number in numbers:
        parts.lines[number] = list(words)
        parts.guessed.add(number)
    if numbers:
        parts.rest.clear()


@cache
def _both() -> re.Pattern[str]:
    return re.compile(rf"\W*+(?:{all_of('both')})\s", re.IGNORECASE)
