"""The questions of the set-up, in their order, with what one has to know to answer. A terminal and
the console ask the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from nudger.admin.setup import answers as read
from nudger.admin.setup.answers import KEEP, OWN, Answers, Reader
from nudger.domain.bundled import freemail_domains
from nudger.domain.starter_milestones import MilestoneList, starter_milestones

LANGUAGE_NAMES = {
    "en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "it": "Italiano",
    "nl": "Nederlands", "pt": "Português",
}  # fmt: skip


class Form(Enum):
    """What an answer looks like: one of the choices, a line, or several entries."""

    CHOICE = auto()
    LINE = auto()
    ENTRIES = auto()


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be answered, and what that means; `warning` is what nobody may overlook, `example`
    what it brings."""

    value: str
    says: str
    warning: str = ""
    example: str = ""


Choices = Callable[[Answers], Sequence[Choice]]


def _fixed(*choices: Choice) -> Choices:
    return lambda _before: choices


_NONE = _fixed()


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are explained; where the form is another than `CHOICE` they are kinds of answers.
    `suggest` gives an answer that suits most, if there is one."""

    key: str
    title: str
    read: Reader
    prompt: str
    form: Form = Form.LINE
    choices: Choices = _NONE
    note: str = ""
    suggest: Callable[[Answers], str | None] = lambda _before: None


def question_of(key: str) -> Question | None:
    return next((one for one in QUESTIONS if one.key == key), None)


_LISTS = {
    MilestoneList.NEW_BUSINESS: "selling to new customers",
    MilestoneList.TRIAL: "having them try it first",
    MilestoneList.ACCOUNTS: "customers that you have",
}


def _milestones(before: Answers) -> Sequence[Choice]:
    language = before.get("language", "en")
    lists = [
        Choice(which.value, meant, example=_names(language, which))
        for which, meant in _LISTS.items()
    ]
    if not before.get("milestones"):
        return lists
    return [*lists, Choice(KEEP, "those that nudger.toml has now")]


def _names(language: str, which: MilestoneList) -> str:
    return " > ".join(step.name for step in starter_milestones(language, which))


def _own_domain(before: Answers) -> str | None:
    """The domain of the mailbox that asks."""
    domain = before.get("mailbox", "").partition("@")[2]
    return domain if domain and domain not in freemail_domains() else None


QUESTIONS = (
    Question(
        "provider",
        "Where are the reps' calendars?",
        read.read_provider,
        "google or microsoft",
        Form.CHOICE,
        _fixed(
            Choice("google", "Google Workspace: Calendar and Gmail"),
            Choice("microsoft", "Microsoft 365: Outlook"),
        ),
        "Both? Begin with one; doing this again adds the other.",
        lambda _before: "google",
    ),
    Question(
        "mailbox",
        "Which mailbox asks the reps, and reads their replies?",
        read.read_mailbox,
        f"an address, or {OWN}",
        choices=_fixed(
            Choice(
                "an address",
                "such as nudger@yourcompany.com: one mailbox asks everybody. It belongs in the "
                "reps' own organization; nobody has to read it.",
            ),
            Choice(
                OWN,
                "Each rep connects an account of their own; mails go from the rep to the rep. "
                "Good for trying it alone.",
            ),
        ),
    ),
    Question(
        "domains",
        "Which mail domains are your company's own?",
        read.read_domains,
        "domains",
        Form.ENTRIES,
        note="All other domains are outside: meetings with them are asked about. "
        "Several with blanks between: yourcompany.com yourcompany.de",
        suggest=_own_domain,
    ),
    Question(
        "write_back",
        "Where shall a rep's Commitment Objective be written?",
        read.read_write_back,
        "meeting or private",
        Form.CHOICE,
        _fixed(
            Choice(
                "meeting",
                "Into the meeting's own description; nobody is mailed. Each question says so "
                "to the rep. (Outlook would mail every guest about a change of a meeting "
                "that the rep organizes: there it is written aside.)",
                "Its guests, the customer too, can read it there.",
            ),
            Choice(
                "private",
                "Into a private event on the rep's own calendar, at the same time. The rep reads "
                "it, and whoever may see the rep's private events.",
            ),
        ),
        'With the line "private" a rep sends a single answer the private way.',
    ),
    Question(
        "time_zone",
        "In which time zone do most reps work?",
        read.read_time_zone,
        "time zone, as in Europe/Berlin",
        note="Mails go out in the reps' working hours. Where a rep's own calendar tells another "
        "zone, that one counts.",
    ),
    Question(
        "language",
        "In which language are the mails?",
        read.read_language,
        "language",
        Form.CHOICE,
        _fixed(*(Choice(code, name) for code, name in LANGUAGE_NAMES.items())),
        "A single rep can have another one.",
    ),
    Question(
        "milestones",
        "Which milestones does a sale go through?",
        read.read_milestones,
        "list",
        Form.CHOICE,
        _milestones,
        "The steps of your sales process: a rep names the next one by its number. Change them "
        "whenever you like.",
        lambda _before: MilestoneList.NEW_BUSINESS.value,
    ),
    Question(
        "rep",
        "Who is the first rep?",
        read.read_rep,
        "address",
        note="You are a good choice: try it on your own calendar. Empty adds nobody yet.",
    ),
)
