"""A reply to a question about several calls, parted into what it says about each of them.

Each part is led by the call's letter, number, place in the order, customer, title or guest; a
command may name the calls that it is about, or all, or the rest. What names no call and speaks of
the customer or the guests of one call only belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from nudger.mail.asides import is_chatter
from nudger.mail.calls import (
    after_about,
    begins_with_call,
    each_word,
    is_person,
    mentioned,
    named_by_words,
    named_call,
)
from nudger.mail.commands import is_polite, read_command, read_command_alone
from nudger.mail.labels import split_labels
from nudger.mail.message import Asked, AskedMeeting, Command
from nudger.mail.milestones import known_milestone, read_number
from nudger.mail.visible import visible, without_signs
from nudger.mail.vocabulary import all_of, whole

LONGEST_LEAD = 60
MOST_WORDS_OF_A_LEAD = 7
LONGEST_COMMAND = 160
MOST_CUTS = 40

_SHORT_LEAD = re.compile(
    r"\(?#?\s*+(?:(?:call|meeting|termin|gespräch|réunion|reunión|llamada|riunione|gesprek|reunião|nr\.?|no\.?|n°)\s++)?#?"
    r"(?P<name>\d{1,2}|[a-zA-Z])(?:\s*+[.):–—=-]++\s*+|\s*+->\s*+)(?=\S|$)"
)
_BARE_LEAD = re.compile(r"(?P<name>#?\d{1,2}|[A-Z])\s++(?P<rest>\S.*)")
_MARK = re.compile(r"[:：=–—\t]|->|(?<=\s)-(?=\s)")
_CUT = re.compile(r"(?:[,;.!]|\s-)\s++(?=\S)|\s(?=\(?[A-Z\d]\)\s)")
_GAP = re.compile(r"(?<=\S)\s++([,;:.!?])")
_BEFORE_HOURS = (
    "at",
    "um",
    "à",
    "las",
    "alle",
    "às",
    "om",
    "in",
    "tomorrow",
    "morgen",
    "demain",
    "domani",
)
_IN_BRACKETS = re.compile(r"\(([^()]{2,40})\)")
_EMPTY_CLAUSES = re.compile(r"[,;]")
_ALONE = " .):#(*_-–—"


@dataclass(slots=True)
class Parts:
    """What is said about each call, by its number: `lines`, or a `command` with its calls named in
    it; `guessed` are calls that were found by their people alone, `loose` those led by a bare
    number. `rest` names no call."""

    lines: dict[int, list[str]] = field(default_factory=dict)
    commands: dict[int, Command] = field(default_factory=dict)
    guessed: set[int] = field(default_factory=set)
    loose: set[int] = field(default_factory=set)
    rest: list[str] = field(default_factory=list)
    for_rest: Command | None = None
    current: int | None = None


def part(lines: Sequence[str], asked: Asked) -> Parts:
    """The parts of a reply to a mail about several calls."""
    parts, texts = Parts(), [without_signs(visible(line)) for line in lines]
    style = _Style.of(texts, asked)
    for at, text in enumerate(texts):
        if not text.strip():
            if parts.current is not None:
                parts.lines[parts.current].append("")
            continue
        if style.is_lead(at):
            _open(parts, style.leads[at])
            continue
        for piece in _pieces(text, asked, style):
            _take(parts, piece, asked, style)
    if parts.for_rest is not None:
        said = {*parts.lines, *parts.commands}
        others = [one.number for one in asked.meetings if one.number not in said]
        parts.commands.update(dict.fromkeys(others, parts.for_rest))
    if not parts.lines and not parts.commands:
        _by_people(parts, texts, asked)
    return parts


@dataclass(frozen=True, slots=True)
class _Style:
    """How a reply leads its parts: lines that are a number or a letter alone and open a call, by
    their place, and whether bare numbers or letters before words do."""

    leads: dict[int, int]
    bare: bool = False

    @staticmethod
    def of(texts: Sequence[str], asked: Asked) -> _Style:
        return _Style(_leads(texts, asked), _has_bare_leads(texts, asked))

    def is_lead(self, at: int) -> bool:
        return at in self.leads


def _leads(texts: Sequence[str], asked: Asked) -> dict[int, int]:
    """The lines that are a call's number or letter alone. Numbers may be milestones too: they lead
    only where the first of them opens the reply, each once, and words follow at once."""
    count = len(asked.meetings)
    filled = [at for at, text in enumerate(texts) if text.strip()]
    alone = {at: number for at in filled if (number := _alone(texts[at], count)) is not None}
    leads: dict[int, int] = {}
    opens = next((at for at in filled if not is_chatter(texts[at])), None)
    by_number = (
        opens in alone and texts[opens].strip(_ALONE).isdecimal() if opens is not None else False
    )
    for place, at in enumerate(filled):
        if at not in alone:
            continue
        digits = texts[at].strip(_ALONE).isdecimal()
        following = filled[place + 1] if place + 1 < len(filled) else None
        words_follow = following is not None and following == at + 1 and following not in alone
        is_next = alone[at] > max(leads.values(), default=0)
        if not digits or (by_number and words_follow and is_next):
            leads[at] = alone[at]
    return leads


def _alone(text: str, count: int) -> int | None:
    said = text.strip(_ALONE)
    if said.isdecimal() and len(said) <= 2:
        return int(said) if 1 <= int(said) <= count else None
    if len(said) == 1 and said.isalpha() and said.isascii():
        number = ord(said.lower()) - ord("a") + 1
        return number if number <= count else None
    return None


def _has_bare_leads(texts: Sequence[str], asked: Asked) -> bool:
    """Whether lines such as "1 Dana signs" stand for calls: two of them in order, or one that
    speaks of that call's people."""
    found = [lead for text in texts if (lead := _bare_lead(text, asked))]
    numbers = [number for number, _ in found]
    if len(numbers) >= 2 and numbers == sorted(set(numbers)):
        return True
    return any(
        number in mentioned(rest, asked.meetings) or read_command(rest) for number, rest in found
    )


