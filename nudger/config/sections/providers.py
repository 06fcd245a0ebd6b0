"""Google, Microsoft and Slack."""

from __future__ import annotations

from pydantic import Field

from nudger.config.sections.section import Section
from nudger.config.values import MailAddress, WebAddress


class GoogleSettings(Section):
    mailbox: MailAddress | None = Field(
        default=None,
        description="the shared mailbox that asks and listens",
    )
    directory_admin: MailAddress | None = Field(
        default=None,
        description="the admin as whom groups are read, and nothing else",
    )
    reps_group: MailAddress | None = Field(
        default=None,
        description=(
            "the group whose members `nudger reps sync` makes reps "
            "([how](setup-google.md#reps-from-a-group))"
        ),
    )
    api_root: WebAddress | None = Field(
        default=None,
        description=(
            "another server than Google's own that speaks the Calendar and Gmail APIs, under "
            "`/calendar/v3/`, `/gmail/v1/` and `/admin/directory/v1/`"
        ),
    )
    sign_as: MailAddress | None = Field(
        default=None,
        description=(
            "the service account that is acted as [without a key](setup-google.md#without-a-key)"
        ),
    )
    iam_root: WebAddress = Field(
        default="https://iamcredentials.googleapis.com",
        description=(
            "the server that signs without a key. The metadata server of a machine is "
            "google-auth's `GCE_METADATA_HOST`"
        ),
    )
    token_uri: WebAddress = Field(
        default="https://oauth2.googleapis.com/token",
        description="the server that takes what was signed",
    )


class MicrosoftSettings(Section):
    mailbox: MailAddress | None = Field(
        default=None,
        description="the shared mailbox that asks and listens",
    )
    reps_group: str | None = Field(
        default=None,
        min_length=1,
        description=(
            "the group whose members `nudger reps sync` makes reps, by mail address or object id "
            "([how](setup-microsoft.md#reps-from-a-group))"
        ),
    )
    graph_root: WebAddress = Field(
        default="https://graph.microsoft.com/v1.0",
        description="the server that speaks Graph",
    )
    authority: WebAddress | None = Field(
        default=None,
        description="another token endpoint than Microsoft's own",
    )
    outlook_may_notify_guests: bool = Field(
        default=False,
        description=(
            "`true` writes into meetings that the rep organizes, and Outlook mails every guest "
            "about each write"
        ),
    )
    out_of_reach: MailAddress | None = Field(
        default=None,
        description="a mailbox that the app must **not** be able to open; `nudger doctor` tries",
    )


class SlackSettings(Section):
    """Reps can be asked in Slack where both tokens are known."""

    bot_token: str | None = Field(
        default=None,
        min_length=1,
        repr=False,
        description=(
            "the app's bot token, `xoxb-…`; best kept sealed by `nudger connect slack`, or as "
            "`NUDGER_SLACK__BOT_TOKEN` in the environment ([how](slack.md))"
        ),
    )
    app_token: str | None = Field(
        default=None,
        min_length=1,
        repr=False,
        description=("its app-level token, `xapp-…`; the same, or as `NUDGER_SLACK__APP_TOKEN`"),
    )
    beside_mail: bool = Field(
        default=False,
        description="`true`: who chose Slack is asked by mail as well",
    )
    api_root: WebAddress = Field(
        default="https://slack.com/api",
        description="the server that speaks Slack's Web API",
    )

    @property
    def is_configured(self) -> bool:
        return self.bot_token is not None and self.app_token is not None
