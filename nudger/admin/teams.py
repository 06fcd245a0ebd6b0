"""Teams as admins see and change them. What is different for a team stands in nudger.toml; who is
in it stands in the database (docs/decisions/0016-teams-are-settings.md).

A team of the file is one for the workers once they are started again. Until then nobody can be in a
new one, and one that has members keeps its name: they would be in none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.admin.policy import OfTeam, Policy, Setting, policy_of, require_written
from nudger.admin.rep_entry import Entered, save_reps
from nudger.admin.rewriting import Unchanged, rewrite, without_file
from nudger.admin.setup.team_tables import with_team, with_team_setting, without_team
from nudger.config import ConfigProblem, load_again
from nudger.config.origins import variable_for
from nudger.config.setting_descriptions import every_setting
from nudger.config.teams import TeamSettings
from nudger.domain.reasons import Reason, StepName
from nudger.runtime.context import Context
from nudger.store import audit, people
from nudger.store.people import Rep

LONGEST_NAME = 80
NO_NAME = f"A team has a name, of at most {LONGEST_NAME} characters."
IN_ENVIRONMENT = (
    f"The environment has the teams as {variable_for(['teams'])}, which goes before the file."
)
HAS_MEMBERS = (
    "It has {}, who would be in no team until the workers are started again: take them out first."
)


@dataclass(frozen=True, slots=True)
class Team:
    """`is_listed` tells whether the file has it, `counts` whether this process works by it."""

    name: str
    members: tuple[Rep, ...]
    is_listed: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Teams:
    """Those of the file in its order, then those that only reps are said to be in; all `reps`."""

    teams: tuple[Team, ...]
    reps: tuple[Rep, ...]
    policy: Policy
    why_not: str | None

    def find(self, name: str) -> Team | None:
        return next((one for one in self.teams if one.name == name), None)


def teams_of(ctx: Context) -> Teams:
    policy = policy_of(ctx)
    settings = ctx.settings
    if policy.problem is None:
        settings = load_again(ctx.settings, policy.file)
    with ctx.database.read() as tx:
        reps = people.list_reps(tx)
    listed = [one.name for one in settings.teams]
    counting = {one.name for one in ctx.settings.teams}
    named = dict.fromkeys([*listed, *(rep.team for rep in reps if rep.team)])
    teams = tuple(
        Team(name, tuple(rep for rep in reps if rep.team == name), name in listed, name in counting)
        for name in named
    )
    return Teams(teams, tuple(reps), policy, policy.problem or _why_not(policy))


def team_settings(policy: Policy) -> Mapping[str, Setting]:
    """The settings that may be others for a team, by their names."""
    own = TeamSettings.model_fields
    return {
        name: one
        for name, one in policy.settings.items()
        if one.key.path[0] in own and one.key.name != "milestones"
    }


def of_team(setting: Setting, team: str) -> OfTeam | None:
    """The setting as the team has it; `None` where it is as for everybody."""
    return next((one for one in setting.teams if one.team == team), None)


def make(ctx: Context, tx: Connection, name: str, seen: str) -> None:
    """One more team. Raises `Unchanged`."""
    wanted = _name(name)
    _rewrite(ctx, tx, seen, lambda text: with_team(text, wanted))


def rename(ctx: Context, tx: Connection, name: str, wanted: str, seen: str) -> None:
    """Call a team without members otherwise. Raises `Unchanged`."""
    new = _name(wanted)
    _require_empty(ctx, name)
    _rewrite(ctx, tx, seen, lambda text: with_team_setting(text, name, ["name"], new))


def remove(ctx: Context, tx: Connection, name: str, seen: str) -> None:
    """Take a team without members out of the file. Raises `Unchanged`."""
    _require_empty(ctx, name)
    _rewrite(ctx, tx, seen, lambda text: without_team(text, name))


def change(ctx: Context, tx: Connection, team: str, name: str, typed: str, seen: str) -> None:
    """Have a setting be another for a team; nothing typed: as for everybody. Raises `Unchanged`."""
    found, key = teams_of(ctx), every_setting()[name]
    place = [one.name for one in found.teams].index(team)
    setting = f"teams.{place}.{name}"
    value = key.typed(typed)
    before = of_team(found.policy.settings[name], team)
    _require(found)
    try:
        rewrite(ctx, seen, lambda text: with_team_setting(text, team, key.path, value))
    except ConfigProblem as problem:
        raise Unchanged(without_file(problem, found.policy.file, setting)) from problem
    after = of_team(policy_of(ctx).settings[name], team)
    told = {"before": _told(before), "after": _told(after)} if key.is_told else {}
    _record(ctx, tx, {"setting": setting, **told})


def move(ctx: Context, tx: Connection, email: str, team: str | None) -> None:
    """Have a rep be in this team, or in none. Raises `WrongRep`."""
    save_reps(tx, ctx.settings, [Entered(email, {"team": team})], ctx.clock())


def _rewrite(ctx: Context, tx: Connection, seen: str, edit: Callable[[str], str]) -> None:
    found = teams_of(ctx)
    _require(found)
    try:
        rewrite(ctx, seen, edit)
    except ConfigProblem as problem:
        raise Unchanged(without_file(problem, found.policy.file, "teams")) from problem
    before, after = (sum(one.is_listed for one in some.teams) for some in (found, teams_of(ctx)))
    _record(ctx, tx, {"setting": "teams", "before": str(before), "after": str(after)})


def _require(found: Teams) -> None:
    require_written(found.policy)
    if found.why_not is not None:
        raise Unchanged(found.why_not)


def _require_empty(ctx: Context, name: str) -> None:
    team = teams_of(ctx).find(name)
    if team is None or not team.is_listed:
        raise Unchanged(f"There is no team {name!r} in the file.")
    if team.members:
        count = len(team.members)
        raise Unchanged(HAS_MEMBERS.format(f"{count} rep{'s' * (count != 1)}"))


def _why_not(policy: Policy) -> str | None:
    given = {name.upper() for name in os.environ}
    return IN_ENVIRONMENT if variable_for(["teams"]) in given else policy.why_not


def _name(typed: str) -> str:
    name = typed.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Unchanged(NO_NAME)
    return name


def _told(one: OfTeam | None) -> str:
    return "as for everybody" if one is None else one.written


def _record(ctx: Context, tx: Connection, detail: dict[str, str]) -> None:
    step = audit.Step(StepName.CONTROL, Reason.SETTING_CHANGED, detail=detail)
    audit.record(tx, step, ctx.clock())
