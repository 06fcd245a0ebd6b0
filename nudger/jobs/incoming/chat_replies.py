"""What a message, a click or a filled-in form says, as a reply by mail would."""

from __future__ import annotations

from typing import Any

from nudger.domain.commitment import Answer, Outcome
from nudger.mail.chat.form import answer_in
from nudger.mail.chat.message import Act
from nudger.mail.chat.words import plain_of
from nudger.mail.message import Asked, Command, CommandName, Disposition, Reply
from nudger.mail.reply import read_text
from nudger.store.chat import WordKind


class NothingSaid(ValueError):
    """A button or a form that we do not know: of an older version, or of nobody's."""


COMMANDS = {Act.SKIP: Command(CommandName.SKIP), Act.LATER: Command(CommandName.LATER, "2h")}


def reply_of(kind: WordKind, content: dict[str, Any], asked: Asked) -> Reply:
    """Raises `NothingSaid`."""
    match kind:
        case WordKind.MESSAGE:
            return read_text(plain_of(str(content.get("text", ""))), asked)
        case WordKind.CLICK:
            return _clicked(str(content.get("act", "")), asked)
        case WordKind.FORM:
            return _filled_in(content, asked)


def _clicked(said: str, asked: Asked) -> Reply:
    act, _, number_shown = said.partition(":")
    name, _, which = act.partition("-")
    number = _number(number_shown, asked)
    if name in COMMANDS:
        command = COMMANDS[Act(name)]
        commands = {number: command}
        return Reply(Disposition.COMMAND, command.name.value, "", commands=commands)
    if name == Act.OUTCOME and which in set(Outcome):
        outcomes = {number: (Outcome(which), "")}
        return Reply(Disposition.ANSWER, "outcome", "", outcomes=outcomes)
    if name == Act.MILESTONE and which.isdecimal() and int(which) < len(asked.milestones):
        answer = Answer(next_milestone=asked.milestones[int(which)].name)
        return Reply(Disposition.ANSWER, "answered", "", {number: answer}, listed_milestone=True)
    raise NothingSaid(said[:80])


def _filled_in(content: dict[str, Any], asked: Asked) -> Reply:
    number = _number(str(content.get("number", "")), asked)
    answer = answer_in(content.get("values") or {}, asked.milestones)
    if answer.is_empty:
        raise NothingSaid("form")
    return Reply(Disposition.ANSWER, "answered", "", {number: answer})


def _number(shown: str, asked: Asked) -> int:
    if not shown.isdecimal() or not 1 <= int(shown) <= len(asked.meetings):
        raise NothingSaid(shown[:80])
    return int(shown)
