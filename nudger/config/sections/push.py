"""How providers tell of changes."""

from __future__ import annotations

from pydantic import Field

from nudger.config.sections.section import Section
from nudger.config.values import ExactAddress, MailAddress


class PushSettings(Section):
    """Needs `[web] public_url` with https."""

    enabled: bool = Field(
        default=False,
        description=(
            "`true`: Google and Microsoft tell when a calendar changed or mail came, so that it is "
            "read at once and else seldom"
        ),
    )
    poll_every_seconds: int = Field(
        default=900,
        ge=60,
        le=900,
        description="how often is read what a provider tells of, in case that it does not",
    )
    gmail_topic: str | None = Field(
        default=None,
        pattern=r"^projects/[^/]+/topics/[^/]+$",
        description=(
            "the Pub/Sub topic that Gmail tells of new mail, "
            'as in `"projects/ourco/topics/nudger"` ([how](operations.md#push-for-gmail))'
        ),
    )
    gmail_account: MailAddress | None = Field(
        default=None,
        description="the service account as which Pub/Sub sends it on",
    )
    gmail_audience: ExactAddress | None = Field(
        default=None,
        description=(
            "for whom Pub/Sub says that it is; else `/push/gmail` below `[web] public_url`"
        ),
    )

    @property
    def has_gmail(self) -> bool:
        """Whether Gmail can tell of mail, and we know who sends it on."""
        return self.gmail_topic is not None and self.gmail_account is not None
