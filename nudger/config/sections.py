"""The sections that are the same for all reps; those that a team can change are in `teams`.

Descriptions are the reference in docs/configuration.md (`make reference`): links in them lead on
from there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nudger.config.values import (
    BrokerAddress,
    ExactAddress,
    ListenAddress,
    MailAddress,
    Network,
    TenantId,
    WebAddress,
    Weekday,
)


class Section(BaseModel):
    """A table of nudger.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class ScanSettings(Section):
    every_seconds: int = Field(
        default=120,
        ge=5,
        le=86_400,
        description="how often a calendar is read",
    )
    horizon_days: int = Field(
        default=14,
        ge=1,
        le=90,
        description="how far ahead meetings are planned",
    )
    calendars_at_once: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="fewer calendars at a time than `at_once`",
    )


class WeeklySettings(Section):
    enabled: bool = Field(
        default=True,
        description="each rep's own numbers once a week, and a manager's of the reps who were told",
    )
    day: Weekday = Field(default="mon", description="when; the next working day where it is none")


class AdminSettings(Section):
    mail: MailAddress | None = Field(
        default=None,
        description=(
            "who gets the [weekly mail about new "
            "domains](how-it-works.md#weekly-mail-to-the-admin), and whom the "
            "[announcement](how-it-works.md#announcement) tells reps to ask; without it there is "
            "neither"
        ),
    )


class WatchSettings(Section):
    ping_url: ExactAddress | None = Field(
        default=None,
        repr=False,
        description=(
            "an address that the worker asks for, without any data, as long as all is well "
            "([how](operations.md#watching-over-it))"
        ),
    )
    ping_every_minutes: int = Field(
        default=5,
        ge=1,
        le=24 * 60,
        description="how often it looks how things stand, logs it and pings",
    )


class CelerySettings(Section):
    broker: BrokerAddress | None = Field(
        default=None,
        repr=False,
        description=(
            "RabbitMQ's address with its user and password, best as `NUDGER_CELERY__BROKER` in the "
            "environment"
        ),
    )


class LogSettings(Section):
    format: Literal["text", "json"] = Field(
        default="text",
        description=(
            'one line an event, for people; or, `"json"`, [one object a '
            "line](operations.md#logs). `--log-format` goes before it"
        ),
    )


class WebSettings(Section):
    """Pages are served, and linked to in the mails, where `public_url` is known. Whoever watches
    over us is answered at `address` where that is written down, and given numbers by `metrics`."""

    address: ListenAddress = Field(
        default="127.0.0.1:8025",
        description=(
            "where the pages listen; a proxy of yours ends TLS in front of it. Written down "
            "without `public_url`, only [health](operations.md#health-for-machines) is served "
            "there"
        ),
    )
    public_url: WebAddress | None = Field(
        default=None,
        description=(
            'where browsers reach the pages, as in `"https://nudger.ourco.com"`: with it `nudger '
            "run` serves them, questions link to their answer page, and each rep has [a "
            "page](how-it-works.md#the-reps-page) at `/me`"
        ),
    )
    proxies: tuple[Network, ...] = Field(
        default=("127.0.0.1/32", "::1/128"),
        description=(
            "from where your proxy comes: what it says of who asks is believed "
            "([why](operations.md#in-a-container))"
        ),
    )
    metrics: bool = Field(
        default=False,
        description=(
            "`true`: `/metrics` at `[web] address`, for "
            "[Prometheus](operations.md#health-for-machines)"
        ),
    )

    api: bool = Field(
        default=False,
        description="`true`: programs that have a token may [read calls](api.md) at `/api/v1`",
    )
    api_per_minute: int = Field(
        default=120, ge=1, le=1_000_000, description="how many requests each token has a minute"
    )

    @property
    def is_served(self) -> bool:
        """Whether we listen at all."""
        is_asked_for = self.public_url is not None or self.metrics or self.api
        return is_asked_for or "address" in self.model_fields_set


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


