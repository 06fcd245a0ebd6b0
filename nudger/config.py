"""Settings: nudger.toml, overridden by the environment (`NUDGER_…`, `__` between levels).

Secrets are apart: the provider's credentials in their own file, the key in a file or in
`NUDGER_KEY`. Every key is explained in docs/configuration.md.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from nudger.domain.addresses import read_address
from nudger.domain.domains import clean_entry
from nudger.domain.extent import Onsites
from nudger.domain.publishing import PublishRule
from nudger.domain.watching import Watch
from nudger.domain.zones import known_zone

DEFAULT_FILE = Path("nudger.toml")
LONGEST_TITLE_WORD = 100
PREFIX = "NUDGER_"
COMMAND_VARIABLES = frozenset({"NUDGER_CONFIG"})
"""Variables that options of commands are read from."""
_OF_OTHERS = re.compile(r"NUDGER_(TEST_\w+|SERVICE_(HOST|PORT\w*)|PORT(_\d+_\w+)?)", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class ConfigProblem(Exception):
    """The configuration cannot be used; each line names a key, what was found, what is allowed."""


def _known_zone(name: str) -> str:
    if known_zone(name) is None:
        raise ValueError('a time zone such as "Europe/Berlin" is expected')
    return name


def _full_web_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError('an address such as "https://example.com" is expected')
    return value


def _web_address(value: str) -> str:
    return _full_web_address(value).rstrip("/")


def _listen_address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError('a host and a port such as "127.0.0.1:8025" are expected')
    return value


def _mail_address(value: str) -> str:
    address = read_address(value)
    if address is None:
        raise ValueError('an address such as "nudger@ourco.com" is expected')
    return address


def _as_named_today(watch: object) -> object:
    """What a configuration of an older version calls "all_outside"."""
    return Watch.EVERYBODY if watch == "all_outside" else watch


def _flat_title_words(given: object) -> object:
    """A list of words as it is; a table of lists, one a language, as one list."""
    if not isinstance(given, Mapping):
        return given
    for language, words in given.items():
        if not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
            raise ValueError(f'a language such as "de" is expected before "=", not "{language}"')
        if not isinstance(words, list | tuple):
            raise ValueError(f"a list of words is expected for {language}")
    return [word for words in given.values() for word in words]


def _title_word(word: str) -> str:
    if not word.strip(" *") or len(word) > LONGEST_TITLE_WORD:
        raise ValueError(f"a word or phrase of at most {LONGEST_TITLE_WORD} letters is expected")
    return word.strip()


def _domain_or_address(entry: str) -> str:
    try:
        return clean_entry(entry)
    except ValueError as error:
        raise ValueError("a domain (acme.com) or an address (a@acme.com) is expected") from error


Zone = Annotated[str, AfterValidator(_known_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
PingAddress = Annotated[str, AfterValidator(_full_web_address)]
ListenAddress = Annotated[str, AfterValidator(_listen_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
TitleWord = Annotated[str, AfterValidator(_title_word)]
TitleWords = Annotated[tuple[TitleWord, ...], BeforeValidator(_flat_title_words)]
DomainOrAddress = Annotated[str, AfterValidator(_domain_or_address)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=_Section)


class GoogleSettings(_Section):
    """`api_root` unset means Google's own servers. `sign_as` is the service account that is acted
    as without a key; `iam_root` signs for it, `token_uri` takes what was signed. `reps_group` is
    the group whose members are the reps, read as `directory_admin`."""

    mailbox: MailAddress | None = None
    directory_admin: MailAddress | None = None
    reps_group: MailAddress | None = None
    api_root: WebAddress | None = None
    sign_as: MailAddress | None = None
    iam_root: WebAddress = "https://iamcredentials.googleapis.com"
    token_uri: WebAddress = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class MicrosoftSettings(_Section):
    """`reps_group` is the group whose members are the reps, by object id or mail address."""

    mailbox: MailAddress | None = None
    reps_group: str | None = Field(default=None, min_length=1)
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
    hours_from: Literal["calendar", "settings"] = "calendar"
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    quiet_days: tuple[date, ...] = ()
    lead_hours: float | None = Field(default=None, gt=0, le=80)
    least_notice_minutes: int = Field(default=120, ge=0, le=7 * 24 * 60)
    time_to_answer_minutes: int = Field(default=30, ge=0, le=24 * 60)
    remind: bool = True
    follow_up: bool = True
    tell_colleagues: bool = False

    @property
    def lead(self) -> timedelta | None:
        """Working time between the question and the call; `None` for the morning of the working
        day before."""
        return None if self.lead_hours is None else timedelta(hours=self.lead_hours)

    @property
    def least_notice(self) -> timedelta:
        return timedelta(minutes=self.least_notice_minutes)

    @property
    def time_to_answer(self) -> timedelta:
        return timedelta(minutes=self.time_to_answer_minutes)


class WeeklySettings(_Section):
    enabled: bool = True
    day: Weekday = "mon"


class AdminSettings(_Section):
    """`mail` gets the weekly mail about new domains, and is whom reps are told to ask; without it
    there is neither."""

    mail: MailAddress | None = None


class WatchSettings(_Section):
    """`ping_url` is asked for as long as all is well, so that somebody hears of it when not."""

    ping_url: PingAddress | None = Field(default=None, repr=False)
    ping_every_minutes: int = Field(default=5, ge=1, le=24 * 60)


class LogSettings(_Section):
    """One line an event, for people or for programs."""

    format: Literal["text", "json"] = "text"


class WebSettings(_Section):
    """Pages are served, and linked to in the mails, where `public_url` is known. Whoever watches
    over us is answered at `address` where that is written down, and given numbers by `metrics`."""

    address: ListenAddress = "127.0.0.1:8025"
    public_url: WebAddress | None = None
    metrics: bool = False

    @property
    def is_served(self) -> bool:
        """Whether we listen at all."""
        return self.public_url is not None or self.metrics or "address" in self.model_fields_set


class MeetingSettings(_Section):
    """`title_words` come beside the bundled ones, or in their place. `all_day` and `long` say which
    events are asked about that last whole days, or longer than `max_hours`."""

    watch: Annotated[Watch, BeforeValidator(_as_named_today)] = Watch.REVIEW
    private: Literal["skip", "ask"] = "skip"
    all_day: Onsites = Onsites.CUSTOMERS
    long: Onsites = Onsites.CUSTOMERS
    max_hours: float = Field(default=8, gt=0, le=24)
    max_guests: int = Field(default=30, ge=1, le=1000)
    publish: PublishRule = PublishRule.COMMITMENTS
    series: Literal["each", "first"] | Annotated[int, Field(ge=2, le=52)] = "each"
    title_words: TitleWords = ()
    bundled_title_words: bool = True
    note_takers: tuple[DomainOrAddress, ...] = ()


class MilestoneSettings(_Section):
    name: str = Field(min_length=1, max_length=80)
    exit: str = ""
    aliases: tuple[str, ...] = ()


class TeamDomains(_Section):
    """What a team says of domains and addresses, beside and before what holds for all."""

    ours: tuple[DomainOrAddress, ...] = ()
    partner: tuple[DomainOrAddress, ...] = ()
    customer: tuple[DomainOrAddress, ...] = ()
    never: tuple[DomainOrAddress, ...] = ()

    def entries(self) -> dict[str, str]:
        """Entry -> kind."""
        kinds = type(self).model_fields
        return {entry: kind for kind in kinds for entry in getattr(self, kind)}


class TeamSettings(_Section):
    """What is different for a team's reps; what it leaves out is as for everybody."""

    name: str = Field(min_length=1, max_length=80)
    manager: MailAddress | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    time_zone: Zone | None = None
    domains: TeamDomains = TeamDomains()
    ask: AskSettings = AskSettings()
    meetings: MeetingSettings = MeetingSettings()
    milestones: tuple[MilestoneSettings, ...] = ()


