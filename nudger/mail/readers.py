"""The two readers of a reply, rules and learned parts, and which of them holds for each call.

The rules know labels, marks and phrases, the tagger where a sentence of the rep's own begins and
ends; in a digest the tagger reads twice, the whole and what the rules take for each call's part.
What two of these say holds. Where they differ, guests read at most what all take for the answer,
and only if the tagger is sure; anything else waits until the rep has looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from nudger.domain.clauses import is_in_known_words, is_plan
from nudger.domain.commitment import Answer, Milestone
from nudger.mail.by_rules import parts_of_calls, read_by_rules
from nudger.mail.message import Asked, Command, CommandName, Disposition, Reply
from nudger.mail.milestones import is_number, known_milestone
from nudger.mail.segments.pointers import numbers_of
from nudger.mail.segments.said import Reading
from nudger.mail.segments.tagger import tagged
from nudger.mail.talk import without_retracted

SURE_FROM = 0.9
"""How likely the tagger's least likely word has to be for it to be sure of what it read."""
LEAST_SURE = 0.6
"""Below it a command that the rules have not read is none."""
MOST_CHARACTERS = 2_000
"""Of longer replies the rules alone read: they are pasted, mostly, and take long."""
_AROUND = " \n.,;:!?-–—()[]"
_CLOSED = frozenset({"suggestion", "outcome"})
_NO_ANSWER = frozenset({"filler", "asked_back", "no_words"})
_UNKNOWN_TO_TAGS = frozenset(
    {
        CommandName.PUBLISH,
        CommandName.PRIVATE,
        CommandName.UNDO,
        CommandName.MUTE_SERIES,
        CommandName.FIRST_ONLY,
        CommandName.EVERY_NTH,
    }
)
"""The commands that only the rules know."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds of a call; `is_agreed` says that it needs no look before guests read it."""

    reading: Reading
    is_agreed: bool


def read_words(text: str, asked: Asked) -> Reply:
    """`text` is what the sender wrote, as `reply_text` gives it. Never raises; linear in its
    length."""
    first = read_by_rules(text, asked)
    if not _asks_the_tagger(first, asked):
        return first
    by_rules, whole = readings_by_rules(first, asked), tagged(text, asked, first)
    apart = _part_by_part(text, asked) if len(asked.meetings) > 1 else whole.readings
    in_whole = _parted(whole.readings, by_rules)
    found: dict[int, Chosen] = {}
    for number in numbers_of(asked):
        read = in_whole.get(number)
        three = _as_listed(by_rules.get(number), read, asked), read, apart.get(number)
        source = _copied_from(number, by_rules) if three[1] is None else None
        sure = whole.sure.get(number, 0.0)
        if _are_merged(number, by_rules, in_whole):
            three = (*three[:2], None)
        choice = found.get(source) if source else chosen(*three, sure)
        if choice and (number in by_rules or _may_be(choice, number, by_rules, first, asked)):
            found[number] = choice
    if whole.asks_who_reads:
        found = {n: _for_a_look(one, by_rules.get(n)) for n, one in found.items()}
    return _reply(first, by_rules, found, asked)


def _for_a_look(choice: Chosen, by_rules: Reading | None) -> Chosen:
    """What the tagger left out may be about who reads the answer: the rules judge by themselves
    whether theirs is."""
    return choice if choice.reading == by_rules else replace(choice, is_agreed=False)


def _parted(whole: Mapping[int, Reading], by_rules: Mapping[int, Reading]) -> dict[int, Reading]:
    """What the tagger read, but for what it took for one call's and the rules gave to several, word
    for word, as in "1. Dana signs", "2. Tom pays": it agrees about the words then, and the rules
    know more of numbers."""
    answers = [
        (number, one)
        for number, one in by_rules.items()
        if isinstance(one, Answer) and one.commitment_objective
    ]
    runs = [answers[a:b] for a in range(len(answers)) for b in range(a + 2, len(answers) + 1)]
    said = {_letters(one) for one in whole.values() if isinstance(one, Answer)}
    merged = (run for run in runs if "".join(_letters(one) for _, one in run) in said)
    return {**whole, **dict(entry for run in merged for entry in run)}


def _letters(answer: Answer) -> str:
    return "".join(filter(str.isalnum, answer.commitment_objective or ""))


