"""What the answer page sends, made into what the jobs understand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from nudger.domain.commitment import Answer, Milestone, Outcome
from nudger.domain.translatable import N_
from nudger.mail.display import display_text
from nudger.mail.message import Command, CommandName

LONGEST = 500
"""Characters of what a rep writes, as much as the reader of replies keeps."""

WRITE_ONE_LINE = N_("Write one line: what will the customer have agreed to do?")
TOO_LONG = N_("At most %(most)s characters, please.")
CHOOSE_OF_LIST = N_("Choose one of the list.")
CHOOSE_FIRST = N_("Choose first what should be done.")
WHOSE_ADDRESS = N_("Whose address? As in a.colleague@ourco.com")

ELSEWHERE: Mapping[str, tuple[str, Command]] = {
    "skip": (N_("No question about this call"), Command(CommandName.SKIP)),
    "not_customer": (N_("It is not a customer meeting"), Command(CommandName.NOT_CUSTOMER)),
    "later_2h": (N_("Ask me again in two hours"), Command(CommandName.LATER, "2h")),
    "later_tomorrow": (
        N_("Ask me again tomorrow morning"),
        Command(CommandName.LATER, "tomorrow"),
    ),
    "hand_over": (N_("Somebody else of us takes it"), Command(CommandName.HAND_OVER)),
    "undo": (N_("Take my last answer back"), Command(CommandName.UNDO)),
    "publish": (N_("Let the guests read my answer"), Command(CommandName.PUBLISH)),
}
"""What can be done beside answering: what it is called, and the command that does it."""


class FormRefused(Exception):
    """What was sent cannot be used: a message for each field."""

    def __init__(self, **problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class AnswerForm(BaseModel):
    """The answer as it was typed and chosen. `place` is "meeting" or "private", `then` "look" or
    "save"."""

    commitment_objective: str = ""
    next_milestone: str = ""
    fallback: str = ""
    place: str = "meeting"
    then: str = "save"
    token: str = ""

    def answer(self, milestones: Sequence[Milestone]) -> Answer:
        """Raises `FormRefused`."""
        said, otherwise = self.commitment_objective, self.fallback
        problems = {
            name: TOO_LONG
            for name, text in (("commitment_objective", said), ("fallback", otherwise))
            if len(text) > LONGEST
        }
        chosen = display_text(self.next_milestone, LONGEST)
        if chosen and milestones and chosen not in {one.name for one in milestones}:
            problems["next_milestone"] = CHOOSE_OF_LIST
        if problems:
            raise FormRefused(**problems)
        return Answer(
            commitment_objective=display_text(said, LONGEST) or None,
            next_milestone=chosen or None,
            fallback=display_text(otherwise, LONGEST) or None,
            private=self.place == "private",
        )


class OutcomeForm(BaseModel):
    outcome: str = ""
    words: str = ""
    token: str = ""

    def given(self) -> tuple[Outcome, str]:
        """Raises `FormRefused`."""
        if self.outcome not in set(Outcome):
            raise FormRefused(outcome=CHOOSE_FIRST)
        if len(self.words) > LONGEST:
            raise FormRefused(words=TOO_LONG)
        return Outcome(self.outcome), display_text(self.words, LONGEST)


class ElsewhereForm(BaseModel):
    """One of `ELSEWHERE`, with a colleague's address for handing over."""

    choice: str = ""
    colleague: str = ""
    token: str = ""

    def command(self) -> Command:
        """Raises `FormRefused`."""
        if self.choice not in ELSEWHERE:
            raise FormRefused(choice=CHOOSE_FIRST)
        command = ELSEWHERE[self.choice][1]
        if command.name is not CommandName.HAND_OVER:
            return command
        address = display_text(self.colleague, LONGEST)
        if "@" not in address:
            raise FormRefused(colleague=WHOSE_ADDRESS)
        return Command(command.name, address)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a page, and what is wrong with them."""

    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