class Settings(BaseSettings):
    """Everything an admin decides. Paths are relative to the folder of nudger.toml."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__"
    )

    write_back: Literal["meeting", "private"]
    mode: Literal["organization", "personal"] = "organization"
    database: str = Field(default="sqlite:///nudger.db", repr=False)
    credentials: Path = Path("credentials.json")
    key: str | None = Field(default=None, repr=False)
    key_command: str | None = Field(default=None, min_length=1)
    key_file: Path = Path("nudger.key")
    templates: Path | None = None
    time_zone: Zone = "UTC"
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    listen_every_seconds: int = Field(default=60, ge=5, le=86_400)
    keep_mail_days: int = Field(default=7, ge=1, le=30)
    keep_meeting_days: int = Field(default=400, ge=90, le=3650)
    keep_audit_days: int = Field(default=400, ge=30, le=3650)
    google: GoogleSettings = GoogleSettings()
    microsoft: MicrosoftSettings = MicrosoftSettings()
    scan: ScanSettings = ScanSettings()
    ask: AskSettings = AskSettings()
    weekly: WeeklySettings = WeeklySettings()
    admin: AdminSettings = AdminSettings()
    watch: WatchSettings = WatchSettings()
    log: LogSettings = LogSettings()
    web: WebSettings = WebSettings()
    meetings: MeetingSettings = MeetingSettings()
    milestones: tuple[MilestoneSettings, ...] = ()
    teams: tuple[TeamSettings, ...] = ()

    _file: ClassVar[Path | None] = None

    @field_validator("teams")
    @classmethod
    def _differ(cls, teams: tuple[TeamSettings, ...]) -> tuple[TeamSettings, ...]:
        names = [team.name for team in teams]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each team has a name of its own: {', '.join(twice)} stands twice")
        return teams

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
        changed: dict[str, Any] = {
            "ask": _changed(self.ask, team.ask),
            "meetings": _changed(self.meetings, team.meetings),
            "language": team.language or self.language,
            "time_zone": team.time_zone or self.time_zone,
            "milestones": team.milestones or self.milestones,
        }
        return self.model_copy(update=changed)

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


def _changed(section: S, by: S) -> S:
    """The section with what was written down in `by`."""
    return section.model_copy(update={name: getattr(by, name) for name in by.model_fields_set})


def load_settings(file: Path = DEFAULT_FILE) -> Settings:
    """Read the settings. Raises `ConfigProblem` with a line for each wrong key."""
    if not file.exists():
        raise ConfigProblem(f"There is no {file}: make one with `nudger init`.")
    unknown = unknown_variables(os.environ)
    if unknown:
        raise ConfigProblem("\n".join(unknown))
    loader = type("SettingsOfFile", (Settings,), {"_file": file, "__doc__": Settings.__doc__})
    try:
        settings: Settings = loader()
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"{file} is not valid TOML: {error}.") from error
    except OSError as error:
        raise ConfigProblem(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ConfigProblem("\n".join(explain(file, error))) from error
    except SettingsError as error:
        raise ConfigProblem(_explain_json(str(error))) from error
    return _with_paths_of(file, settings)


def _explain_json(error: str) -> str:
    """The variables of a field whose list or table is not written as JSON."""
    field = re.search(r'field "(\w+)"', error)
    start = PREFIX + (field[1].upper() if field else "")
    names = ", ".join(sorted(name for name in os.environ if name.upper().startswith(start)))
    return f'{names} in the environment: a list is expected as JSON, as in \'["mon", "tue"]\'.'


def unknown_variables(environment: Iterable[str]) -> list[str]:
    """One line for each `NUDGER_…` variable that is none, with the nearest one that is.

    Left alone are those that Kubernetes makes for a service named "nudger".
    """
    known = {PREFIX + name for name in _variables(Settings)} | COMMAND_VARIABLES
    given = sorted(name for name in environment if name.upper().startswith(PREFIX))
    return [
        f"{name} in the environment is not a setting. {_nearest_variable(name, known)}"
        for name in given
        if name.upper() not in known and not _OF_OTHERS.fullmatch(name)
    ]


def _variables(model: type[BaseModel]) -> Iterator[str]:
    for name, described in model.model_fields.items():
        yield name.upper()
        section = described.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from (f"{name.upper()}__{within}" for within in _variables(section))


def _nearest_variable(name: str, known: Collection[str]) -> str:
    bare = {one.removeprefix(PREFIX): one for one in known}
    close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), sorted(bare), n=1)
    return f"Did you mean {bare[close[0]]}?" if close else "docs/configuration.md names them all."


def _with_paths_of(file: Path, settings: Settings) -> Settings:
    folder = file.resolve().parent
    changed: dict[str, Any] = {
        "credentials": folder / settings.credentials,
        "key_file": folder / settings.key_file,
        "templates": settings.templates and folder / settings.templates,
        "database": absolute_database_url(settings.database, folder),
    }
    return settings.model_copy(update=changed)


def absolute_database_url(url: str, folder: Path) -> str:
    """A database's URL as it counts for a nudger.toml in this folder."""
    relative = url.removeprefix("sqlite:///")
    if relative == url or relative.startswith(("/", ":")):
        return url
    return f"sqlite:///{folder / relative}"


