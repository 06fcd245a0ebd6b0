"""Messages in a chat: a question with its buttons, what became of it, and a word in its thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nudger.domain.mails import MailKind
from nudger.domain.translatable import N_
from nudger.mail.calls import letter_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.chat.blocks import (
    MOST_BLOCKS,
    Block,
    actions,
    button,
    context,
    cut,
    escaped,
    header,
    section,
)
from nudger.mail.compose import OUTCOME_WORDS, answer_lines, meeting_values
from nudger.mail.display import display_text
from nudger.mail.kind import Call, Content, Letter
from nudger.mail.kinds.question import AUDIENCE_NOTES, PLANNED_LAST_TIME
from nudger.mail.templates import Templates

MOST_MILESTONES_SHOWN = 10
ANSWER = N_("Your answer")
IN_THE_THREAD = N_("Use a button, or write your answer into this thread.")
LETTER_FIRST = N_("Use a button, or write into this thread, with the letter of the call first.")


class Act(StrEnum):
    """What a button does; of a milestone or an outcome, which one follows a dash."""

    ANSWER = "answer"
    MILESTONE = "milestone"
    OUTCOME = "outcome"
    SKIP = "skip"
    LATER = "later"


class Settled(StrEnum):
    """What became of the question about a call."""

    BY_MAIL = "by_mail"
    HERE = "here"
    ELSEWHERE = "elsewhere"
    SKIPPED = "skipped"
    CALLED_OFF = "called_off"
    PASSED_ON = "passed_on"


SETTLED_SAYS = {
    Settled.BY_MAIL: N_("Settled: answered by mail."),
    Settled.HERE: N_("Settled: answered here."),
    Settled.ELSEWHERE: N_("Settled: answered on a page or in the calendar."),
    Settled.SKIPPED: N_("Settled: no question about this call."),
    Settled.CALLED_OFF: N_("Withdrawn: the meeting is no longer in your calendar."),
    Settled.PASSED_ON: N_("Withdrawn: somebody else is asked about this call."),
}


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`text` is what notifications and screen readers say of it, escaped as Slack reads it."""

    text: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)


def question(
    kind: MailKind,
    letter: Letter[Content],
    templates: Templates,
    settled: Mapping[int, Settled],
) -> ChatMessage:
    """A question, a reminder or the question after the call; `settled` says of calls, by their
    numbers, what became of them, and takes their buttons away."""
    words = templates.words
    blocks: list[Block] = []
    for number, call in enumerate(letter.calls, start=1):
        lead = f"{letter_of(number)}. " if len(letter.calls) > 1 else ""
        shown = meeting_values(words, call.shown)
        blocks.append(header(f"{lead}{shown['customer']} · {shown['day']}"))
        blocks.append(section(shown["title"], shown["when"], *_before(templates, kind, call)))
        if number in settled:
            blocks.append(context(f"✓ {words.say(SETTLED_SAYS[settled[number]])}"))
        else:
            blocks += _open(kind, letter, words, number)
    if len(settled) < len(letter.calls):
        blocks.append(context(_how(kind, letter, words)))
    return ChatMessage(escaped(_notice(kind, letter, words)), tuple(blocks[:MOST_BLOCKS]))


def _before(templates: Templates, kind: MailKind, call: Call) -> list[str]:
    """What is known: what was planned for this very call, or what came of the one before."""
    if kind is MailKind.FOLLOW_UP:
        return ["", *answer_lines(templates, call.planned)] if call.planned else []
    last, words = call.previous, templates.words
    if last is None:
        return []
    planned = display_text(last.planned, 200)
    return ["", words.say(PLANNED_LAST_TIME[last.outcome], planned=planned)]


def _open(kind: MailKind, letter: Letter[Content], words: Catalogue, number: int) -> list[Block]:
    if kind is MailKind.FOLLOW_UP:
        outcomes = [
            button(words.say(says), f"{Act.OUTCOME}-{outcome}", number)
            for outcome, says in OUTCOME_WORDS.items()
        ]
        return [section(words.say("Did they agree?")), actions(outcomes)]
    milestones = [
        button(display_text(one.name, 75), f"{Act.MILESTONE}-{at}", number)
        for at, one in enumerate(letter.milestones[:MOST_MILESTONES_SHOWN])
    ]
    ways = [
        button(words.say(ANSWER), Act.ANSWER, number, is_main=True),
        button(words.say("Ask me again in two hours"), Act.LATER, number),
        button(words.say("No question about this call"), Act.SKIP, number),
    ]
    ask = words.say("By the end of this call, what will the customer have agreed to do?")
    shown: list[Block] = [section(ask), actions(ways)]
    if milestones:
        shown += [context(words.say("And the next milestone?")), actions(milestones)]
    return shown


def _how(kind: MailKind, letter: Letter[Content], words: Catalogue) -> str:
    how = words.say(LETTER_FIRST if len(letter.calls) > 1 else IN_THE_THREAD)
    if kind is MailKind.FOLLOW_UP:
        return how
    audiences = dict.fromkeys(call.audience for call in letter.calls)
    return " ".join([how, *(words.say(AUDIENCE_NOTES[one]) for one in audiences)])


def _notice(kind: MailKind, letter: Letter[Content], words: Catalogue) -> str:
    shown = meeting_values(words, letter.calls[0].shown)
    if kind is MailKind.FOLLOW_UP:
        return words.say("%(title)s: did they agree?", title=shown["title"])
    return words.say(
        "%(title)s, %(day)s: what will they agree to?", title=shown["title"], day=shown["day"]
    )


def told(text: str) -> ChatMessage:
    """A word of ours, in lines."""
    lines = [display_text(line, 500) for line in text.splitlines()]
    shown = "\n".join(lines).strip() or "…"
    return ChatMessage(escaped(cut(shown, 2000)), (section(cut(shown, 2900)),))