def _bare_lead(text: str, asked: Asked) -> tuple[int, str] | None:
    match = _BARE_LEAD.match(text.strip())
    number = _alone(match["name"], len(asked.meetings)) if match else None
    return (number, match["rest"]) if match and number else None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line: the call that it opens, if it does, and its words."""

    number: int | None
    text: str
    is_loose: bool = False


def _pieces(text: str, asked: Asked, style: _Style) -> list[_Piece]:
    """A line, cut where another call is named."""
    behind = _named_behind(text, asked)
    if behind:
        return behind
    pieces, begin = [], 0
    cuts = [match.end() for match in _CUT.finditer(text)][:MOST_CUTS]
    for cut in cuts:
        lead = _and().match(text, cut)
        said = text[lead.end() :] if lead else text[cut:]
        if _opened(said, asked) is not None or _opens_command(said, asked):
            pieces.append(text[begin:cut].rstrip(" ,;-"))
            begin = len(text) - len(said)
    pieces.append(text[begin:])
    found = []
    for piece in pieces:
        opened = _opened(piece, asked)
        loose = _bare_lead(piece, asked) if opened is None and style.bare else None
        if opened is not None:
            found.append(_Piece(*opened))
        elif loose is not None:
            found.append(_Piece(*loose, is_loose=True))
        elif piece.strip():
            found.append(_Piece(None, piece))
    return found


def _named_behind(text: str, asked: Asked) -> list[_Piece]:
    """The pieces of "Dana signs (Acme), Tom sends the list (Globex)"."""
    pieces, begin = [], 0
    for match in list(_IN_BRACKETS.finditer(text))[:MOST_CUTS]:
        number = named_by_words(match[1], asked.meetings)
        words = text[begin : match.start()].strip(" ,;.")
        if number is None or not words or is_person(match[1], asked.meetings):
            return []
        pieces.append(_Piece(number, words))
        begin = match.end()
    return pieces if pieces and not text[begin:].strip(" ,;.") else []


def _opens_command(text: str, asked: Asked) -> bool:
    """Whether the next clause is a command that names its calls."""
    return _is_command_of_calls(_CUT.split(text, maxsplit=1)[0], asked)


@cache
def _and() -> re.Pattern[str]:
    return re.compile(r"(?:and|und|et|y|e|en|then|dann)\s++", re.IGNORECASE)


def _opened(text: str, asked: Asked) -> tuple[int, str] | None:
    """The call that a text opens, by letter, number, order or name and a mark; and its words."""
    bare = text.strip().strip("*_")
    for meeting in asked.meetings:
        rest = _after_name(bare, meeting.title)
        if rest is not None:
            return meeting.number, rest
    short = _SHORT_LEAD.match(bare)
    if short:
        number = _alone(short["name"], len(asked.meetings))
        if number is not None:
            return number, bare[short.end() :].strip("*_ ")
    if split_labels(bare[:LONGEST_LEAD]) or known_milestone(bare, asked.milestones):
        return None
    return _opened_by_name(bare, asked)


def _opened_by_name(bare: str, asked: Asked) -> tuple[int, str] | None:
    mark = _MARK.search(bare[: LONGEST_LEAD + 5])
    if mark is not None and mark.start():
        head = bare[: mark.start()]
        number = named_call(head, asked.meetings)
        if number is not None:
            return number, bare[mark.end() :].strip()
    if len(bare.split()) <= MOST_WORDS_OF_A_LEAD:
        number = named_by_words(bare, asked.meetings)
        if number is not None and not is_person(bare, asked.meetings):
            return number, ""
    about = after_about(bare, asked.meetings)
    clause = _CUT.split(bare, maxsplit=1)[0]
    if about is None or _is_command_of_calls(clause, asked):
        return None
    return about


def _is_command_of_calls(clause: str, asked: Asked) -> bool:
    return len(clause) <= LONGEST_COMMAND and _one_commanded(clause, asked) is not None


def _after_name(bare: str, name: str) -> str | None:
    """What stands behind a title at the start of a line and a mark; `None` for another line."""
    if len(name) < 2 or bare[: len(name)].casefold() != name.casefold():
        return None
    rest = bare[len(name) :].lstrip()
    if rest and not rest.startswith((":", "–", "—", "-", "=")):
        return None
    return rest[1:].strip()


def _take(parts: Parts, piece: _Piece, asked: Asked, style: _Style) -> None:
    if piece.number is not None:
        _open(parts, piece.number)
        if piece.is_loose:
            parts.loose.add(piece.number)
        if piece.text:
            parts.lines[piece.number].append(piece.text)
        return
    commanded = _commanded(piece.text, asked)
    if commanded is not None:
        _command(parts, commanded)
        return
    named = begins_with_call(piece.text, asked.meetings)
    is_led = bool(style.leads) or (parts.current is not None and parts.current not in parts.guessed)
    if (
        named is not None
        and named != parts.current
        and not is_led
        and not known_milestone(piece.text, asked.milestones)
    ):
        _open(parts, named)
        parts.guessed.add(named)
    if parts.current is None:
        parts.rest.append(piece.text)
    else:
        parts.lines[parts.current].append(piece.text)


def _open(parts: Parts, number: int) -> None:
    parts.current = number
    parts.lines.setdefault(number, [])


@dataclass(frozen=True, slots=True)
class _Commanded:
    command: Command
    numbers: tuple[int, ...] = ()
    for_rest: bool = False


def _command(parts: Parts, commanded: list[_Commanded]) -> None:
    for one in commanded:
        if one.for_rest:
            parts.for_rest = one.command
        parts.commands.update(dict.fromkeys(one.numbers, one.command))
    parts.current = None


def _commanded(text: str, asked: Asked) -> list[_Commanded] | None:
    """The commands of a text that names their calls: "skip 2", "Acme isn't mine, ask …"."""
    if len(text) > LONGEST_COMMAND:
        return None
    one = _one_commanded(text, asked)
    if one is not None:
        return [one]
    clauses = [clause for clause in _clause_end().split(text) if clause.strip()]
    if len(clauses) < 2:
        return None
    found = [_one_commanded(clause, asked) for clause in clauses if not is_polite(clause)]
    return [one for one in found if one] if found and all(found) else None


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(
        r"[,;.!]\s+(?:(?:and|und|et|y|e|en)\s+)?|\s(?:and|und|et|y|e|en)\s(?=\D)", re.IGNORECASE
    )


def _one_commanded(text: str, asked: Asked) -> _Commanded | None:
    everyone = tuple(one.number for one in asked.meetings)
    for name, numbers in (("rest", ()), ("all", everyone)):
        match = _sought_call(name).search(text)
        if match:
            left = f"{text[: match.start()]} {text[match.end() :]}"
            command = _left_command(left)
            if command:
                return _Commanded(command, numbers, name == "rest")
    return _command_of_named(text, asked)


def _sought_call(name: str) -> re.Pattern[str]:
    return _rest() if name == "rest" else _all()


@cache
def _rest() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('rest')})(?!\w)", re.IGNORECASE)


@cache
def _all() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{all_of('all')})(?!\w)", re.IGNORECASE)


def _command_of_named(text: str, asked: Asked) -> _Commanded | None:
    """A command with names of calls in it: the names are taken out, and what leads to them."""
    numbers: list[int] = []
    kept: list[str] = []
    words = list(each_word(text))
    before = ""
    for at, (word, plain) in enumerate(words):
        following = words[at + 1][1] if at + 1 < len(words) else ""
        led_by, before = before, plain
        if _points_back(plain, led_by, asked):
            kept.append(word)
            continue
        is_time = _tells_time(plain, following, kept)
        is_name = "@" not in word and not is_time
        number = _named_in_command(word, plain, asked.meetings) if is_name else None
        if number is None:
            kept.append(word)
            continue
        numbers.append(number)
        while kept and whole("about").fullmatch(kept[-1].strip(",;:").lower() or "-"):
            kept.pop()
    if not numbers or not kept:
        return None
    command = _left_command(" ".join(kept), is_list=_in_clauses(text, asked) > 1)
    return _Commanded(command, tuple(dict.fromkeys(numbers))) if command else None


def _points_back(plain: str, led_by: str, asked: Asked) -> bool:
    """Whether a number's word stands for a call that was named before it: "this one", "the second
    one", "the Acme one"; and not for the first call, as in "skip one"."""
    if read_number(plain) is None or whole("about").fullmatch(plain) is None:
        return False
    points = whole("pointing").fullmatch(led_by or "-") is not None
    return points or named_call(led_by, asked.meetings) is not None


