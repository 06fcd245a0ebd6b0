"""What is typed about a template, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from nudger.admin.template_files import normal_text
from nudger.admin.text_changes import Is, Line, changes
from nudger.mail.display import display_text
from nudger.mail.templates import TemplateProblem

LONGEST_PROBLEM, LONGEST_LINE = 400, 200


class EditForm(BaseModel):
    """The file, the text, the file as it was when the page was opened, and what is looked at."""

    file: str = ""
    text: str = ""
    seen: str = ""
    language: str = ""
    sample: str = ""
    button: str = ""

    @property
    def typed(self) -> str:
        return normal_text(self.text)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text makes no mail, and the line that is at fault where it is one of the text's."""

    says: str
    line: str


def refusal_of(problem: TemplateProblem, path: str, text: str) -> Refusal:
    lines = text.splitlines()
    is_typed = problem.file == path and 0 < problem.line <= len(lines)
    line = display_text(lines[problem.line - 1], LONGEST_LINE) if is_typed else ""
    return Refusal(display_text(str(problem), LONGEST_PROBLEM), line)


def compared(before: str, after: str) -> list[dict[str, Any]] | None:
    """Rows of a table, with words for who does not see the colours; `None` for too long texts."""
    found = changes(before, after)
    return None if found is None else [_row(one) for one in found]


def _row(one: Line) -> dict[str, Any]:
    return {
        "kind": one.what.value,
        "before": one.before or "",
        "after": one.after or "",
        "says": {Is.GONE: "shipped: ", Is.NEW: "yours: "}.get(one.what, ""),
        "text": one.text,
    }
