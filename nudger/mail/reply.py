"""From a reply to what the rep answered: the new words, then the command or the fields in them.

One line is a complete answer. A sentence that merely contains a command's word is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nudger.domain.commitment import Answer
from nudger.mail.automatic import is_forward, not_to_us
from nudger.mail.commands import read_command
from nudger.mail.encrypted import is_encrypted
from nudger.mail.fields import match_milestone, read_fields, split_labels
from nudger.mail.message import Asked, AskedMeeting, Command, Disposition, Inbound, Reply
from nudger.mail.outcome import read_outcome
from nudger.mail.quoting import is_greeting
from nudger.mail.reactions import is_reaction
from nudger.mail.reply_text import Writer, holds_words, reply_text, text_words
from nudger.mail.signature_block import is_closing
from nudger.mail.vocabulary import language_of, whole

__all__ = ["match_milestone", "read_reply", "read_text"]

_DIGEST_NUMBER = re.compile(r"^\s*#?(\d{1,2})\s*[.):–—-]\s*(.*)$")
_SIGNED = re.compile(r"[A-ZÄÖÜÉÈÁÍÓÚ][\w'-]{1,20}\.?(?: [A-ZÄÖÜÉÈÁÍÓÚ][\w'.-]{0,20})?")


def read_reply(inbound: Inbound, asked: Asked) -> Reply:
    """What a received mail says. Never raises."""
    automatic = not_to_us(inbound)
    if automatic is not None:
        return Reply(*automatic, "")
    if is_encrypted(inbound):
        return Reply(Disposition.UNCLEAR, "encrypted", "")
    writer = Writer((inbound.sender_name, asked.rep_name), asked.lines)
    text = reply_text(inbound.plain, inbound.html, writer)
    if is_forward(inbound):
        return Reply(Disposition.FORWARD, "forwarded", text)
    if is_reaction(inbound, text):
        return Reply(Disposition.EMPTY, "reaction", text)
    if not text and holds_words(inbound.plain, inbound.html):
        return Reply(Disposition.EMPTY, "nothing_left", text)
    return _read(text, asked)


def read_text(text: str, asked: Asked) -> Reply:
    """What a plain-text reply says. Never raises; linear in the length of the text."""
    return _read(text_words(text, asked.lines, (asked.rep_name,)), asked)


def _read(text: str, asked: Asked) -> Reply:
    lines = [line for line in text.split("\n") if not is_closing(line)]
    content = [line for line in lines if line.strip() and not is_greeting(line)]
    if asked.about_outcome and (agreed := _agreed(content, text, asked)):
        return agreed
    if not content:
        return Reply(Disposition.EMPTY, "acknowledgement" if text.strip() else "empty", text)
    said = _said_alone(content, text, asked)
    if said is not None:
        return said
    return _answered(_unsigned(lines, asked), text, asked)


def _said_alone(content: Sequence[str], text: str, asked: Asked) -> Reply | None:
    """A command, thanks, "same as last time" or the number of a suggestion, alone."""
    alone = content[0].strip() if len(content) == 1 else ""
    command = _command(content, asked)
    if command is not None:
        name = command[0].name.value
        return Reply(Disposition.COMMAND, name, text, command=command[0], language=command[1])
    if alone and whole("acknowledgement").fullmatch(alone):
        language = language_of("acknowledgement", alone)
        return Reply(Disposition.EMPTY, "acknowledgement", text, language=language)
    accepted = _accepted(alone, asked)
    if accepted:
        return Reply(Disposition.ANSWER, "suggestion", text, answers=accepted)
    if alone and not any(c.isalnum() for c in alone):
        return Reply(Disposition.UNCLEAR, "no_words", text)
    return None


def _command(content: Sequence[str], asked: Asked) -> tuple[Command, str] | None:
    """A command on a line of its own, with nothing beside it but thanks or a name."""
    first = read_command(content[0])
    if first is None or len(content) > 3:
        return None
    rest = content[1:]
    polite = all(
        whole("acknowledgement").fullmatch(line.strip()) or _is_name(line, asked) for line in rest
    )
    return first if polite else None


def _is_name(line: str, asked: Asked) -> bool:
    bare = line.strip().strip("-–— ,.")
    own = {part.casefold() for part in (asked.rep_name, *asked.rep_name.split()) if part}
    return bare.casefold() in own or (_SIGNED.fullmatch(bare) is not None and len(bare) <= 25)


def _accepted(alone: str, asked: Asked) -> Mapping[int, Answer]:
    """The last answer or the suggestion, where the rep says that it stands."""
    if alone and whole("same").fullmatch(alone):
        return {one.number: one.last for one in asked.meetings if one.last is not None}
    suggested = [one for one in asked.meetings if one.suggestion]
    if alone.strip(" .)#") == "1" and len(asked.meetings) == 1 and suggested:
        return {1: Answer(commitment_objective=suggested[0].suggestion)}
    return {}


def _unsigned(lines: Sequence[str], asked: Asked) -> list[str]:
    """Without greeting at the top and the writer's bare name at the bottom."""
    kept = list(lines)
    while kept and (not kept[0].strip() or is_greeting(kept[0])):
        kept.pop(0)
    while kept and not kept[-1].strip():
        kept.pop()
    if len(kept) < 2 or not _SIGNED.fullmatch(kept[-1].strip().strip("-–— ,")):
        return kept
    name = kept[-1].strip().strip("-–— ,")
    is_own = bool(asked.rep_name) and name.casefold() in asked.rep_name.casefold()
    stands_apart = not kept[-2].strip() and len(name.split()) == 1
    listed = match_milestone(name, asked.milestones)[1]
    return kept[:-1] if (is_own or stands_apart) and not listed else kept