def _tells_time(plain: str, following: str, before: Sequence[str]) -> bool:
    """Whether a number is one of hours, days or weeks: "two weeks", "at 9"."""
    if read_number(plain) is None:
        return False
    is_counted = following != "" and whole("time_unit").fullmatch(following) is not None
    return is_counted or (bool(before) and before[-1].lower() in _BEFORE_HOURS)


def _named_in_command(word: str, plain: str, meetings: Sequence[AskedMeeting]) -> int | None:
    if len(plain) == 1 and plain.isalpha():
        return named_call(plain, meetings) if word.strip(",.;:()").isupper() else None
    if plain.isdecimal() or read_number(plain) is not None:
        return named_call(plain, meetings)
    return named_by_words(plain, meetings) if plain else None


def _in_clauses(text: str, asked: Asked) -> int:
    """In how many clauses calls are named."""
    return sum(
        any(_named_in_command(*word, asked.meetings) for word in each_word(clause))
        for clause in _CUT.split(text)
    )


def _left_command(text: str, *, is_list: bool = False) -> Command | None:
    """The command that is left without the names of calls; `is_list` says that these stand in
    several clauses, so that no reason is looked for in them."""
    read = read_command_alone if is_list else read_command
    left = _EMPTY_CLAUSES.sub(" ", text).strip(" ,;:–—-") if is_list else text.strip(" ,;:–—-")
    found = read(left)
    if found is None:
        found = read(_GAP.sub(r"\1", left))
    if found is None:
        words = [
            one
            for one in left.split()
            if not whole("about").fullmatch(one.strip(",;:").lower() or "-")
        ]
        found = read(" ".join(words)) if words else None
    return found[0] if found else None


def _by_people(parts: Parts, texts: Sequence[str], asked: Asked) -> None:
    """The whole of a reply that leads no part, where it speaks of one call's people alone."""
    said = mentioned("\n".join(texts), asked.meetings)
    if len(said) == 1:
        parts.lines[said[0]] = [text for text in texts if text.strip()]
        parts.guessed.add(said[0])
        parts.rest.clear()
