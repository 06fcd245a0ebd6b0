"""Commands in a reply about several calls that name the calls they are about: "skip 2", "Acme isn't
mine, ask …", "later for the rest"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nudger.mail.calls import CUT, begins_with_call, each_word, named_by_words, named_call
from nudger.mail.commands import (
    TAKES_ANY_REASON,
    gives_reason,
    is_polite,
    read_command,
    read_command_alone,
)
from nudger.mail.message import Asked, AskedMeeting, Command
from nudger.mail.milestones import read_number
from nudger.mail.sentences_of_calls import all_calls
from nudger.mail.vocabulary import all_of, rows_of, the_rest, whole

LONGEST_COMMAND = 160

_GAP = re.compile(r"(?<=\S)\s++([,;:.!?])")
_EMPTY_CLAUSES = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command and the calls that it is about; `for_rest` says that these are all the others."""

    command: Command
    numbers: tuple[int, ...] = ()
    for_rest: bool = False


def commanded(text: str, asked: Asked) -> list[Commanded] | None:
    """The commands of a text that names their calls; `None` for any other text."""
    if len(text) > LONGEST_COMMAND:
        return None
    one = one_commanded(text, asked)
    if one is not None:
        return [one]
    clauses = [clause for clause in _clause_end().split(text) if clause.strip()]
    if len(clauses) < 2:
        return None
    found: list[Commanded] = []
    for clause in clauses:
        said = one_commanded(clause, asked)
        if said is not None:
            found.append(said)
        elif not is_polite(clause) and not _is_reason(clause, found, asked):
            return None
    return found or None


def _is_reason(clause: str, before: Sequence[Commanded], asked: Asked) -> bool:
    """Whether a clause only says why: "skip Borealis, that's just onboarding"; what begins with
    another call is said of that one."""
    takes_reason = bool(before) and before[-1].command.name in TAKES_ANY_REASON
    if not takes_reason or not gives_reason(clause):
        return False
    named = begins_with_call(clause, asked.meetings)
    return named is None or named in before[-1].numbers


def commands_of_calls(clause: str, asked: Asked) -> bool:
    """Whether a clause is a command that names its calls."""
    return len(clause) <= LONGEST_COMMAND and one_commanded(clause, asked) is not None


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(
        rf"[,;.!]\s+(?:(?:{all_of('and_word')})\s+)?|\s(?:{all_of('and_word')})\s(?=\D)",
        re.IGNORECASE,
    )


def one_commanded(text: str, asked: Asked) -> Commanded | None:
    """The command of a clause that names its calls, all of them, or the rest."""
    everyone = tuple(one.number for one in asked.meetings)
    for sought, numbers, for_rest in ((the_rest(), (), True), (all_calls(), everyone, False)):
        match = sought.search(text)
        left = f"{text[: match.start()]} {text[match.end() :]}" if match else ""
        command = _left_command(left) if match else None
        if command:
            return Commanded(command, numbers, for_rest)
        if match and numbers and (found := _command_of_named(left, asked)):
            return found
    return _command_of_named(text, asked)


def _command_of_named(text: str, asked: Asked) -> Commanded | None:
    """A command with names of calls in it: the names are taken out, and what leads to them."""
    numbers: list[int] = []
    kept: list[str] = []
    words = list(each_word(text))
    just_named, before = False, ""
    for at, (word, plain) in enumerate(words):
        following = words[at + 1][1] if at + 1 < len(words) else ""
        is_time = _tells_time(plain, following, kept)
        is_name = "@" not in word and not is_time
        led_by, before = before, plain
        if just_named and _adds_nothing(plain):
            continue
        if _points_back(plain, led_by):
            kept.append(word)
            continue
        number = _named_in_command(word, plain, asked.meetings) if is_name else None
        just_named = number is not None
        if number is None:
            kept.append(word)
            continue
        numbers.append(number)
        while kept and whole("about").fullmatch(kept[-1].strip(",;:").lower() or "-"):
            kept.pop()
    if not numbers or not kept:
        return None
    command = _left_command(" ".join(kept), is_list=_in_clauses(text, asked) > 1)
    return Commanded(command, tuple(dict.fromkeys(numbers))) if command else None


def _points_back(plain: str, led_by: str) -> bool:
    """Whether a number's word stands for the call that is spoken of: "this one"; and not for the
    first one, as in "skip one"."""
    if read_number(plain) is None or whole("about").fullmatch(plain) is None:
        return False
    return whole("pointing").fullmatch(led_by or "-") is not None


def _adds_nothing(plain: str) -> bool:
    """Whether a word behind a call's name belongs to it: "the second one", "the Acme call"."""
    return any(whole(name).fullmatch(plain) for name in ("call_word", "call_tail"))


def _tells_time(plain: str, following: str, before: Sequence[str]) -> bool:
    """Whether a number is one of hours, days or weeks: "two weeks", "at 9"."""
    if read_number(plain) is None:
        return False
    is_counted = following != "" and whole("time_unit").fullmatch(following) is not None
    return is_counted or (bool(before) and before[-1].lower() in rows_of("before_hours"))


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
        for clause in CUT.split(text)
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