def _answered(lines: Sequence[str], text: str, asked: Asked) -> Reply:
    if len(asked.meetings) > 1:
        reply = _answered_digest(lines, text, asked)
        return reply or Reply(Disposition.UNCLEAR, "which_meeting", text)
    answer, listed, language = read_fields(lines, asked.milestones)
    if answer.is_empty and not answer.private:
        return Reply(Disposition.UNCLEAR, "no_answer_found", text, language=language)
    if answer.is_empty:
        command = read_command("private")
        return Reply(Disposition.COMMAND, "private", text, command=command[0] if command else None)
    return Reply(
        Disposition.ANSWER, "answered", text, answers={1: answer}, language=language,
        listed_milestone=listed,
    )  # fmt: skip


def _answered_digest(lines: Sequence[str], text: str, asked: Asked) -> Reply | None:
    """Answers to several meetings, each behind its number or its customer's name."""
    groups = _by_meeting(lines, asked)
    commands = {n: command for n, own in groups.items() if (command := _sole_command(own))}
    groups = {n: own for n, own in groups.items() if n not in commands}
    read = {n: read_fields(own, asked.milestones) for n, own in groups.items() if own}
    answers = {number: one[0] for number, one in read.items() if not one[0].is_empty}
    if not answers and not commands:
        return None
    disposition = Disposition.ANSWER if answers else Disposition.COMMAND
    language = next((one[2] for one in read.values() if one[2]), None)
    listed = any(one[1] for one in read.values())
    return Reply(
        disposition, "digest", text, answers=answers, commands=commands, language=language,
        listed_milestone=listed,
    )  # fmt: skip


def _by_meeting(lines: Sequence[str], asked: Asked) -> dict[int, list[str]]:
    """The lines about each meeting, by its number."""
    groups: dict[int, list[str]] = {}
    current: int | None = None
    for line in lines:
        number, rest = _meeting_of(line, asked)
        if number is not None:
            current = number
            groups.setdefault(number, [])
        if current is not None and rest.strip():
            groups[current].append(rest)
    return groups


def _sole_command(lines: Sequence[str]) -> Command | None:
    found = read_command(lines[0]) if len(lines) == 1 else None
    return found[0] if found else None


def _agreed(lines: Sequence[str], text: str, asked: Asked) -> Reply | None:
    """Whether the customer agreed, for each call where the mail asked about several."""
    if len(asked.meetings) > 1:
        said = {n: "\n".join(own) for n, own in _by_meeting(lines, asked).items()}
    else:
        said = {1: "\n".join(lines)}
    found = {n: read for n, words in said.items() if (read := read_outcome(words))}
    if not found:
        return None
    return Reply(Disposition.ANSWER, "outcome", text, outcomes=found)


def _meeting_of(line: str, asked: Asked) -> tuple[int | None, str]:
    """The meeting that a line begins to speak of, and the rest of the line."""
    numbered = _DIGEST_NUMBER.match(line)
    if numbered and any(one.number == int(numbered[1]) for one in asked.meetings):
        return int(numbered[1]), numbered[2]
    if split_labels(line.strip()):
        return None, line
    for meeting in asked.meetings:
        for name in _names_of(meeting):
            rest = _after_name(line, name)
            if rest is not None:
                return meeting.number, rest
    return None, line


def _after_name(line: str, name: str) -> str | None:
    """What stands behind a name at the start of a line and a mark; `None` for another line."""
    bare = line.strip()
    if bare[: len(name)].casefold() != name.casefold():
        return None
    rest = bare[len(name) :].lstrip()
    if rest and not rest.startswith((":", "–", "—", "-")):
        return None
    return rest[1:].strip()


def _names_of(meeting: AskedMeeting) -> list[str]:
    names = [meeting.title] if meeting.title.strip() else []
    for customer in meeting.customers:
        domain = customer.rpartition("@")[2]
        names += [customer, domain, domain.partition(".")[0]]
    return sorted((name for name in names if len(name) > 1), key=len, reverse=True)
