"""Settings: nudger.toml, overridden by the environment (`NUDGER_…`, `__` between levels).

Secrets are apart: the provider's credentials in their own file, the key in a file or in
`NUDGER_KEY`. Every key is explained in docs/configuration.md.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DEFAULT_FILE = Path("nudger.toml")


class ConfigProblem(Exception):
    """The configuration cannot be used; each line names a key, what was found, what is allowed."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('a time zone such as "Europe/Berlin" is expected') from error
    return name


def _web_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError('an address such as "https://example.com" is expected')
    return value.rstrip("/")


def _mail_address(value: str) -> str:
    local, at, domain = value.strip().lower().rpartition("@")
    if not (at and local and "." in domain) or any(c.isspace() for c in value):
        raise ValueError('an address such as "nudger@ourco.com" is expected')
    return f"{local}@{domain}"


Zone = Annotated[str, AfterValidator(_known_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoogleSettings(_Section):
    """`api_root` unset means Google's own servers."""

    mailbox: MailAddress | None = None
    api_root: WebAddress | None = None


class MicrosoftSettings(_Section):
    mailbox: MailAddress | None = None
    graph_root: WebAddress = "https://graph.microsoft.com/v1.0"
    authority: WebAddress | None = None
    outlook_may_notify_guests: bool = False
    out_of_reach: MailAddress | None = None


class ScanSettings(_Section):
    every_seconds: int = Field(default=120, ge=5, le=86_400)
    horizon_days: int = Field(default=14, ge=1, le=90)
    calendars_at_once: int = Field(default=4, ge=1, le=64)


class AskSettings(_Section):
    day_starts: time = time(9, 0)
    day_ends: time = time(17, 30)
    working_days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    quiet_days: tuple[date, ...] = ()
    least_notice_minutes: int = Field(default=120, ge=0, le=7 * 24 * 60)
    time_to_answer_minutes: int = Field(default=30, ge=0, le=24 * 60)
    remind: bool = True
    follow_up: bool = True

    @property
    def least_notice(self) -> timedelta:
        return timedelta(minutes=self.least_notice_minutes)

    @property
    def time_to_answer(self) -> timedelta:
        return timedelta(minutes=self.time_to_answer_minutes)


class MeetingSettings(_Section):
    watch: Literal["listed", "all_outside"] | None = None
    private: Literal["skip", "ask"] = "skip"
    max_hours: float = Field(default=8, gt=0, le=24)
    max_guests: int = Field(default=30, ge=1, le=1000)
    series: Literal["each", "first"] | Annotated[int, Field(ge=2, le=52)] = "each"
    title_words: tuple[str, ...] = ()
    note_takers: tuple[str, ...] = ()


class MilestoneSettings(_Section):
    name: str = Field(min_length=1, max_length=80)
    exit: str = ""
    aliases: tuple[str, ...] = ()


class Settings(BaseSettings):
    """Everything an admin decides. Paths are relative to the folder of nudger.toml."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="NUDGER_", env_nested_delimiter="__"
    )

    write_back: Literal["meeting", "private"]
    mode: Literal["organization", "personal"] = "organization"
    database: str = "sqlite:///nudger.db"
    credentials: Path = Path("credentials.json")
    key: str | None = Field(default=None, repr=False)
    key_file: Path = Path("nudger.key")
    templates: Path | None = None
    time_zone: Zone = "UTC"
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    listen_every_seconds: int = Field(default=60, ge=5, le=86_400)
    keep_mail_days: int = Field(default=7, ge=1, le=30)
    google: GoogleSettings = GoogleSettings()
    microsoft: MicrosoftSettings = MicrosoftSettings()
    scan: ScanSettings = ScanSettings()
    ask: AskSettings = AskSettings()
    meetings: MeetingSettings = MeetingSettings()
    milestones: tuple[MilestoneSettings, ...] = ()

    _file: ClassVar[Path | None] = None

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


def load_settings(file: Path = DEFAULT_FILE) -> Settings:
    """Read the settings. Raises `ConfigProblem` with a line for each wrong key."""
    if not file.exists():
        raise ConfigProblem(f"There is no {file}: make one with `nudger init`.")
    loader = type("SettingsOfFile", (Settings,), {"_file": file, "__doc__": Settings.__doc__})
    try:
        settings: Settings = loader()
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"{file} is not valid TOML: {error}.") from error
    except OSError as error:
        raise ConfigProblem(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ConfigProblem("\n".join(explain(file, error))) from error
    return _with_paths_of(file, settings)


def _with_paths_of(file: Path, settings: Settings) -> Settings:
    folder = file.resolve().parent
    changed: dict[str, Any] = {
        "credentials": folder / settings.credentials,
        "key_file": folder / settings.key_file,
        "templates": settings.templates and folder / settings.templates,
        "database": _absolute_sqlite(settings.database, folder),
    }
    return settings.model_copy(update=changed)


def _absolute_sqlite(url: str, folder: Path) -> str:
    relative = url.removeprefix("sqlite:///")
    if relative == url or relative.startswith(("/", ":")):
        return url
    return f"sqlite:///{folder / relative}"


def explain(file: Path, error: ValidationError) -> list[str]:
    """One line a problem: file, key, what was found, what is allowed."""
    return [_explain_one(file, problem) for problem in error.errors()]


def _explain_one(file: Path, problem: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case "missing":
            return f"{file}: {key} is missing. {_allowed(problem['loc'])}".rstrip()
        case "extra_forbidden":
            return f"{file}: {key} is not a setting. {_nearest(problem['loc'])}"
        case _:
            expected = str(problem["msg"]).removeprefix("Value error, ")
            return f"{file}: {key} is {problem['input']!r}: {expected[0].lower()}{expected[1:]}."


def _allowed(location: Sequence[int | str]) -> str:
    if tuple(location) == ("write_back",):
        return (
            'Choose "meeting" (the answer goes into the meeting, where its guests can read it) '
            'or "private" (into a private event on the rep\'s own calendar).'
        )
    return ""


def _nearest(location: Sequence[int | str]) -> str:
    model: type[BaseModel] = Settings
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        section = field.annotation if field else None
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            break
        model = section
    names = sorted(model.model_fields)
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return f"Did you mean {close[0]}?" if close else f"Allowed here: {', '.join(names)}."
