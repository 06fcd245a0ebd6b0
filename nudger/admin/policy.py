"""The settings as admins see and change them: nudger.toml is where they are, and nowhere else."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from nudger.admin.replaced_file import fingerprint
from nudger.admin.rewriting import Unchanged, file_of, rewrite, why_not_written, without_file
from nudger.admin.setup.settings_file import line_for, with_setting
from nudger.config import ConfigProblem, Settings, load_again
from nudger.config.origins import Origin, origin_of, variable_for
from nudger.config.setting_descriptions import SettingDescription, every_setting
from nudger.domain.reasons import Reason, StepName
from nudger.runtime.chat_tokens import with_kept_tokens
from nudger.runtime.context import Context
from nudger.store import admins, audit

HIDDEN = "not shown"
MOST_CHANGES = 30


@dataclass(frozen=True, slots=True)
class OfTeam:
    """A setting as a team has it."""

    team: str
    shown: str
    written: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its value as it is typed and as it is written, where that is from, and the
    teams for which it is another."""

    key: SettingDescription
    shown: str
    written: str
    origin: Origin
    variable: str
    teams: tuple[OfTeam, ...]

    @property
    def why_not(self) -> str | None:
        """Why it cannot be changed from here, if it cannot."""
        if self.origin is Origin.ENVIRONMENT:
            return f"The environment has it as {self.variable}, which goes before the file."
        if self.key.is_changed_by_file_alone:
            return (
                "It says where secrets are, whom they are sent to or who signs in: only who can "
                "write the file changes it."
            )
        return None

    @property
    def line(self) -> str:
        """What to write into the file by hand, with the value that it has."""
        has_value = self.written not in ("none", HIDDEN)
        return line_for(self.key.path, self.written if has_value else '"…"')

    @property
    def own_variable(self) -> str:
        return variable_for(self.key.path)


@dataclass(frozen=True, slots=True)
class Policy:
    """All settings as the file and the environment have them now. `seen` tells whether the file
    was changed meanwhile; `problem` why it cannot be used; `waits` whether it says anything else
    than what this process works by; `why_not` why no program can write it."""

    settings: Mapping[str, Setting]
    file: Path
    seen: str
    problem: str | None
    waits: bool
    why_not: str | None


def policy_of(ctx: Context) -> Policy:
    file = file_of(ctx)
    try:
        raw = file.read_bytes()
        there, now, problem = tomllib.loads(raw.decode()), load_again(ctx.settings, file), None
    except (ConfigProblem, OSError, ValueError) as error:
        raw, there, now, problem = b"", {}, ctx.settings, str(error)
    found = {name: _setting(key, now, there) for name, key in every_setting().items()}
    waits = problem is not None or _is_news(ctx, now)
    return Policy(found, file, fingerprint(raw), problem, waits, why_not_written(file))


def waits_for_restart(ctx: Context) -> bool:
    """Whether nudger.toml, or what is kept beside it, says anything else than what this process
    works by."""
    if ctx.settings.file is None:
        return False
    try:
        return _is_news(ctx, load_again(ctx.settings, ctx.settings.file))
    except ConfigProblem:
        return True


def change(ctx: Context, tx: Connection, name: str, typed: str, seen: str) -> None:
    """Write a setting into the file, where nobody changed that since it was `seen`; nothing typed
    takes it out. The trail has it. Raises `Unchanged`."""
    key, before = every_setting()[name], policy_of(ctx)
    value = key.typed(typed)
    require_written(before)
    if (why_not := before.settings[name].why_not) is not None:
        raise Unchanged(why_not)
    try:
        rewrite(ctx, seen, lambda text: with_setting(text, key.path, value))
    except ConfigProblem as problem:
        raise Unchanged(without_file(problem, before.file, name)) from problem
    _record(ctx, tx, before.settings[name], policy_of(ctx).settings[name])


def require_written(found: Policy) -> None:
    """Raises `Unchanged` where no program can change the file."""
    if found.problem is not None:
        raise Unchanged(f"The file cannot be used: mend it by hand. {found.problem}")
    if found.why_not is not None:
        raise Unchanged(found.why_not)


def changes(tx: Connection) -> list[Mapping[str, Any]]:
    """The latest changes, the newest first: `at`, `name`, `before`, `after`, `by`."""
    known = {one.id: one.email for one in admins.list_admins(tx)}
    return [
        {
            "at": one.at,
            "name": one.step.detail.get("setting", "?"),
            "before": one.step.detail.get("before", HIDDEN),
            "after": one.step.detail.get("after", HIDDEN),
            "by": known.get(one.step.detail.get("admin", 0), "one-time code"),
        }
        for one in audit.latest(tx, Reason.SETTING_CHANGED, MOST_CHANGES)
    ]


def _setting(key: SettingDescription, now: Settings, there: Mapping[str, Any]) -> Setting:
    value = _value_at(key, now)
    origin, variable = origin_of(key.path, there, os.environ)
    if key.is_secret:
        written = HIDDEN if value is not None and origin is not Origin.DEFAULT else "none"
        return Setting(key, "", written, origin, variable, ())
    teams = tuple(_of_teams(key, now))
    return Setting(key, key.shown(value), key.written(value), origin, variable, teams)


def _value_at(key: SettingDescription, within: Any) -> Any:
    """As JSON has it."""
    for part in key.path[:-1]:
        within = getattr(within, part)
    return key.plain(within.model_dump(mode="json", include={key.path[-1]})[key.path[-1]])


def _of_teams(key: SettingDescription, now: Settings) -> Iterator[OfTeam]:
    for team in now.teams:
        within: Any = team
        for part in key.path:
            if part not in getattr(within, "model_fields_set", ()):
                break
            within = getattr(within, part)
        else:
            value = _value_at(key, team)
            yield OfTeam(team.name, key.shown(value), key.written(value))


def _is_news(ctx: Context, written: Settings) -> bool:
    """Whether settings, with what is kept beside them, are others than this process works by."""
    with ctx.database.read() as tx:
        now = with_kept_tokens(written, ctx.secrets, tx)
    return now.model_dump() != ctx.settings.model_dump()


def _record(ctx: Context, tx: Connection, before: Setting, after: Setting) -> None:
    if before.written == after.written and before.origin is after.origin:
        return
    told = {"before": _told(before), "after": _told(after)} if before.key.is_told else {}
    step = audit.Step(
        StepName.CONTROL, Reason.SETTING_CHANGED, detail={"setting": before.key.name, **told}
    )
    audit.record(tx, step, ctx.clock())


def _told(setting: Setting) -> str:
    default = " (default)" if setting.origin is Origin.DEFAULT else ""
    return f"{setting.written}{default}"
