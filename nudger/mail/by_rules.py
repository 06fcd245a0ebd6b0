"""What the words of a reply say by rules: the command in them, or the fields by their labels, marks
and phrases.

One line is a complete answer. A sentence that merely contains a command's word is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from nudger.domain.clauses import ClauseKind
from nudger.domain.commitment import Answer
from nudger.domain.sentences import sentences_of
from nudger.mail.asides import asks_us, is_filler
from nudger.mail.calls import customers_mentioned, mentioned
from nudger.mail.commands import (
    gives_reason,
    is_polite,
    read_command,
    read_command_alone,
    says_no_more,
)
from nudger.mail.corrections import changes_a_time, is_correction, without_lead
from nudger.mail.digest import Parts, part
from nudger.mail.fields import Fields, changes_of, read_fields
from nudger.mail.greeted import without_greeting
from nudger.mail.labels import split_labels
from nudger.mail.message import Asked, Command, CommandName, Disposition, Reply
from nudger.mail.milestones import is_number, known_milestone
from nudger.mail.outcome import read_outcome
from nudger.mail.quoting import is_greeting
from nudger.mail.signature_block import is_closing
from nudger.mail.talk import asks_who_reads, is_aside, meant_by, takes_back
from nudger.mail.visible import visible, without_signs
from nudger.mail.vocabulary import all_of, language_of, whole
from nudger.mail.writers_name import is_name, is_own_name, unsigned, without_own_name

MOST_LINES_OF_A_COMMAND = 4
LONGEST_ASIDE = 300
_CONSENT = re.compile(
    "[!.\\s]*(?:[\u2714\u2705\u2611\u2764\u263a\u270c\U0001f44c-\U0001f44f\U0001f64c\U0001f64f\U0001f600-\U0001f60a\U0001f642"
    "\U0001f91d\U0001f4aa\U0001f197\U0001f389\U0001f680\U0001f499-\U0001f49c\U0001f3fb-\U0001f3ff\ufe0f\u200d][!.\\s]*)+"
)


def read_by_rules(text: str, asked: Asked) -> Reply:
    """`text` is what the sender wrote, as `reply_text` gives it. Never raises; linear in the length
    of the text."""
    lines = _own_lines(text)
    content = [line for line in lines if line.strip() and not is_greeting(line)]
    if all(is_own_name(line, asked) for line in content):
        content = []
    if asked.about_outcome and (agreed := _agreed(content, text, asked)):
        return agreed
    if not content:
        return Reply(Disposition.EMPTY, "acknowledgement" if text.strip() else "empty", text)
    if len(asked.meetings) > 1:
        return _read_digest(lines, content, text, asked)
    reply = _said_alone(content, text, asked) or _answered(unsigned(lines, asked), text, asked)
    is_open = reply.disposition is Disposition.UNCLEAR or reply.reason == "answered"
    return _unless_meant(reply, content, asked) if is_open else reply


def _own_lines(text: str) -> list[str]:
    said = map(without_greeting, visible(text).split("\n"))
    return [line for line in said if not is_closing(line)]


def parts_of_calls(text: str, asked: Asked) -> Parts:
    """What is said of each call of a digest, by the marks and names that open them."""
    return part(unsigned(_own_lines(text), asked), asked)


def _read_digest(lines: Sequence[str], content: Sequence[str], text: str, asked: Asked) -> Reply:
    """What is said of several calls: words about some of them before words about all."""
    is_plain = len(content) == 1 and read_command_alone(content[0]) is not None
    parts = part(unsigned(lines, asked), asked)
    if not is_plain and (parts.lines or parts.commands):
        return _answered_digest(parts, text, asked)
    return _said_alone(content, text, asked) or _answered_digest(parts, text, asked)


def _said_alone(content: Sequence[str], text: str, asked: Asked) -> Reply | None:
    """A command, thanks, "same as last time" or the number of a suggestion, alone."""
    alone = content[0].strip() if len(content) == 1 else ""
    command = _command(content, asked)
    if command is not None and (last := _last(command[0], asked)):
        return Reply(Disposition.ANSWER, "suggestion", text, answers=last)
    if command is not None:
        name = command[0].name.value
        return Reply(Disposition.COMMAND, name, text, command=command[0], language=command[1])
    if alone and _is_thanks(without_own_name(alone, asked)):
        language = language_of("acknowledgement", alone)
        return Reply(Disposition.EMPTY, "acknowledgement", text, language=language)
    accepted = _accepted(alone, asked)
    if accepted:
        return Reply(Disposition.ANSWER, "suggestion", text, answers=accepted)
    if alone and not any(c.isalnum() for c in alone):
        return _signs_alone(alone, text)
    return _says_nothing(content, text, asked)


def _signs_alone(alone: str, text: str) -> Reply:
    """A thumbs-up is a courtesy, a question mark a question, and no other sign says anything."""
    if set(alone) <= set("?？ "):
        return Reply(Disposition.UNCLEAR, "asked_back", text)
    if _CONSENT.fullmatch(alone):
        return Reply(Disposition.EMPTY, "acknowledgement", text)
    return Reply(Disposition.UNCLEAR, "no_words", text)


def _says_nothing(content: Sequence[str], text: str, asked: Asked) -> Reply | None:
    """A filler or a question to us, and nothing else."""
    said = [line for line in content if not is_polite(line) and not is_name(line, asked)]
    if not said or any(known_milestone(line, asked.milestones) for line in said):
        return None
    if any(changes_of(line, asked.milestones) for line in said):
        return None
    if len(said) == 1 and changes_a_time(said[0]):
        return Reply(Disposition.UNCLEAR, "no_answer_found", text)
    if all(is_filler(line) for line in said):
        return Reply(Disposition.UNCLEAR, "filler", text, fillers=_all_of(asked))
    if all(is_filler(line) or asks_us(line) for line in said):
        return Reply(Disposition.UNCLEAR, "asked_back", text)
    return None


def _unless_meant(reply: Reply, content: Sequence[str], asked: Asked) -> Reply:
    """What was read, unless it is a bare text that is a word to us as no list holds it, and says
    nothing of the call; the wish beside an answer that it stays private was heard by then."""
    answer = reply.answers.get(1, Answer())
    says_more = answer.next_milestone or answer.fallback or answer.private
    if says_more or any(map(split_labels, content)):
        return reply
    text = reply.text
    said = [line for line in content if not is_polite(line) and not is_name(line, asked)]
    meant = meant_by(said)
    is_unclear = reply.disposition is Disposition.UNCLEAR
    if meant is None or (is_unclear and (meant.command is None or not meant.command.argument)):
        return reply
    if meant.command is not None:
        return Reply(Disposition.COMMAND, meant.command.name.value, text, command=meant.command)
    fillers = _all_of(asked) if meant.kind is ClauseKind.FILLER else frozenset()
    return Reply(Disposition.UNCLEAR, _UNCLEAR[meant.kind], text, fillers=fillers)


_UNCLEAR = {
    ClauseKind.FILLER: "filler",
    ClauseKind.QUESTION: "asked_back",
    ClauseKind.ASIDE: "no_answer_found",
}


def _is_thanks(alone: str) -> bool:
    bare = without_signs(alone)
    said = whole("acknowledgement").fullmatch(bare) is not None or is_polite(bare)
    return said and any(map(str.isalnum, bare))


def _command(content: Sequence[str], asked: Asked) -> tuple[Command, str] | None:
    """A command with nothing beside it but thanks, a reason or a name."""
    if len(content) > MOST_LINES_OF_A_COMMAND:
        return None
    for at, line in enumerate(content):
        found = read_command(_corrected(line))
        if found is None:
            continue
        others = [*content[:at], *content[at + 1 :]]
        if found[0].name is CommandName.PRIVATE:
            beside = [one for one in others if not is_name(one.strip(), asked)]
            return found if all(map(says_no_more, beside)) else None
        return found if all(_is_aside(one, asked) for one in others) else None
    return None


def _corrected(line: str) -> str:
    return (without_lead(line) or line) if is_correction(line) else line


def _is_aside(line: str, asked: Asked) -> bool:
    bare = line.strip()
    if whole("acknowledgement").fullmatch(bare) or is_polite(bare) or is_name(bare, asked):
        return True
    if len(bare) > LONGEST_ASIDE or known_milestone(bare, asked.milestones):
        return False
    return gives_reason(bare) and split_labels(bare) is None and not _opens_answer().match(bare)


@cache
def _opens_answer() -> re.Pattern[str]:
    """What a line beside a command begins with that is an answer rather than a reason."""
    return re.compile(rf"(?:{all_of('opens_answer')})\s")


def _last(command: Command, asked: Asked) -> Mapping[int, Answer]:
    """The last answers, where the rep says that they stand."""
    if command.name is not CommandName.SAME:
        return {}
    return {one.number: one.last for one in asked.meetings if one.last is not None}


def _accepted(alone: str, asked: Asked) -> Mapping[int, Answer]:
    """The suggestion, where the rep takes it."""
    suggested = [one for one in asked.meetings if one.suggestion]
    if alone.strip(" .()#") == "1" and len(asked.meetings) == 1 and suggested:
        return {1: Answer(commitment_objective=suggested[0].suggestion)}
    return {}


def _answered(lines: Sequence[str], text: str, asked: Asked) -> Reply:
    read = read_fields(lines, asked.milestones, names=(asked.rep_name,))
    answer = read.answer
    if answer.is_empty and not answer.private:
        fillers = frozenset({1} if read.has_filler else ())
        return Reply(
            Disposition.UNCLEAR, "filler" if fillers else "no_answer_found", text,
            language=read.language, fillers=fillers,
        )  # fmt: skip
    if answer.is_empty:
        command = read_command("private")
        return Reply(Disposition.COMMAND, "private", text, command=command[0] if command else None)
    return Reply(
        Disposition.ANSWER, "answered", text, answers={1: answer}, language=read.language,
        listed_milestone=read.listed, doubtful=frozenset({1} if read.guessed else ()),
        fillers=frozenset({1} if read.has_filler else ()),
    )  # fmt: skip


def _all_of(asked: Asked) -> frozenset[int]:
    return frozenset(one.number for one in asked.meetings)


def _answered_digest(parts: Parts, text: str, asked: Asked) -> Reply:
    """What is said about several meetings, each by its letter, number or people."""
    commands, unread = dict(parts.commands), {}
    read: dict[int, Fields] = {}
    answers: dict[int, Answer] = {}
    is_loose = _end_in_numbers(parts, asked)
    for number, own in parts.lines.items():
        said = [line for line in own if line.strip()]
        if not said:
            continue
        command = _command(said, asked)
        last = next((one.last for one in asked.meetings if one.number == number), None)
        if command is not None:
            if command[0].name is CommandName.SAME and last is not None:
                answers[number] = last
            else:
                commands[number] = command[0]
            continue
        words = "\n".join(said)
        if _says_nothing(said, words, asked) is not None:
            unread[number] = words
            continue
        read[number] = read_fields(
            own, asked.milestones, names=(asked.rep_name,), loose=is_loose or number in parts.loose
        )
        if read[number].answer.is_empty:
            unread[number] = words
            continue
        answers[number] = read[number].answer
        if _speaks_of_another(words, number, parts, asked):
            parts.guessed.add(number)
    if _may_concern_all(text):
        parts.guessed.update(answers)
    return _digest_reply(parts, text, read, answers, commands, unread)


def _may_concern_all(text: str) -> bool:
    """Whether a sentence in a line of its own may ask who reads the answers, or take one back, of
    whichever call."""
    own = [line for line in text.split("\n") if len(sentences_of(line)) == 1]
    asks = any(line.rstrip().endswith("?") and asks_who_reads(line) for line in own)
    return asks or any(map(takes_back, own))


def _end_in_numbers(parts: Parts, asked: Asked) -> bool:
    """Whether what is said of each of several calls ends in a number, which is then a milestone's:
    "a) Dana signs 4, b) Tom pays 2"."""
    lasts = [line.split()[-1] for own in parts.lines.values() for line in own if line.strip()]
    return len(lasts) > 1 and all(
        is_number(last) and known_milestone(last, asked.milestones) for last in lasts
    )


def _speaks_of_another(words: str, number: int, parts: Parts, asked: Asked) -> bool:
    """Whether an answer names another call's customer, or a guest of one of which nothing else is
    said, so that a part of it may belong there."""
    unsaid = set(mentioned(words, asked.meetings)).intersection(parts.left(asked))
    return bool(unsaid) or bool(customers_mentioned(words, asked.meetings) - {number})


def _digest_reply(
    parts: Parts,
    text: str,
    read: Mapping[int, Fields],
    answers: Mapping[int, Answer],
    commands: Mapping[int, Command],
    unread: Mapping[int, str],
) -> Reply:
    left = {n: words for n, words in unread.items() if n not in commands}
    fillers = frozenset(
        n for n, words in left.items() if n not in read and all(map(is_filler, words.split("\n")))
    ) | {n for n, one in read.items() if one.has_filler}
    stray = _of_no_call(parts.rest)
    if not answers and not commands:
        reason = "filler" if left and not stray else "which_meeting"
        return Reply(Disposition.UNCLEAR, reason, text, unread=left, fillers=fillers)
    if stray:
        left = {**left, 0: stray}
    answers = {n: _as_private(one, commands.get(n)) for n, one in answers.items()}
    guessed = parts.guessed | {n for n, one in read.items() if one.guessed}
    return Reply(
        Disposition.ANSWER if answers else Disposition.COMMAND,
        "digest",
        text,
        answers=answers,
        commands={n: command for n, command in commands.items() if n not in answers},
        language=next((one.language for one in read.values() if one.language), None),
        listed_milestone=any(one.listed for one in read.values()),
        doubtful=frozenset(guessed & answers.keys()),
        unread=left,
        fillers=fillers,
    )


def _of_no_call(lines: Sequence[str]) -> str:
    """What the rep is told that no call was named for; nothing where it is talk and no more."""
    said = [line for line in lines if line.strip() and not is_polite(line)]
    is_talk = all(is_aside(line) and "?" not in line for line in said)
    return "" if is_talk else "\n".join(said)


def _as_private(answer: Answer, command: Command | None) -> Answer:
    """An answer with the wish that a command about its call tells: "all private. A: …"."""
    is_wished = command is not None and command.name is CommandName.PRIVATE
    return replace(answer, private=True) if is_wished else answer


def _agreed(lines: Sequence[str], text: str, asked: Asked) -> Reply | None:
    """Whether the customer agreed, for each call where the mail asked about several."""
    if len(asked.meetings) > 1:
        said = {n: "\n".join(own) for n, own in part(lines, asked).lines.items()}
    else:
        said = {1: "\n".join(lines)}
    found = {n: read for n, words in said.items() if (read := read_outcome(words))}
    if not found:
        return None
    return Reply(Disposition.ANSWER, "outcome", text, outcomes=found)
