"""From a reply to what the rep answered: the new words, then the fields or the command in them.

One line is a complete answer. Labels (`C.O.:`, `Next:`, `Fallback:`) and a milestone's number are
understood; without labels the first line is the Commitment Objective and the second the milestone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from nudger.domain.commitment import Answer, Milestone
from nudger.mail.message import Asked, Command, CommandName, Disposition, Inbound, Reply

LONGEST_READ = 200_000
MOST_LINES = 2_000
LONGEST_FIELD = 500

_SENTINEL = re.compile(r"^[>\s*_]*▲ ?Please reply above this line", re.IGNORECASE)
_WROTE = re.compile(
    r"^\s*(?:on|am|le|el|em|il|op|den|w dniu)\b.{4,200}"
    r"(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał)[^:]{0,60}:\s*$",
    re.IGNORECASE,
)
_OPENS_WROTE = re.compile(r"^\s*(?:on|am|le|el|em|il|op|den)\s.{6,200}$", re.IGNORECASE)
_DIVIDER = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|"
    r"mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|"
    r"forwarded message)\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"^\s*\*?(?:from|von|de|da|van)\s?:\*?\s.{3,200}$", re.IGNORECASE)
_HEADER_NEXT = re.compile(
    r"^\s*\*?(?:sent|to|date|subject|gesendet|an|datum|betreff|envoyé|à|objet|enviado|para|asunto|"
    r"assunto|inviato|oggetto|verzonden|aan|onderwerp)\s?:\*?",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:--\s*|—\s*|sent from my .{2,40}|von meinem .{2,40} gesendet|envoyé de mon .{2,40}|"
    r"enviado desde mi .{2,40}|enviado do meu .{2,40}|inviato da .{2,40}|"
    r"verzonden vanaf .{2,40}|get outlook for .{2,20})$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:thanks|thank you|thx|cheers|best|best regards|kind regards|regards|br|vg|lg|mfg|"
    r"viele grüße|beste grüße|danke|merci|gracias|grazie|obrigad[oa]|groeten)[\s,!.]*$",
    re.IGNORECASE,
)
_LABELS = {
    "commitment_objective": r"c\.?\s?o\.?|commitment(?: objective)?|objective",
    "next_milestone": r"next(?: milestone)?|milestone|nm",
    "fallback": r"fall-?back|plan b",
}
_LABEL = re.compile(
    "^(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items())
    + r")\s*[:=–-]\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+(?=\S)")
_NUMBER = re.compile(r"^#?(\d{1,2})[.)]?$")

_COMMANDS = (
    (CommandName.SKIP, re.compile(r"skip(?: it| this)?")),
    (CommandName.NOT_CUSTOMER, re.compile(r"not a customer(?: meeting)?")),
    (CommandName.LATER, re.compile(r"later(?: (?P<argument>.{1,40}))?")),
    (CommandName.PAUSE, re.compile(r"pause(?: (?P<argument>.{1,40}))?")),
    (CommandName.STOP, re.compile(r"stop|unsubscribe")),
    (CommandName.START, re.compile(r"start")),
    (CommandName.MUTE_SERIES, re.compile(r"mute(?: (?:the |this )?series)?")),
    (CommandName.HAND_OVER, re.compile(r"not me[,;.]? ?ask (?P<argument>\S+@\S+)")),
    (CommandName.PRIVATE, re.compile(r"private")),
    (CommandName.UNDO, re.compile(r"undo")),
    (CommandName.HELP, re.compile(r"help|\?")),
)
_ACKNOWLEDGEMENT = re.compile(
    r"(?:ok(?:ay)?|thanks|thank you|thx|great|done|got it|danke|merci|gracias)[\s!.]*",
    re.IGNORECASE,
)


def read_reply(inbound: Inbound, asked: Asked) -> Reply:
    """What a received mail says. Never raises."""
    kind = _not_from_a_person(inbound)
    if kind is not None:
        return Reply(kind, kind.value, "")
    text = inbound.plain
    if not (text and text.strip()) and inbound.html:
        text = html_text(inbound.html)
    return read_text(text or "", asked)


def read_text(text: str, asked: Asked) -> Reply:
    """What a plain-text reply says. Never raises; linear in the length of the text."""
    lines = new_lines(text)
    shown = "\n".join(lines).strip()
    content = [line for line in lines if line.strip() and not _CLOSING.match(line.strip())]
    if not content:
        reason = "acknowledgement" if shown else "empty"
        return Reply(Disposition.EMPTY, reason, shown)
    if len(content) == 1 and (command := read_command(content[0])):
        return Reply(Disposition.COMMAND, command.name.value, shown, command=command)
    if len(content) == 1 and _ACKNOWLEDGEMENT.fullmatch(content[0].strip()):
        return Reply(Disposition.EMPTY, "acknowledgement", shown)
    answer, listed = read_answer(content, asked.milestones)
    if answer.is_empty:
        return Reply(Disposition.UNCLEAR, "no_answer_found", shown)
    return Reply(
        Disposition.ANSWER, "answered", shown, answers={1: answer}, listed_milestone=listed
    )


def new_lines(text: str) -> list[str]:
    """The lines that the sender wrote, in order: nothing quoted, no signature."""
    lines = text[:LONGEST_READ].replace("\r\n", "\n").split("\n")[:MOST_LINES]
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _begins_quote(lines, at):
            break
        if _SIGNATURE.match(line.strip()):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return kept


def _begins_quote(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if _SENTINEL.match(line) or _DIVIDER.match(line) or _WROTE.match(line):
        return True
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if _OPENS_WROTE.match(line) and _WROTE.match(f"{line} {following.strip()}"):
        return True
    return bool(_HEADER_LINE.match(line) and _HEADER_NEXT.match(following))


def read_command(line: str) -> Command | None:
    """The command that a line is, if it is one and nothing else."""
    bare = line.strip().strip("\"'“”.!").strip().lower()
    for name, pattern in _COMMANDS:
        match = pattern.fullmatch(bare)
        if match:
            return Command(name, match.groupdict().get("argument"))
    return None


def read_answer(lines: Sequence[str], milestones: Sequence[Milestone]) -> tuple[Answer, bool]:
    """The fields in the new words, and whether the milestone is one of the list."""
    fields: dict[str, str] = {}
    private = False
    current: str | None = None
    for line in lines:
        bare = _BULLET.sub("", line.strip()) if not _NUMBER.match(line.strip()) else line.strip()
        label = _LABEL.match(bare)
        if label:
            current = next(name for name in _LABELS if label[name])
            fields[current] = label["value"].strip()
        elif bare.lower().strip(".! ") == "private":
            private = True
        else:
            current = _place(fields, bare, current, milestones)
    milestone, listed = match_milestone(fields.get("next_milestone", ""), milestones)
    return Answer(
        commitment_objective=_field(fields, "commitment_objective"),
        next_milestone=milestone,
        fallback=_field(fields, "fallback"),
        private=private,
    ), listed


def _place(
    fields: dict[str, str], line: str, current: str | None, milestones: Sequence[Milestone]
) -> str | None:
    """Put an unlabelled line where it belongs; returns the field that it went to."""
    if current is not None and not fields.get(current):
        fields[current] = line
        return current
    listed = match_milestone(line, milestones)[1]
    if "next_milestone" not in fields and (listed or "commitment_objective" in fields):
        fields["next_milestone"] = line
        return "next_milestone"
    if "commitment_objective" not in fields:
        fields["commitment_objective"] = line
        return "commitment_objective"
    return current


def _field(fields: dict[str, str], name: str) -> str | None:
    return fields.get(name, "").strip()[:LONGEST_FIELD] or None


def match_milestone(text: str, milestones: Sequence[Milestone]) -> tuple[str | None, bool]:
    """The milestone that the text names, by number, name or alias; else the text itself."""
    wanted = text.strip().strip(".").strip()
    number = _NUMBER.match(wanted)
    if number and 1 <= int(number[1]) <= len(milestones):
        return milestones[int(number[1]) - 1].name, True
    folded = wanted.casefold()
    for milestone in milestones:
        if folded in (name.casefold() for name in (milestone.name, *milestone.aliases)):
            return milestone.name, True
    return wanted[:LONGEST_FIELD] or None, False


_QUOTE_MARKS = (
    "//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]",
    "//blockquote",
    "//*[@id='divRplyFwdMsg' or @id='appendonsend']",
)


def html_text(page: str) -> str:
    """The text of an HTML reply without the quotes that mail programs mark."""
    try:
        root: Any = lxml_html.fromstring(page[:LONGEST_READ])
        for path in _QUOTE_MARKS:
            for element in root.xpath(path):
                element.drop_tree()
        for element in root.xpath("//style|//script|//head"):
            element.drop_tree()
        for element in root.iter("br", "p", "div", "tr", "li"):
            element.tail = "\n" + (element.tail or "")
    except (etree.ParserError, ValueError, AssertionError, RecursionError):
        return html.unescape(re.sub(r"<[^<>]{0,500}>", " ", page[:LONGEST_READ]))
    return str(root.text_content())


def _not_from_a_person(inbound: Inbound) -> Disposition | None:
    headers = inbound.headers
    automatic = headers.get("auto-submitted", ("no",))[0].lower()
    if inbound.content_type == "multipart/report" or headers.get("return-path") == ("<>",):
        return Disposition.BOUNCE
    if inbound.content_type == "text/calendar" or "text/calendar" in inbound.part_types:
        return Disposition.CALENDAR_RESPONSE
    if not automatic.startswith("no") or "x-autoreply" in headers or "x-autorespond" in headers:
        return Disposition.AUTO_REPLY
    if headers.get("precedence", ("",))[0].lower() in ("auto_reply", "bulk", "junk", "list"):
        return Disposition.AUTO_REPLY
    return None
