"""Every setting: what it is for, its value, where that is from; changing one; what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from nudger.admin import policy
from nudger.admin.policy import Policy, Setting
from nudger.admin.rewriting import Unchanged
from nudger.config.origins import Origin
from nudger.config.settings import Settings
from nudger.mail.display import display_text
from nudger.web.console.desk import Desk
from nudger.web.console.moments import Moments
from nudger.web.console.section import Section
from nudger.web.site import READ

LONGEST_VALUE, LONGEST_SHOWN, LONGEST_PROBLEM = 4000, 120, 600
KINDS = {Origin.DEFAULT: "", Origin.FILE: "good", Origin.ENVIRONMENT: "warn"}


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages = _Policy(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("/setting", pages.setting, methods=READ)
    router.add_api_route("/setting", pages.save, methods=["POST"])


POLICY = Section("policy", "Policy", _add_routes)


class SettingForm(BaseModel):
    """A setting as it was typed, and the file as it was when the page was opened."""

    key: str = ""
    value: str = ""
    seen: str = ""


@dataclass(frozen=True)
class _Policy:
    """The handlers of these routes."""

    desk: Desk

    def page(self, request: Request) -> Response:
        found = policy.policy_of(self.desk.ctx)
        values = {**_standing(found), "groups": _groups(found), "changes": self._changes()}
        return self.desk.show(request, "policy.html.j2", values)

    def setting(self, request: Request, key: str = "", saved: str = "") -> Response:
        return self._show(request, SettingForm(key=key), {"saved": saved == "1"})

    def save(self, request: Request, form: Annotated[SettingForm, Form()]) -> Response:
        self._known(policy.policy_of(self.desk.ctx), form.key)
        leads_to = f"{POLICY.path}/setting?{urlencode({'key': form.key, 'saved': 1})}"
        if len(form.value) > LONGEST_VALUE:
            return self._refused(request, form, f"At most {LONGEST_VALUE} characters.")
        try:
            return self.desk.change(
                leads_to,
                lambda tx: policy.change(self.desk.ctx, tx, form.key, form.value, form.seen),
            )
        except Unchanged as why:
            return self._refused(request, form, str(why))

    def _refused(self, request: Request, form: SettingForm, why: str) -> Response:
        problems = {"value": display_text(why, LONGEST_PROBLEM)}
        return self._show(request, form, {"typed": form.value}, problems, 422)

    def _show(
        self,
        request: Request,
        form: SettingForm,
        more: dict[str, Any],
        problems: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        found = policy.policy_of(self.desk.ctx)
        one = self._known(found, form.key)
        values = {
            **_standing(found),
            "one": _shown(one),
            "key": one.key,
            "choices": [(value, value) for value in one.key.choices],
            "typed": one.shown,
            "why_not": one.why_not or found.why_not or found.problem,
            "line": one.line,
            "own_variable": one.own_variable,
            "changes": [row for row in self._changes() if row["name"] == form.key],
            "saved": False,
            "longest": LONGEST_VALUE,
            **more,
        }
        return self.desk.show(request, "setting.html.j2", values, problems, status)

    def _known(self, found: Policy, name: str) -> Setting:
        if name not in found.settings:
            raise HTTPException(404)
        return found.settings[name]

    def _changes(self) -> list[dict[str, Any]]:
        with self.desk.ctx.database.read() as tx:
            found = policy.changes(tx)
        return [_change(one, self.desk.moments) for one in found]


def _change(one: Mapping[str, Any], moments: Moments) -> dict[str, Any]:
    changed_at = one["at"]
    return {**one, "at": moments.say(changed_at)}


def _standing(found: Policy) -> dict[str, Any]:
    return {
        "file": str(found.file),
        "seen": found.seen,
        "problem": found.problem,
        "waits": found.waits,
        "not_written": found.why_not,
    }


def _groups(found: Policy) -> list[dict[str, Any]]:
    every = found.settings.values()
    return [
        {
            "name": name,
            "meaning": _meaning(name),
            "settings": [_shown(one) for one in within],
        }
        for name, within in groupby(every, key=lambda one: one.key.section)
    ]


def _meaning(section: str) -> str:
    field = Settings.model_fields.get(section)
    return field.description or "" if field else ""


def _shown(one: Setting) -> dict[str, Any]:
    origin = one.variable or one.origin.value
    return {
        "name": one.key.name,
        "meaning": one.key.meaning,
        "value": display_text(one.written, LONGEST_SHOWN),
        "kind": KINDS[one.origin],
        "origin": origin,
        "teams": [(of.team, display_text(of.written, LONGEST_SHOWN)) for of in one.teams],
        "changes_here": one.why_not is None,
    }
