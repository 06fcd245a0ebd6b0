"""The settings as a whole, and as they are for a team's reps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from nudger.config.receivers import CrmSettings, TeamsChannelSettings, WebhookSettings
from nudger.config.sections.addons import GoogleAddonSettings, OutlookAddinSettings
from nudger.config.sections.pages import ConsoleSettings, WebSettings
from nudger.config.sections.providers import GoogleSettings, MicrosoftSettings, SlackSettings
from nudger.config.sections.push import PushSettings
from nudger.config.sections.running import (
    AdminSettings,
    CelerySettings,
    LogSettings,
    ScanSettings,
    WatchSettings,
    WeeklySettings,
)
from nudger.config.teams import (
    AskSettings,
    MeetingSettings,
    MilestoneSettings,
    TeamSettings,
    changed,
)
from nudger.config.values import Language, Zone, is_private_line

PREFIX = "NUDGER_"


class Settings(BaseSettings):
    """Everything an admin decides. Paths are relative to the folder of nudger.toml."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__"
    )

    write_back: Literal["meeting", "private"] = Field(
        description=(
            '`"meeting"`: answers go into the meeting, its guests can read them. `"private"`: '
            "into a private event on the rep's calendar"
        ),
    )
    mode: Literal["organization", "personal"] = Field(
        default="organization",
        description=(
            '`"organization"`: one shared mailbox asks for everybody; `"personal"`: each rep '
            "connects their own account"
        ),
    )
    database: str = Field(
        default="sqlite:///nudger.db",
        repr=False,
        description="any SQLAlchemy URL; PostgreSQL with `pip install nudger[postgresql]`",
    )
    credentials: Path = Field(
        default=Path("credentials.json"),
        description="see `credentials.example.json`",
    )
    key: str | None = Field(
        default=None,
        repr=False,
        description=(
            "your key, which seals the database; `NUDGER_KEY` in the environment wins over the file"
        ),
    )
    key_command: str | None = Field(
        default=None,
        min_length=1,
        repr=False,
        description=(
            "a command that prints your key, as that of a key management service; it wins over "
            "the file. No shell, 30 seconds at most"
        ),
    )
    key_file: Path = Field(
        default=Path("nudger.key"),
        description="where your key is, if it is in a file",
    )
    templates: Path | None = Field(
        default=None,
        description=(
            "a folder with your own `en/question.txt.j2`, `de.po` …; what is missing there is "
            "ours. The console writes there ([templates](console.md#templates))"
        ),
    )
    time_zone: Zone = Field(
        default="UTC",
        description="where reps live unless their calendar or `nudger reps` says otherwise",
    )
    language: Language = Field(
        default="en",
        description=(
            "of the mails: `de`, `en`, `es`, `fr`, `it`, `nl`, `pt`, or one of your own catalogues"
        ),
    )
    listen_every_seconds: int = Field(
        default=60,
        ge=5,
        le=86_400,
        description="how often a mailbox is read",
    )
    at_once: int = Field(
        default=32,
        ge=1,
        le=256,
        description=(
            "how many calendars, mailboxes and mails a process works on at a time "
            "([how](operations.md#many-reps))"
        ),
    )
    keep_mail_days: int = Field(
        default=7,
        ge=1,
        le=30,
        description="how long the source of a received mail is kept",
    )
    keep_meeting_days: int = Field(
        default=400,
        ge=90,
        le=3650,
        description=(
            "how long meetings, answers, outcomes and mails are kept after the call "
            "([privacy](privacy.md))"
        ),
    )
    keep_audit_days: int = Field(
        default=400,
        ge=30,
        le=3650,
        description="how long the audit trail is kept",
    )
    google: GoogleSettings = Field(
        default=GoogleSettings(), description="Calendars and mail at Google."
    )
    microsoft: MicrosoftSettings = Field(
        default=MicrosoftSettings(), description="Calendars and mail at Microsoft."
    )
    slack: SlackSettings = Field(
        default=SlackSettings(), description="Asking reps in Slack who want that ([how](slack.md))."
    )
    scan: ScanSettings = Field(default=ScanSettings(), description="How calendars are read.")
    ask: AskSettings = Field(default=AskSettings(), description="When reps are asked, and of what.")
    weekly: WeeklySettings = Field(
        default=WeeklySettings(), description="The mails with a week's numbers."
    )
    admin: AdminSettings = Field(default=AdminSettings(), description="Who administers Nudger.")
    watch: WatchSettings = Field(
        default=WatchSettings(), description="How a monitor hears that all is well."
    )
    celery: CelerySettings = Field(
        default=CelerySettings(),
        description="Workers on [several machines](operations.md#several-machines).",
    )
    log: LogSettings = Field(default=LogSettings(), description="What is printed.")
    web: WebSettings = Field(
        default=WebSettings(), description="Pages in a browser, and what machines may ask."
    )
    push: PushSettings = Field(
        default=PushSettings(),
        description="Being told of changes by the providers ([how](operations.md#push)).",
    )
    google_addon: GoogleAddonSettings = Field(
        default=GoogleAddonSettings(),
        description="The [add-on in Google Calendar](addon-google.md).",
    )
    outlook_addin: OutlookAddinSettings = Field(
        default=OutlookAddinSettings(),
        description="The [add-in in Outlook](addin-outlook.md).",
    )
    console: ConsoleSettings = Field(
        default=ConsoleSettings(), description="How admins sign in to the console."
    )
    meetings: MeetingSettings = Field(
        default=MeetingSettings(),
        description="Which meetings are asked about, and what their guests read.",
    )
    milestones: tuple[MilestoneSettings, ...] = Field(
        default=(), description="The steps of your sales process, in their order."
    )
    teams: tuple[TeamSettings, ...] = Field(
        default=(), description="What is different for some of the reps ([an example](#a-team))."
    )

    crm: CrmSettings = Field(
        default=CrmSettings(), description="CRMs that are told what happens to calls."
    )
    webhooks: tuple[WebhookSettings, ...] = Field(
        default=(), description="Who is told what happens to calls ([webhooks](webhooks.md))."
    )
    teams_channels: tuple[TeamsChannelSettings, ...] = Field(
        default=(),
        description=(
            "Channels in Microsoft Teams that get the day's plan each working morning "
            "([how](teams-channel.md))."
        ),
    )

    _file: ClassVar[Path | None] = None

    @field_validator("teams")
    @classmethod
    def _teams_differ(cls, teams: tuple[TeamSettings, ...]) -> tuple[TeamSettings, ...]:
        _refuse_twice("team", [team.name for team in teams])
        return teams

    @field_validator("teams_channels")
    @classmethod
    def _channels_differ(
        cls, channels: tuple[TeamsChannelSettings, ...]
    ) -> tuple[TeamsChannelSettings, ...]:
        _refuse_twice("channel", [channel.name for channel in channels])
        return channels

    @field_validator("webhooks")
    @classmethod
    def _webhooks_differ(cls, hooks: tuple[WebhookSettings, ...]) -> tuple[WebhookSettings, ...]:
        _refuse_twice("webhook", [hook.name for hook in hooks])
        return hooks

    @model_validator(mode="after")
    def _push_has_an_address(self) -> Self:
        if self.push.enabled and not self.push_is_on:
            raise ValueError(
                "[push] enabled = true: providers tell of changes at an https address alone; set "
                '[web] public_url, such as "https://nudger.ourco.com"'
            )
        return self

    @property
    def push_is_on(self) -> bool:
        """Whether providers are asked to tell us of changes, and can: at an https address, or, for
        a trial, on this machine."""
        return self.push.enabled and is_private_line(self.web.public_url or "")

    @property
    def file(self) -> Path | None:
        """The nudger.toml that they were read from, if they were read from one."""
        return self._file

    def team(self, name: str | None) -> TeamSettings | None:
        """The team of this name; `None` where there is none."""
        return next((team for team in self.teams if team.name == name), None)

    def of_team(self, name: str | None) -> Settings:
        """The settings as they are for the reps of a team; an unknown name is no team."""
        return self._by_team.get(name or "", self)

    @cached_property
    def _by_team(self) -> dict[str, Settings]:
        return {team.name: self._with(team) for team in self.teams}

    def _with(self, team: TeamSettings) -> Settings:
        different: dict[str, Any] = {
            "ask": changed(self.ask, team.ask),
            "meetings": changed(self.meetings, team.meetings),
            "language": team.language or self.language,
            "time_zone": team.time_zone or self.time_zone,
            "milestones": team.milestones or self.milestones,
        }
        return self.model_copy(update=different)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Another process has what was read here, whatever the file says by then."""
        if self._file is None:
            return super().__reduce__()
        kind = BegunSettings if isinstance(self, BegunSettings) else Settings
        return _unpickled, (kind, self._file), self.__getstate__()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=cls._file)
        return init_settings, env_settings, file


class BegunSettings(Settings):
    """Those of an installation that is being set up: until somebody chose where answers are
    written, that is where no guest can read them. Pages are served by them, and nothing else is."""

    write_back: Literal["meeting", "private"] = "private"


def _refuse_twice(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"each {what} has a name of its own: {', '.join(twice)} stands twice")


def of_file(kind: type[Settings], file: Path) -> type[Settings]:
    """Settings of this kind that are read from this file."""
    return type("SettingsOfFile", (kind,), {"_file": file, "__doc__": Settings.__doc__})


def _unpickled(kind: type[Settings], file: Path) -> Settings:
    made = of_file(kind, file)
    return made.__new__(made)
