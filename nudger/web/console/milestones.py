"""The milestones: order, names, what the customer has done, other names, lists to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from nudger.admin import milestones as admin
from nudger.admin.rewriting import Unchanged
from nudger.domain.commitment import Milestone
from nudger.domain.starter_milestones import (
    LANGUAGES,
    MilestoneList,
    also_called,
    starter_milestones,
)
from nudger.mail.display import display_text
from nudger.web.console.desk import Desk
from nudger.web.console.milestones_form import pressed, problem_of, typed_list
from nudger.web.console.section import Section
from nudger.web.site import READ

MOST_NAMES, LONGEST_PROBLEM = 12, 600
LISTS = {
    MilestoneList.NEW_BUSINESS: "To new customers",
    MilestoneList.TRIAL: "By having them try it",
    MilestoneList.ACCOUNTS: "To customers that you have",
}
Texts = Annotated[list[str] | None, Form()]


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages = _Milestones(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("", pages.edit, methods=["POST"])


MILESTONES = Section("milestones", "Milestones", _add_routes)


@dataclass(frozen=True)
class _Milestones:
    """The handlers of these routes."""

    desk: Desk

    def page(self, request: Request, which: str = "", language: str = "") -> Response:
        found = admin.listed(self.desk.ctx)
        chosen = next((one for one in MilestoneList if one.value == which), None)
        if chosen is None:
            return self._show(request, found, found.milestones, {})
        shown = starter_milestones(language or self.desk.ctx.settings.language, chosen)
        return self._show(request, found, shown, {"is_unsaved": True})

    def edit(
        self,
        request: Request,
        name: Texts = None,
        exit_: Annotated[list[str] | None, Form(alias="exit")] = None,
        aliases: Texts = None,
        button: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
    ) -> Response:
        typed = typed_list(name or (), exit_ or (), aliases or ())
        found = admin.listed(self.desk.ctx)
        if button != "save":
            edited = pressed(typed, button)
            more = {"is_unsaved": True, "row": edited.row, "seen": seen}
            return self._show(request, found, edited.milestones, more)
        problem = problem_of(typed)
        if problem is None:
            try:
                return self.desk.change(
                    MILESTONES.path, lambda tx: admin.change(self.desk.ctx, tx, typed, seen)
                )
            except Unchanged as why:
                problem = str(why)
        more = {"is_unsaved": True, "problem": display_text(problem, LONGEST_PROBLEM)}
        return self._show(request, found, typed, more, 422)

    def _show(
        self,
        request: Request,
        found: admin.Listed,
        shown: Sequence[Milestone],
        more: dict[str, Any],
        status: int = 200,
    ) -> Response:
        policy = found.policy
        values = {
            "rows": [_row(one) for one in shown],
            "is_unsaved": False,
            "row": None,
            "problem": None,
            "seen": policy.seen,
            "file": policy.file,
            "why_not": policy.problem or policy.why_not,
            "waits": policy.waits,
            "teams": [(name, [one.name for one in some]) for name, some in found.of_teams.items()],
            "lists": [(one.value, says) for one, says in LISTS.items()],
            "languages": LANGUAGES,
            "language": self.desk.ctx.settings.language,
            **more,
        }
        return self.desk.show(request, "milestones.html.j2", values, {}, status)


def _row(one: Milestone) -> dict[str, Any]:
    own = (one.name, *one.aliases)
    known = list(dict.fromkeys(name for name in also_called(one) if name not in own))
    return {
        "name": one.name,
        "exit": one.exit,
        "aliases": ", ".join(one.aliases),
        "known": ", ".join(known[:MOST_NAMES]),
    }