def explain(file: Path, error: ValidationError) -> list[str]:
    """One line a problem: file, key, what was found, what is allowed."""
    return [_explain_one(file, problem) for problem in error.errors()]


def _explain_one(file: Path, problem: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    variable = _variable_of(problem["loc"])
    if variable is not None:
        return f"{variable} in the environment is {problem['input']!r}: {_expected(problem)}."
    match problem["type"]:
        case "missing":
            return f"{file}: {key} is missing. {_allowed(problem['loc'])}".rstrip()
        case "extra_forbidden":
            return f"{file}: {key} is not a setting. {_nearest(problem['loc'])}"
        case _:
            return f"{file}: {key} is {problem['input']!r}: {_expected(problem)}."


def _variable_of(location: Sequence[int | str]) -> str | None:
    """The environment's variable that this key comes from, if it comes from one of its own."""
    wanted = PREFIX + "__".join(str(part) for part in location).upper()
    return next((name for name in os.environ if name.upper() == wanted), None)


def _expected(problem: Mapping[str, Any]) -> str:
    words = str(problem["msg"]).removeprefix("Value error, ")
    return words[:1].lower() + words[1:]


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
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        section = _section_in(field.annotation) if field else None
        if section is None:
            break
        model = section
    names = sorted(model.model_fields)
    close = difflib.get_close_matches(str(location[-1]), names, n=1)
    return f"Did you mean {close[0]}?" if close else f"Allowed here: {', '.join(names)}."


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field is, or holds many of."""
    candidates = (annotation, *get_args(annotation))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