def _as_listed(by_rules: Reading | None, whole: Reading | None, asked: Asked) -> Reading | None:
    """What the rules read, with the milestone that the tagger found in the list in the place of
    words that are not in it: "dann die Schulung danke"."""
    if not isinstance(by_rules, Answer) or not isinstance(whole, Answer):
        return by_rules
    names = {milestone.name for milestone in asked.milestones}
    if by_rules.next_milestone in (None, *names) or whole.next_milestone not in names:
        return by_rules
    return replace(by_rules, next_milestone=whole.next_milestone)


def _are_merged(number: int, by_rules: Mapping[int, Reading], whole: Mapping[int, Reading]) -> bool:
    """Whether the rules gave a call what the tagger read of another one as well: then the part that
    they give to it is no witness by itself."""
    merged, own = by_rules.get(number), whole.get(number)
    if not isinstance(merged, Answer) or not isinstance(own, Answer):
        return False
    words = _letters(merged)
    others = {_letters(one) for n, one in whole.items() if n != number and isinstance(one, Answer)}
    return any(one in words and one not in _letters(own) for one in others if one)


def _copied_from(number: int, by_rules: Mapping[int, Reading]) -> int | None:
    """The call before this one of which the rep said the same, as in "B: same as A"."""
    same = (n for n, one in by_rules.items() if n < number and one == by_rules.get(number))
    return next(same, None)


def _may_be(
    choice: Chosen, number: int, by_rules: Mapping[int, Reading], first: Reply, asked: Asked
) -> bool:
    """Whether the tagger may have read what the rules have not: of several calls an answer, where
    they found no filler or question to us in its place, nor another call that it is about; and any
    command of which it is sure."""
    is_no_answer = number in first.fillers or first.reason in _NO_ANSWER
    if not isinstance(choice.reading, Answer):
        return choice.is_agreed or not is_no_answer
    is_of_another = any(alike(choice.reading, one) for one in by_rules.values())
    return len(asked.meetings) > 1 and not is_no_answer and not is_of_another


def _asks_the_tagger(first: Reply, asked: Asked) -> bool:
    is_open = first.disposition in (Disposition.ANSWER, Disposition.COMMAND, Disposition.UNCLEAR)
    is_answered = first.reason in _CLOSED or asked.about_outcome or not asked.meetings
    is_plain = not without_retracted(first.text.split("\n")).taken_back
    is_short = len(first.text) <= MOST_CHARACTERS
    return is_open and not is_answered and is_plain and is_short and is_in_known_words(first.text)


def chosen(
    by_rules: Reading | None, whole: Reading | None, apart: Reading | None, sure: float
) -> Chosen | None:
    """What holds of a call, out of what the rules read, what the tagger read in the whole reply,
    and in the part that is about the call alone (in a reply about one call the same). `sure` is how
    likely the tagger thinks its reading of the whole."""
    three = (by_rules, whole, apart)
    if isinstance(whole, Command) and whole.name is CommandName.SAME:
        return Chosen(by_rules, is_agreed=True) if by_rules is not None else None
    if _is_kept_private(whole, by_rules) and sure >= SURE_FROM:
        return Chosen(_as_private(whole, three), is_agreed=True)
    if isinstance(by_rules, Command) and _stands(by_rules, whole, apart):
        return Chosen(_with_argument(by_rules, three), is_agreed=True)
    if by_rules is not None and alike(by_rules, whole):
        return Chosen(_as_private(by_rules, three), is_agreed=True)
    if (
        isinstance(by_rules, Answer)
        and isinstance(whole, Answer)
        and _knows_better(by_rules, whole)
    ):
        return Chosen(_as_private(by_rules, three), is_agreed=True)
    if _adds_a_milestone(whole, by_rules) and sure >= SURE_FROM:
        return Chosen(_as_private(whole, three), is_agreed=True)
    if by_rules is not None and alike(by_rules, apart):
        return Chosen(_as_private(by_rules, (apart,)), is_agreed=False)
    if by_rules is not None and _is_no_better(whole, apart, by_rules, sure):
        return Chosen(_as_private(by_rules, three), is_agreed=False)
    held = next((one for one in (whole, apart, by_rules) if one is not None), None)
    if held is None or (isinstance(held, Command) and sure < LEAST_SURE):
        return None
    is_agreed = held is whole and sure >= SURE_FROM and _shows_less(held, by_rules)
    return Chosen(_as_private(held, three), is_agreed)


