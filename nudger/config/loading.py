"""Reading the settings: the file, the environment, and errors that name the key."""

from __future__ import annotations

import os
import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from nudger.config.sections.section import section_in
from nudger.config.settings import PREFIX, BegunSettings, Settings, of_file
from nudger.config.unknown_names import nearest_setting, unknown_variables

SECRETS = frozenset({
    "app_token", "bot_token", "broker", "client_secret", "key", "secret", "token", "url",
})  # fmt: skip
"""Keys whose values no message shows."""


class ConfigProblem(Exception):
    """The configuration cannot be used; each line names a key, what was found, what is allowed."""


def load_settings(file: Path) -> Settings:
    """Read the settings. Raises `ConfigProblem` with a line for each wrong key."""
    return _load(file, Settings)


def load_begun(file: Path) -> Settings:
    """The same while Nudger is being set up: what has no default may be missing still."""
    return _load(file, BegunSettings)


def load_again(settings: Settings, file: Path) -> Settings:
    """What a file says now, read as these settings were. Raises `ConfigProblem`."""
    return _load(file, BegunSettings if isinstance(settings, BegunSettings) else Settings)


def _load(file: Path, kind: type[Settings]) -> Settings:
    if not file.exists():
        raise ConfigProblem(f"There is no {file}: make one with `nudger init`.")
    unknown = unknown_variables(os.environ)
    if unknown:
        raise ConfigProblem("\n".join(unknown))
    loader: Any = of_file(kind, file)
    try:
        settings: Settings = loader()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigProblem(_explain_unreadable(file, error)) from error
    except OSError as error:
        raise ConfigProblem(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise ConfigProblem("\n".join(explain(file, error))) from error
    except SettingsError as error:
        raise ConfigProblem(_explain_json(str(error))) from error
    return _with_paths_of(file, settings)


def _explain_unreadable(file: Path, error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError) or file.read_bytes().startswith(BOM_UTF8):
        return f"{file} is not plain UTF-8, as TOML is: save it as UTF-8, without a BOM."
    return f"{file} is not valid TOML: {error}."


def secrets_in(file: Path) -> list[str]:
    """The settings in this file, which was read before, that nobody else should read, as in
    "slack.bot_token"."""
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    return [name for name in _secrets_of(raw, Settings) if name.rpartition(".")[2] in SECRETS]


def _secrets_of(raw: Mapping[str, Any], model: type[BaseModel], above: str = "") -> Iterator[str]:
    for name, value in raw.items():
        field = model.model_fields[name]
        section = section_in(field.annotation)
        if section is not None:
            for one in value if isinstance(value, list) else (value,):
                yield from _secrets_of(one, section, f"{above}{name}.")
        elif not field.repr:
            yield f"{above}{name}"


def _explain_json(error: str) -> str:
    """The variables of a field whose list or table is not written as JSON."""
    field = re.search(r'field "(\w+)"', error)
    start = PREFIX + (field[1].upper() if field else "")
    names = ", ".join(sorted(name for name in os.environ if name.upper().startswith(start)))
    return f'{names} in the environment: a list is expected as JSON, as in \'["mon", "tue"]\'.'


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
        return f"{variable} in the environment is {_found(problem)}: {_expected(problem)}."
    match problem["type"]:
        case "missing":
            return f"{file}: {key} is missing. {_allowed(problem['loc'])}".rstrip()
        case "extra_forbidden":
            return f"{file}: {key} is not a setting. {nearest_setting(problem['loc'])}"
        case _:
            return f"{file}: {key} is {_found(problem)}: {_expected(problem)}."


def _found(problem: Mapping[str, Any]) -> str:
    is_secret = problem["loc"][-1] in SECRETS or _holds_secret(problem["input"])
    return "not shown" if is_secret else repr(problem["input"])


def _holds_secret(value: object) -> bool:
    if isinstance(value, Mapping):
        return not SECRETS.isdisjoint(value) or any(map(_holds_secret, value.values()))
    return isinstance(value, (list, tuple)) and any(map(_holds_secret, value))


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
