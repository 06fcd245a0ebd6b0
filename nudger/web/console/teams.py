"""Teams, below the reps: making one, who is in it, and what is different for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin import teams as admin
from nudger.admin.policy import Setting
from nudger.admin.rep_entry import WrongRep
from nudger.admin.rewriting import Unchanged
from nudger.admin.teams import Team, Teams, of_team, team_settings, teams_of
from nudger.mail.display import display_text
from nudger.web.console.desk import Desk
from nudger.web.console.teams_form import MemberForm, TeamForm, TeamSettingForm
from nudger.web.site import READ

REPS = "/console/reps"
LONGEST_VALUE, LONGEST_WHY, LONGEST_SHOWN = 4000, 600, 120


def add_team_routes(router: APIRouter, desk: Desk) -> None:
    every, one = _Teams(desk), _Team(desk)
    router.add_api_route("/teams", every.page, methods=READ)
    router.add_api_route("/teams", every.make, methods=["POST"])
    router.add_api_route("/team", one.page, methods=READ)
    router.add_api_route("/team", one.rename, methods=["POST"])
    router.add_api_route("/team/remove", one.remove, methods=["POST"])
    router.add_api_route("/team/member", one.member, methods=["POST"])
    router.add_api_route("/team/setting", one.setting, methods=READ)
    router.add_api_route("/team/setting", one.change, methods=["POST"])


@dataclass(frozen=True)
class _Teams:
    """All of them."""

    desk: Desk

    def page(self, request: Request) -> Response:
        return self._show(request, TeamForm(), {})

    def make(self, request: Request, form: Annotated[TeamForm, Form()]) -> Response:
        ctx = self.desk.ctx
        return _done(
            self.desk,
            lambda tx: admin.make(ctx, tx, form.name, form.seen),
            _path(form.name.strip()),
            lambda why: self._show(request, form, {"name": why}),
        )

    def _show(self, request: Request, form: TeamForm, problems: dict[str, str]) -> Response:
        found = teams_of(self.desk.ctx)
        values = {
            **_frame(found),
            "teams": [
                {"name": one.name, "count": len(one.members), "leads_to": _path(one.name),
                 "is_listed": one.is_listed, "counts": one.counts}
                for one in found.teams
            ],
            "typed": form.name,
        }  # fmt: skip
        status = 422 if problems else 200
        return self.desk.show(request, "teams/list.html.j2", values, problems, status)


@dataclass(frozen=True)
class _Team:
    """One of them."""

    desk: Desk

    def page(self, request: Request, name: str = "") -> Response:
        return self._show(request, name)

    def rename(self, request: Request, form: Annotated[TeamForm, Form()]) -> Response:
        return _done(
            self.desk,
            lambda tx: admin.rename(self.desk.ctx, tx, form.name, form.wanted, form.seen),
            _path(form.wanted.strip()),
            lambda why: self._show(request, form.name, {"wanted": why}, form.wanted),
        )

    def remove(self, request: Request, form: Annotated[TeamForm, Form()]) -> Response:
        return _done(
            self.desk,
            lambda tx: admin.remove(self.desk.ctx, tx, form.name, form.seen),
            f"{REPS}/teams",
            lambda why: self._show(request, form.name, {"wanted": why}),
        )

    def member(self, request: Request, form: Annotated[MemberForm, Form()]) -> Response:
        """Comes in, or goes out where no team is named."""
        found = teams_of(self.desk.ctx)
        if all(rep.email != form.email for rep in found.reps):
            return self._show(request, form.name, {"email": "Choose a rep."})
        team = None if form.leaves else form.name
        return _done(
            self.desk,
            lambda tx: admin.move(self.desk.ctx, tx, form.email, team),
            _path(form.name),
            lambda why: self._show(request, form.name, {"email": why}),
        )

    def setting(self, request: Request, name: str = "", key: str = "") -> Response:
        return self._show_setting(request, name, key)

    def change(self, request: Request, form: Annotated[TeamSettingForm, Form()]) -> Response:
        self._known_setting(form.name, form.key)
        return _done(
            self.desk,
            lambda tx: admin.change(
                self.desk.ctx, tx, form.name, form.key, form.value[:LONGEST_VALUE], form.seen
            ),
            _path(form.name),
            lambda why: self._show_setting(
                request, form.name, form.key, form.value, {"value": why}
            ),
        )

    def _show(
        self,
        request: Request,
        name: str,
        problems: dict[str, str] | None = None,
        wanted: str | None = None,
    ) -> Response:
        found = teams_of(self.desk.ctx)
        team = _known(found, name)
        own = [rep.email for rep in team.members]
        others = [rep for rep in found.reps if rep.email not in own]
        settings = [_row(one, team.name) for one in team_settings(found.policy).values()]
        values = {
            **_frame(found),
            "team": team,
            "members": [(rep.id, rep.email, display_text(rep.name)) for rep in team.members],
            "others": [
                (rep.email, f"{rep.email} ({rep.team})" if rep.team else rep.email)
                for rep in others
            ],
            "different": [one for one in settings if one["own"] is not None],
            "same": [one for one in settings if one["own"] is None],
            "wanted": name if wanted is None else wanted,
        }
        status = 422 if problems else 200
        return self.desk.show(request, "teams/one.html.j2", values, problems, status)

    def _show_setting(
        self,
        request: Request,
        name: str,
        key: str,
        typed: str | None = None,
        problems: dict[str, str] | None = None,
    ) -> Response:
        found, setting = self._known_setting(name, key)
        own = of_team(setting, name)
        shown = own.shown if own else ""
        values = {
            **_frame(found),
            "name": name,
            "one": _row(setting, name),
            "key": setting.key,
            "choices": [(value, value) for value in setting.key.choices],
            "typed": shown if typed is None else typed,
            "back": _path(name),
            "longest": LONGEST_VALUE,
        }
        status = 422 if problems else 200
        return self.desk.show(request, "teams/setting.html.j2", values, problems, status)

    def _known_setting(self, name: str, key: str) -> tuple[Teams, Setting]:
        found = teams_of(self.desk.ctx)
        setting = team_settings(found.policy).get(key)
        if setting is None or not _known(found, name).is_listed:
            raise HTTPException(404)
        return found, setting


def _done(
    desk: Desk,
    what: Callable[[Connection], None],
    leads_to: str,
    refused: Callable[[str], Response],
) -> Response:
    """Do it and go on there, or show why it was not done."""
    try:
        desk.site.change(what)
    except (Unchanged, WrongRep) as why:
        return refused(display_text(str(why), LONGEST_WHY))
    return RedirectResponse(leads_to, 303)


def _known(found: Teams, name: str) -> Team:
    team = found.find(name)
    if team is None:
        raise HTTPException(404)
    return team


def _path(name: str) -> str:
    return f"{REPS}/team?{urlencode({'name': name})}"


def _frame(found: Teams) -> dict[str, Any]:
    policy = found.policy
    return {
        "file": str(policy.file),
        "seen": policy.seen,
        "why_not": found.why_not,
        "waits": policy.waits,
    }


def _row(setting: Setting, team: str) -> dict[str, Any]:
    own = of_team(setting, team)
    query = urlencode({"name": team, "key": setting.key.name})
    return {
        "name": setting.key.name,
        "meaning": setting.key.meaning,
        "own": own and display_text(own.written, LONGEST_SHOWN),
        "everybodys": display_text(setting.written, LONGEST_SHOWN),
        "leads_to": f"{REPS}/team/setting?{query}",
    }
