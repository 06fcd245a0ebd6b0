"""What the rep's page sends."""

from __future__ import annotations

from pydantic import BaseModel

from nudger.admin.rep_choices import PAUSES, STOP, pause_of
from nudger.domain.translatable import N_
from nudger.mail.message import Command

LENGTHS = dict(zip(PAUSES, (N_("A week"), N_("Two weeks"), N_("Four weeks")), strict=True))
UNTIL_I_START = "stop"
UNTIL_I_START_SAYS = N_("Until I start again")
FORGET = "forget"
FORGET_SAYS = N_("Send me nothing more, and ask the admin to remove it all")


class PauseForm(BaseModel):
    length: str = ""

    @property
    def command(self) -> Command | None:
        """`None` where nothing of the list was chosen."""
        if self.length == UNTIL_I_START:
            return STOP
        return pause_of(self.length) if self.length in LENGTHS else None


class SettingForm(BaseModel):
    """A language or a time zone."""

    chosen: str = ""


SHARE, KEEP = "share", "keep"


class SharingForm(BaseModel):
    """Whether the manager reads the rep's calls; `manager` is whom the page named."""

    choice: str = ""
    manager: str = ""


class ChannelForm(BaseModel):
    """Whether a channel may see when one's calls are."""

    channel: str = ""
    shown: str = ""


class ForgetForm(BaseModel):
    sure: str = ""
