"""Which templates there are: kinds of mails, and the files that each is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nudger.config import Settings
from nudger.mail.templates import DEFAULT_LANGUAGE, languages_of, shipped_templates

SHARED = "shared"
"""The kind of what other templates take in."""
KINDS: Mapping[str, tuple[str, str]] = {
    "question": ("Question", "Before a call: what will the customer have agreed to by its end?"),
    "digest": ("Question about several calls", "The same, for all calls of a day in one mail."),
    "reminder": ("Reminder", "Once more before a call that has no answer."),
    "follow_up": ("After the call", "Did they agree: yes, partly or no?"),
    "confirmation": ("Confirmation", "What became of an answer, and where it stands."),
    "command": ("Reply to a command", "What was done about skip, later, pause, help and the like."),
    "problem": ("Problem", "An answer could not be written, and what to do."),
    "quarantined": ("Not understood", "A reply of which nothing was taken."),
    "colleague": ("To colleagues", "Who takes part learns that a colleague was asked."),
    "comment": ("Comment", "A manager's words before a call."),
    "announcement": ("Announcement", "What Nudger does, before the first question."),
    "weekly": ("A rep's week", "A rep's own numbers."),
    "weekly_notice": ("Notice before the numbers", "Who will get a rep's numbers from now on."),
    "manager_weekly": ("A manager's week", "The numbers of the reps who were told."),
    "admin_weekly": ("An admin's week", "Outside domains that are new."),
    "sign_in": ("Sign-in", "The code and the link to a rep's or a manager's page."),
    "trial": ("Test mail", "Tries the way to a rep and back."),
    "note": ("Note", "What stands in the meeting's description; guests read it."),
    SHARED: ("Parts of every mail", "Layout, colours, the lines at the top and the bottom."),
}  # fmt: skip
PARTS = {"subject.j2": "Subject", "txt.j2": "Plain text", "html.j2": "Page"}


class NoTemplate(Exception):
    """There is no such template; one line for who asked."""


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template by its kind, language and name, as in `question.txt.j2`. The files of English are
    those of every language that has none of its own: their words are in the catalogues."""

    kind: str
    language: str
    name: str

    @property
    def path(self) -> str:
        return f"{self.language}/{self.name}"

    @property
    def part(self) -> str:
        """What it is of its mail."""
        if self.kind == SHARED:
            words, form, _ = self.name.lstrip("_").rsplit(".", 2)
            says = words.replace("_", " ").capitalize()
            return f"{says} ({'page' if form == 'html' else 'text'})"
        return PARTS[self.name.removeprefix(f"{self.kind}.")]


def files_of(kind: str, language: str = DEFAULT_LANGUAGE) -> tuple[TemplateFile, ...]:
    """The files that a kind is made of."""
    names = [file.name for file in sorted((shipped_templates() / DEFAULT_LANGUAGE).glob("*.j2"))]
    if kind == SHARED:
        return tuple(TemplateFile(kind, language, name) for name in names if name[0] == "_")
    wanted = [f"{kind}.{part}" for part in PARTS]
    return tuple(TemplateFile(kind, language, name) for name in wanted if name in names)


def find_file(settings: Settings, path: str) -> TemplateFile:
    """The file of this path, as in "en/question.txt.j2". Raises `NoTemplate`."""
    language, _, name = path.partition("/")
    if language in languages_of(settings.templates):
        for kind in KINDS:
            for file in files_of(kind, language):
                if file.name == name:
                    return file
    raise NoTemplate(f"{path!r} is no template: see `nudger templates list`.")
