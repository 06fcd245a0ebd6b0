"""What is typed about other systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, Field

from nudger.admin.api_tokens import TokenProblem
from nudger.domain.api_scopes import Scope

MOST_DAYS_BACK, MOST_DAYS_LASTING = 90, 3650
WRONG_DAYS = f"For how many days? A number of 1 to {MOST_DAYS_LASTING}, or nothing."


class NameForm(BaseModel):
    """A receiver or a token."""

    name: str = ""


class ReplayForm(NameForm):
    """A receiver, and how many days back."""

    days: int = Field(default=7, ge=1, le=MOST_DAYS_BACK)


class TokenForm(NameForm):
    """A token to be made: what it opens, and for how many days; none for until it is revoked."""

    scope: list[str] = Field(default_factory=list)
    days: str = ""

    def wanted(self) -> tuple[Sequence[Scope], timedelta | None]:
        """What it opens and how long. Raises `TokenProblem`."""
        scopes = [one for one in Scope if one.value in self.scope]
        typed = self.days.strip()
        if not typed:
            return scopes, None
        days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0
        if not 1 <= days <= MOST_DAYS_LASTING:
            raise TokenProblem(WRONG_DAYS)
        return scopes, timedelta(days=days)
