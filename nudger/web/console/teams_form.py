"""What is typed about teams; `seen` is the file as the page showed it."""

from __future__ import annotations

from pydantic import BaseModel


class TeamForm(BaseModel):
    """A team, and what it is to be called."""

    name: str = ""
    wanted: str = ""
    seen: str = ""


class MemberForm(BaseModel):
    """A rep who comes into the team, or leaves it."""

    name: str = ""
    email: str = ""
    leaves: str = ""


class TeamSettingForm(BaseModel):
    """A setting as it was typed for a team."""

    name: str = ""
    key: str = ""
    value: str = ""
    seen: str = ""
