"""Other systems: who is told what happens to calls, and which programs may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from nudger.admin import api_tokens, webhooks
from nudger.admin.api_tokens import TokenProblem
from nudger.admin.webhooks import UnknownReceiver
from nudger.domain.api_scopes import Scope
from nudger.domain.notices import Effect
from nudger.domain.reasons import reason_of
from nudger.mail.display import display_text
from nudger.web.console.desk import Desk
from nudger.web.console.section import Section
from nudger.web.console.systems_form import NameForm, ReplayForm, TokenForm
from nudger.web.site import READ

LONGEST_WHY = 300
SCOPES = {
    Scope.CALLS: "customer calls with their answers and outcomes",
    Scope.REPS: "who is asked",
}
STATES = {"due": "", "delivered": "good", "skipped": "", "given_up": "bad"}


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages, tokens = _Receivers(desk), _Tokens(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("/receiver", pages.one, methods=READ)
    router.add_api_route("/try", pages.try_one, methods=["POST"])
    router.add_api_route("/replay", pages.replay, methods=["POST"])
    router.add_api_route("/on", pages.switch_on, methods=["POST"])
    router.add_api_route("/token", tokens.add, methods=["POST"])
    router.add_api_route("/revoke", tokens.revoke, methods=["POST"])


SYSTEMS = Section("systems", "Systems", _add_routes)


@dataclass(frozen=True)
class _Receivers:
    """Those who are told."""

    desk: Desk

    def page(self, request: Request) -> Response:
        return _show(self.desk, request)

    def one(self, request: Request, name: str = "") -> Response:
        return self._show_one(request, name)

    def try_one(self, request: Request, form: Annotated[NameForm, Form()]) -> Response:
        """Sends a message that tells of no call, and waits for what the receiver says."""
        try:
            receipt = webhooks.try_webhook(self.desk.ctx, form.name)
        except UnknownReceiver as problem:
            return _refused(self.desk, request, problem)
        kind = "good" if receipt.effect is Effect.DELIVERED else "bad"
        why = f"{receipt.reason.words} {receipt.detail or ''}".strip()
        return self._show_one(request, form.name, {"kind": kind, "says": f"{form.name}: {why}"})

    def replay(self, request: Request, form: Annotated[ReplayForm, Form()]) -> Response:
        since = self.desk.ctx.clock() - timedelta(days=form.days)
        try:
            count = webhooks.replay(self.desk.ctx, form.name, since)
        except UnknownReceiver as why:
            return _refused(self.desk, request, why)
        says = f"{form.name} is told again: {count} are due now."
        return self._show_one(request, form.name, {"kind": "good", "says": says})

    def switch_on(self, request: Request, form: Annotated[NameForm, Form()]) -> Response:
        try:
            webhooks.switch_on(self.desk.ctx, form.name)
        except UnknownReceiver as why:
            return _refused(self.desk, request, why)
        return RedirectResponse(SYSTEMS.path, 303)

    def _show_one(
        self, request: Request, name: str, more: dict[str, str] | None = None
    ) -> Response:
        ctx = self.desk.ctx
        found = next((one for one in webhooks.list_receivers(ctx) if one.name == name), None)
        if found is None:
            raise HTTPException(404)
        values = {
            "kind": "",
            "says": "",
            "one": _receiver(self.desk, found),
            "deliveries": [
                _delivery(self.desk, one) for one in webhooks.recent_deliveries(ctx, name)
            ],
            **(more or {}),
        }
        return self.desk.show(request, "systems/receiver.html.j2", values)


@dataclass(frozen=True)
class _Tokens:
    """Those who may read."""

    desk: Desk

    def add(self, request: Request, form: Annotated[TokenForm, Form()]) -> Response:
        """Shows the token, once: nobody can show it again."""
        try:
            scopes, lasting = form.wanted()
            token = api_tokens.add_token(self.desk.ctx, form.name, scopes, lasting)
        except TokenProblem as why:
            problems = {"name": display_text(str(why), LONGEST_WHY)}
            return _show(self.desk, request, {"entered": form}, problems, 422)
        return _show(self.desk, request, {"token": token, "token_name": form.name.strip()})

    def revoke(self, request: Request, form: Annotated[NameForm, Form()]) -> Response:
        try:
            api_tokens.revoke_token(self.desk.ctx, form.name)
        except TokenProblem as why:
            return _refused(self.desk, request, why)
        return RedirectResponse(SYSTEMS.path, 303)


def _refused(desk: Desk, request: Request, why: Exception) -> Response:
    says = display_text(str(why), LONGEST_WHY)
    return _show(desk, request, {"kind": "bad", "says": says}, {}, 422)


def _show(
    desk: Desk,
    request: Request,
    more: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    values = {
        "kind": "",
        "says": "",
        "receivers": [_receiver(desk, one) for one in webhooks.list_receivers(desk.ctx)],
        "tokens": [_token(desk, one) for one in api_tokens.list_tokens(desk.ctx)],
        "token": None,
        "entered": TokenForm(scope=[Scope.CALLS.value]),
        "scopes": [(one.value, says) for one, says in SCOPES.items()],
        "is_served": desk.ctx.settings.web.api,
        **(more or {}),
    }
    return desk.show(request, "systems/home.html.j2", values, problems, status)


def _receiver(desk: Desk, found: webhooks.Standing) -> dict[str, Any]:
    one = found.as_json()
    why = display_text(f"{one['words'] or ''} {one['detail'] or ''}".strip(), LONGEST_WHY)
    if one["off_since"]:
        kind, stands = "bad", f"off since {_say(desk, one['off_since'])}: {why}"
    elif one["failures"]:
        kind, stands = "warn", f"tried again {_say(desk, one['left_until'])}: {why}"
    elif one["delivered_at"]:
        kind, stands = "good", "working"
    else:
        kind, stands = "", "nothing delivered yet"
    is_webhook = found.name in {hook.name for hook in desk.ctx.settings.webhooks}
    more = {"kind": kind, "stands": stands, "last": _say(desk, one["delivered_at"])}
    return {**one, **more, "is_webhook": is_webhook}


def _delivery(desk: Desk, one: dict[str, Any]) -> dict[str, Any]:
    why = one["error"] or (reason_of(one["reason"]).words if one["reason"] else "")
    return {
        "id": one["id"],
        "event": one["event"],
        "call": one["call"],
        "at": _say(desk, one["at"]),
        "kind": STATES[one["state"]],
        "state": one["state"].replace("_", " "),
        "tries": one["tries"],
        "why": display_text(why, LONGEST_WHY),
    }


def _token(desk: Desk, one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "created_at": _say(desk, one["created_at"]),
        "used_at": _say(desk, one["used_at"]),
        "expires_at": _say(desk, one["expires_at"]),
    }


def _say(desk: Desk, written: str | None) -> str:
    return desk.moments.say(datetime.fromisoformat(written) if written else None)
