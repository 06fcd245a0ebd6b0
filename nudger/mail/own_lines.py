"""The lines of a mail of ours, kept to know them again where a reply quotes them.

Both forms are kept: a provider may send our plain part on, or make one of its own from the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage

from nudger.mail.html_reply import page_text
from nudger.mail.ours import folded


@dataclass(frozen=True, slots=True)
class OwnLines:
    """The lines of each form in their order, as `folded` gives them, empty ones left out."""

    plain: tuple[str, ...] = ()
    page: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Those of the plain form, then those of the page."""
        return (*self.plain, *self.page)


def own_lines_of(message: EmailMessage) -> OwnLines:
    """The lines of a message that `compose` made."""
    return OwnLines(_lines(_part(message, "plain")), _lines(page_text(_part(message, "html"))))


def _part(message: EmailMessage, form: str) -> str:
    body = message.get_body((form,))
    return "" if body is None else str(body.get_content())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(folded, text.splitlines()) if line)
