"""What the manager's page sends."""

from __future__ import annotations

import re

from pydantic import BaseModel

from nudger.domain.reasons import Reason
from nudger.domain.translatable import N_
from nudger.mail.display import display_lines
from nudger.mail.kinds.comment import LONGEST_COMMENT, MOST_LINES

WRITE_SOMETHING = N_("Please write what you want to say.")
TOO_LONG = N_("That is too long: %(most)s characters at most, in %(lines)s lines.")
_NONCE = re.compile(r"[a-z2-7]{32}", re.ASCII)
WEEKLY_CHOICES = {"stop": Reason.MANAGER_STOP, "start": Reason.MANAGER_START}


class CommentForm(BaseModel):
    """A word on a call; `nonce` is of the page that it was written on."""

    text: str = ""
    nonce: str = ""

    @property
    def has_nonce(self) -> bool:
        return _NONCE.fullmatch(self.nonce) is not None

    @property
    def problem(self) -> str | None:
        """What is wrong with the text."""
        written = "".join(self.text.split())
        if not display_lines(self.text, LONGEST_COMMENT, MOST_LINES):
            return WRITE_SOMETHING
        shown = display_lines(self.text, len(self.text), len(self.text))
        is_long = len(shown) > MOST_LINES or sum(map(len, shown)) > LONGEST_COMMENT
        return TOO_LONG if is_long or len(written) > LONGEST_COMMENT else None


class WeeklyForm(BaseModel):
    choice: str = ""