def _is_kept_private(whole: Reading | None, by_rules: Reading | None) -> TypeGuard[Answer]:
    """Whether the rules heard that the guests are not to read, and the tagger the answer beside."""
    is_wish = isinstance(by_rules, Command) and by_rules.name is CommandName.PRIVATE
    return is_wish and isinstance(whole, Answer) and whole.commitment_objective is not None


def _adds_a_milestone(whole: Reading | None, by_rules: Reading | None) -> TypeGuard[Answer]:
    """Whether the tagger found a milestone besides what both say, as in "both at demo next"."""
    if not isinstance(whole, Answer) or not isinstance(by_rules, Answer):
        return False
    is_new = by_rules.next_milestone is None and whole.next_milestone is not None
    return is_new and _bare(replace(whole, next_milestone=None)) == _bare(by_rules)


def _knows_better(by_rules: Answer, whole: Answer) -> bool:
    return _knows_more(by_rules, whole) or _knows_the_rest(by_rules, whole)


def _is_no_better(
    whole: Reading | None, apart: Reading | None, by_rules: Reading, sure: float
) -> bool:
    """Whether what the rules read holds against a tagger's reading that both may not stand by: a
    command that was heard once, a commitment left out, or more words without being sure of them."""
    if not isinstance(by_rules, Answer):
        return False
    if isinstance(whole, Command):
        is_private = whole.name is CommandName.PRIVATE
        return is_private or not _is_heard_twice(whole, apart, by_rules, sure)
    if not isinstance(whole, Answer):
        return False
    objective, longer = by_rules.commitment_objective, whole.commitment_objective or ""
    is_unsure = sure < SURE_FROM and objective is not None and objective in longer
    return is_unsure or _lacks_the_commitment(whole, by_rules)


def _is_heard_twice(command: Command, apart: Reading | None, by_rules: Answer, sure: float) -> bool:
    """Whether the tagger read a command in the whole and apart, and is sure enough of it against an
    answer that the rules read: less where its words are no plan."""
    least = SURE_FROM if is_plan(by_rules.commitment_objective or "") else LEAST_SURE
    return apart is not command and alike(command, apart) and sure >= least


def _stands(command: Command, whole: Reading | None, apart: Reading | None) -> bool:
    """Whether a command that the rules read holds: they take few answers for one."""
    is_one_call = apart is whole
    if command.name in _UNKNOWN_TO_TAGS or is_one_call or not isinstance(whole, Answer):
        return True
    return alike(command, apart)


def _lacks_the_commitment(other: Answer, by_rules: Answer) -> bool:
    """Whether the tagger found none where the rules have words that may well be one."""
    objective = by_rules.commitment_objective
    is_left_out = other.commitment_objective is None and objective is not None
    names_it = (other.next_milestone or "-").lower() in (objective or "").lower()
    return is_left_out and is_plan(objective or "") and not names_it


def _knows_the_rest(by_rules: Answer, other: Answer) -> bool:
    """Whether what the tagger left with the commitment is, for the rules, a wish about who reads it
    or the next milestone."""
    objective, longer = by_rules.commitment_objective, other.commitment_objective
    if not objective or not longer or objective == longer or objective not in longer:
        return False
    if by_rules.private:
        return True
    rest = longer.replace(objective, "", 1).strip(_AROUND)
    named = (
        known_milestone(rest, (Milestone(by_rules.next_milestone),))
        if by_rules.next_milestone
        else None
    )
    return named is not None or (by_rules.next_milestone is not None and is_number(rest))


def alike(one: Reading, other: Reading | None) -> bool:
    """Whether two readings say the same; a full stop more or less is no difference, nor who may
    read it, nor a command's argument."""
    if isinstance(one, Command):
        return isinstance(other, Command) and one.name is other.name
    return isinstance(other, Answer) and _bare(one) == _bare(other)


def _bare(answer: Answer) -> tuple[str, str | None, str]:
    objective, fallback = answer.commitment_objective or "", answer.fallback or ""
    return objective.rstrip(". "), answer.next_milestone, fallback.rstrip(". ")


