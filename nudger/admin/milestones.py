"""The milestones as admins see and change them: nudger.toml is where they are, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from nudger.admin.policy import Policy, policy_of, require_written
from nudger.admin.rewriting import Unchanged, rewrite
from nudger.admin.setup.settings_file import with_milestones
from nudger.config import ConfigProblem, load_again
from nudger.domain.commitment import Milestone
from nudger.domain.reasons import Reason, StepName
from nudger.runtime.context import Context
from nudger.store import audit


@dataclass(frozen=True, slots=True)
class Listed:
    """The milestones as the file has them, those of teams that have their own, and the file."""

    milestones: tuple[Milestone, ...]
    of_teams: dict[str, tuple[Milestone, ...]]
    policy: Policy


def listed(ctx: Context) -> Listed:
    policy = policy_of(ctx)
    settings = ctx.settings
    if policy.problem is None:
        settings = load_again(ctx.settings, policy.file)
    teams = {one.name: one.milestones for one in settings.teams if one.milestones}
    return Listed(
        tuple(Milestone(one.name, one.exit, one.aliases) for one in settings.milestones),
        {
            name: tuple(Milestone(one.name, one.exit, one.aliases) for one in some)
            for name, some in teams.items()
        },
        policy,
    )


def change(ctx: Context, tx: Connection, wanted: Sequence[Milestone], seen: str) -> None:
    """Write these milestones into the file in the place of its own, where nobody changed it since
    it was `seen`. The trail has how many there are. Raises `Unchanged`."""
    before = listed(ctx)
    require_written(before.policy)
    try:
        rewrite(ctx, seen, lambda text: with_milestones(text, wanted))
    except ConfigProblem as problem:
        raise Unchanged(str(problem)) from problem
    detail = {
        "setting": "milestones",
        "before": str(len(before.milestones)),
        "after": str(len(wanted)),
    }
    step = audit.Step(StepName.CONTROL, Reason.SETTING_CHANGED, detail=detail)
    audit.record(tx, step, ctx.clock())
