"""The questions of `nudger init`, in their order, with what one has to know to answer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from nudger.admin.setup import answers as read
from nudger.admin.setup.answers import OWN, Answers, Reader
from nudger.domain.bundled import freemail_domains
from nudger.domain.starter_milestones import MilestoneList, starter_milestones

WIDTH = 78

PROVIDER = """\
  google      Google Workspace: Calendar and Gmail
  microsoft   Microsoft 365: Outlook
Both? Begin with one; `nudger init` again adds the other."""

MAILBOX = f"""\
  an address  such as nudger@yourcompany.com: one mailbox asks everybody. It
              belongs into the reps' own organization; nobody has to read it.
  {OWN}         Each rep connects an account of their own; mails go from the rep
              to the rep. Good for trying it alone."""

DOMAINS = """\
All other domains are outside: meetings with them are asked about.
Several with blanks between: yourcompany.com yourcompany.de"""

WRITE_BACK = """\
  meeting   Into the meeting's own description. [yellow]Its guests, the customer
            too, can read it there[/], although nobody is mailed. Each question
            says so to the rep. (Outlook would mail every guest about a change
            of a meeting that the rep organizes: there it is written aside.)
  private   Into a private event on the rep's own calendar, at the same time.
            The rep reads it, and whoever may see the rep's private events.
With the line "private" a rep sends a single answer the private way."""

TIME_ZONE = """\
Mails go out in the reps' working hours. Where a rep's own calendar tells
another zone, that one counts."""

LANGUAGE = """\
  en English   de Deutsch   es Español   fr Français   it Italiano
  nl Nederlands   pt Português
A single rep can have another: `nudger reps add` has an option for it."""

REP = """\
You are a good choice: try it on your own calendar. Enter alone: nobody yet."""

_LISTS = {
    MilestoneList.NEW_BUSINESS: "selling to new customers",
    MilestoneList.TRIAL: "having them try it first",
    MilestoneList.ACCOUNTS: "customers that you have",
}


@dataclass(frozen=True, slots=True)
class Question:
    """`explain` gives lines of at most `WIDTH` characters, with the console's markup. `suggest`
    gives an answer that suits most, if there is one."""

    key: str
    title: str
    read: Reader
    explain: Callable[[Answers], str]
    prompt: str
    suggest: Callable[[Answers], str | None] = lambda _before: None


def _fixed(text: str) -> Callable[[Answers], str]:
    return lambda _before: text


def _milestones(before: Answers) -> str:
    lines = [
        "The steps of your sales process: a rep names the next one by its number.",
        "Change them in nudger.toml whenever you like.",
    ]
    for which, meant in _LISTS.items():
        steps = starter_milestones(before.get("language", "en"), which)
        names = " > ".join(step.name for step in steps)
        indent = " " * 16
        shown = textwrap.fill(names, WIDTH, initial_indent=indent, subsequent_indent=indent)
        lines += [f"  {which.value:13} {meant}", shown]
    return "\n".join(lines)


def _own_domain(before: Answers) -> str | None:
    """The domain of the mailbox that asks."""
    domain = before.get("mailbox", "").partition("@")[2]
    return domain if domain and domain not in freemail_domains() else None


QUESTIONS = (
    Question(
        "provider",
        "Where are the reps' calendars?",
        read.read_provider,
        _fixed(PROVIDER),
        "google or microsoft",
        _fixed("google"),
    ),
    Question(
        "mailbox",
        "Which mailbox asks the reps, and reads their replies?",
        read.read_mailbox,
        _fixed(MAILBOX),
        f"an address, or {OWN}",
    ),
    Question(
        "domains",
        "Which mail domains are your company's own?",
        read.read_domains,
        _fixed(DOMAINS),
        "domains",
        _own_domain,
    ),
    Question(
        "write_back",
        "Where shall a rep's Commitment Objective be written?",
        read.read_write_back,
        _fixed(WRITE_BACK),
        "meeting or private",
    ),
    Question(
        "time_zone",
        "In which time zone do most reps work?",
        read.read_time_zone,
        _fixed(TIME_ZONE),
        "time zone, as in Europe/Berlin",
    ),
    Question(
        "language",
        "In which language are the mails?",
        read.read_language,
        _fixed(LANGUAGE),
        "language",
    ),
    Question(
        "milestones",
        "Which milestones does a sale go through?",
        read.read_milestones,
        _milestones,
        "list",
        _fixed(MilestoneList.NEW_BUSINESS.value),
    ),
    Question("rep", "Who is the first rep?", read.read_rep, _fixed(REP), "address"),
)