def _shows_less(reading: Reading, other: Reading | None) -> bool:
    """Whether an answer has no words that another reading does not take for a part of it, too."""
    if not isinstance(reading, Answer) or not isinstance(other, Answer):
        return isinstance(reading, Command)
    kept = f"{other.commitment_objective}\n{other.fallback}"
    return all(
        not said or said in kept for said in (reading.commitment_objective, reading.fallback)
    )


def _as_private(reading: Reading, others: Iterable[Reading | None]) -> Reading:
    """An answer is kept from the guests where one of the readers heard that wish."""
    if not isinstance(reading, Answer):
        return reading
    return replace(reading, private=reading.private or any(map(_wishes_privacy, others)))


def _wishes_privacy(reading: Reading | None) -> bool:
    if isinstance(reading, Answer):
        return reading.private
    return reading is not None and reading.name is CommandName.PRIVATE


def _knows_more(by_rules: Answer, other: Answer) -> bool:
    """Whether the rules found a milestone besides what both say, or another where nothing else is
    said, as in a correction: there the tagger is the weaker."""
    said, same = _bare(by_rules), _bare(replace(other, next_milestone=by_rules.next_milestone))
    says_more = other.next_milestone is None or not (said[0] or said[2])
    return (
        by_rules.next_milestone not in (None, other.next_milestone) and said == same and says_more
    )


def _with_argument(command: Command, others: Iterable[Reading | None]) -> Command:
    same = (one for one in others if isinstance(one, Command) and one.name is command.name)
    said = (one.argument for one in (command, *same) if one.argument)
    return replace(command, argument=next(said, None))


def readings_by_rules(reply: Reply, asked: Asked) -> dict[int, Reading]:
    """What the rules read of each call."""
    found: dict[int, Reading] = dict(reply.commands)
    if reply.command is not None:
        found = dict.fromkeys(numbers_of(asked), reply.command)
    return {**found, **reply.answers}


def _part_by_part(text: str, asked: Asked) -> dict[int, Reading]:
    """What the tagger reads in the part of a digest that the rules give to each call."""
    parts = parts_of_calls(text, asked)
    found: dict[int, Reading] = {
        number: one for number, one in parts.commands.items() if one.name is not CommandName.SAME
    }
    for meeting in asked.meetings:
        words = "\n".join(parts.lines.get(meeting.number, ())).strip()
        if not words:
            continue
        one = replace(asked, meetings=(replace(meeting, number=1),))
        read = tagged(words, one, read_by_rules(words, one)).readings.get(1)
        if read is not None:
            found[meeting.number] = read
    return found


def _unread(
    first: Reply, by_rules: Mapping[int, Reading], found: Mapping[int, Chosen]
) -> dict[int, str]:
    """What could not be read; words of no call are read where the tagger gave a call its answer."""
    are_placed = not found.keys() <= by_rules.keys()
    left = {n: words for n, words in first.unread.items() if n not in found}
    return {n: words for n, words in left.items() if n or not are_placed}


def _reply(
    first: Reply, by_rules: Mapping[int, Reading], found: Mapping[int, Chosen], asked: Asked
) -> Reply:
    """The reply with what holds of each call in the place of what the rules read."""
    unsure = frozenset(n for n, one in found.items() if not one.is_agreed)
    if {n: one.reading for n, one in found.items()} == by_rules:
        return replace(first, doubtful=first.doubtful | (unsure & first.answers.keys()))
    answers = {n: one.reading for n, one in found.items() if isinstance(one.reading, Answer)}
    commands = {n: one.reading for n, one in found.items() if isinstance(one.reading, Command)}
    names = {milestone.name for milestone in asked.milestones}
    reply = replace(
        first,
        answers=answers,
        command=None,
        commands=commands,
        doubtful=(first.doubtful | unsure) & answers.keys(),
        unread=_unread(first, by_rules, found),
        listed_milestone=any(one.next_milestone in names for one in answers.values()),
    )
    if len(asked.meetings) > 1:
        kind = Disposition.ANSWER if answers else Disposition.COMMAND
        return replace(reply, disposition=kind, reason="digest")
    if answers:
        return replace(reply, disposition=Disposition.ANSWER, reason="answered")
    command = next(iter(commands.values()))
    return replace(
        reply,
        disposition=Disposition.COMMAND,
        reason=command.name.value,
        command=command,
        commands={},
    )