class GoogleAddonSettings(Section):
    """The add-on in Google Calendar's side panel answers once both accounts are known."""

    service_account: MailAddress | None = Field(
        default=None,
        description=(
            "the service account as which Google calls the add-on, one of your project alone "
            "([where it stands](addon-google.md#3-tell-nudger-who-calls))"
        ),
    )
    oauth_client: str | None = Field(
        default=None,
        min_length=1,
        description="the OAuth client id of the add-on, for which Google tells who clicked",
    )
    audiences: tuple[ExactAddress, ...] = Field(
        default=(),
        description=(
            "further addresses that Google may say it calls, to the letter, beside those below "
            "`[web] public_url`"
        ),
    )
    certificates: WebAddress = Field(
        default="https://www.googleapis.com/oauth2/v3/certs",
        description="where the keys are that Google signs with, as a JSON Web Key Set",
    )

    @property
    def is_installed(self) -> bool:
        """Whether we know who calls."""
        return self.service_account is not None and self.oauth_client is not None


class OutlookAddinSettings(Section):
    """The pane in Outlook's calendar answers once its app and whose people it serves are known."""

    client_id: TenantId | None = Field(
        default=None,
        description=(
            "the application id of the add-in's own app in Entra, for which people sign in "
            "([each click](addin-outlook.md#1-an-app-for-the-sign-in))"
        ),
    )
    tenants: tuple[TenantId, ...] = Field(
        default=(), description="the directories whose people may use the pane, by their ids"
    )
    office_js: WebAddress = Field(
        default="https://appsforoffice.microsoft.com/lib/1/hosted/office.js",
        description=(
            "where the pane takes Office.js from; Microsoft allows a copy of one's own for "
            "deployment inside a company alone"
        ),
    )
    office_folder: Path | None = Field(
        default=None,
        description="a folder with a copy of Office.js, served with the pane instead",
    )
    frame_ancestors: tuple[WebAddress, ...] = Field(
        default=(),
        description="further addresses whose pages may show the pane, beside those of Outlook",
    )

    @property
    def is_installed(self) -> bool:
        """Whether we know who signs in, and for what."""
        return self.client_id is not None and bool(self.tenants)


class ConsoleSettings(Section):
    """How admins sign in to the console; without `provider` they come in by `nudger admins code`
    alone."""

    provider: Literal["google", "microsoft"] | None = Field(
        default=None,
        description=(
            "where admins have the account that they sign in to [the console](console.md) with; "
            "without it they come in by `nudger admins code` alone"
        ),
    )
    client_id: str | None = Field(
        default=None,
        min_length=1,
        description="what the provider calls the application of [its set-up](console.md#sign-in)",
    )
    client_secret: str | None = Field(
        default=None,
        min_length=1,
        repr=False,
        description=(
            "its secret, best as `NUDGER_CONSOLE__CLIENT_SECRET` in the environment; else that of "
            "`console_app` in the credentials file counts"
        ),
    )
    tenant: TenantId | None = Field(
        default=None,
        description="Microsoft: the directory (tenant) whose accounts may sign in, by its id",
    )
    issuer: WebAddress | None = Field(
        default=None,
        description="another server than the provider's own that signs people in",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.provider is not None and self.client_id is None:
            raise ValueError("client_id is expected beside provider")
        if self.provider == "microsoft" and self.tenant is None and self.issuer is None:
            raise ValueError("tenant is expected beside provider")
        return self

    @property
    def issuer_address(self) -> str | None:
        """Who signs in; `None` where nobody does."""
        if self.issuer is not None or self.provider is None:
            return self.issuer
        if self.provider == "google":
            return "https://accounts.google.com"
        return f"https://login.microsoftonline.com/{self.tenant}/v2.0"


def section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field is, or holds many of."""
    candidates = (annotation, *get_args(annotation))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
