"""What is typed about reps."""

from __future__ import annotations

from pydantic import BaseModel

FIELDS = ("email", "name", "provider", "time_zone", "country", "language", "aliases", "team",
          "manager")  # fmt: skip


class RepForm(BaseModel):
    """One rep, whole: an empty field clears."""

    email: str = ""
    name: str = ""
    provider: str = ""
    time_zone: str = ""
    country: str = ""
    language: str = ""
    aliases: str = ""
    team: str = ""
    manager: str = ""


class WhoForm(BaseModel):
    """Whom something is done about."""

    email: str = ""


class ForgetForm(BaseModel):
    """Whom to forget, typed once more, and whether our notes go out of their meetings as well."""

    email: str = ""
    again: str = ""
    notes: str = ""
