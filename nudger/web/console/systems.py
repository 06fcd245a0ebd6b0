"""Other systems: who is told what happens to calls, and which programs may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from nudger.admin import api_tokens, webhooks
from nudger.admin.api_tokens import TokenProblem
from nudger.admin.webhooks import UnknownReceiver
from nudger.domain.notices import Effect
from nudger.mail.display import display_text
from nudger.web.console.desk import Desk
from nudger.web.console.section import Section
from nudger.web.site import READ

LONGEST_WHY, MOST_DAYS = 300, 90


def _add_routes(router: APIRouter, desk: Desk) -> None:
    pages = _Systems(desk)
    router.add_api_route("", pages.page, methods=READ)
    router.add_api_route("/try", pages.try_one, methods=["POST"])
    router.add_api_route("/replay", pages.replay, methods=["POST"])
    router.add_api_route("/on", pages.switch_on, methods=["POST"])
    router.add_api_route("/revoke", pages.revoke, methods=["POST"])


SYSTEMS = Section("systems", "Systems", _add_routes)


class NameForm(BaseModel):
    """A receiver or a token."""

    name: str = ""


class ReplayForm(NameForm):
    """A receiver, and how many days back."""

    days: int = Field(default=7, ge=1, le=MOST_DAYS)


@dataclass(frozen=True)
class _Systems:
    """The handlers of these routes."""

    desk: Desk

    def page(self, request: Request) -> Response:
        return self._show(request)

    def try_one(self, request: Request, form: Annotated[NameForm, Form()]) -> Response:
        """Sends a message that tells of no call, and waits for what the receiver says."""
        try:
            receipt = webhooks.try_webhook(self.desk.ctx, form.name)
        except UnknownReceiver as problem:
            return self._refused(request, problem)
        kind = "good" if receipt.effect is Effect.DELIVERED else "bad"
        why = f"{receipt.reason.words} {receipt.detail or ''}".strip()
        return self._show(request, kind, f"{form.name}: {why}")

    def replay(self, request: Request, form: Annotated[ReplayForm, Form()]) -> Response:
        since = self.desk.ctx.clock() - timedelta(days=form.days)
        try:
            count = webhooks.replay(self.desk.ctx, form.name, since)
        except UnknownReceiver as why:
            return self._refused(request, why)
        return self._show(request, "good", f"{form.name} is told again: {count} are due now.")

    def switch_on(self, request: Request, form: Annotated[NameForm, Form()]) -> Response:
        try:
            webhooks.switch_on(self.desk.ctx, form.name)
        except UnknownReceiver as why:
            return self._refused(request, why)
        return RedirectResponse(SYSTEMS.path, 303)

    def revoke(self, request: Request, form: Annotated[NameForm, Form()]) -> Response:
        try:
            api_tokens.revoke_token(self.desk.ctx, form.name)
        except TokenProblem as why:
            return self._refused(request, why)
        return RedirectResponse(SYSTEMS.path, 303)

    def _refused(self, request: Request, why: Exception) -> Response:
        return self._show(request, "bad", str(why), 422)

    def _show(
        self, request: Request, kind: str = "", says: str = "", status: int = 200
    ) -> Response:
        ctx = self.desk.ctx
        hooks = {one.name for one in ctx.settings.webhooks}
        values = {
            "kind": kind,
            "says": display_text(says, LONGEST_WHY),
            "receivers": [
                self._receiver(one.as_json(), one.name in hooks)
                for one in webhooks.list_receivers(ctx)
            ],
            "tokens": [self._token(one) for one in api_tokens.list_tokens(ctx)],
        }
        return self.desk.show(request, "systems.html.j2", values, status=status)

    def _receiver(self, one: dict[str, Any], is_webhook: object) -> dict[str, Any]:
        why = display_text(f"{one['words'] or ''} {one['detail'] or ''}".strip(), LONGEST_WHY)
        if one["off_since"]:
            kind, stands = "bad", f"off since {self._say(one['off_since'])}: {why}"
        elif one["failures"]:
            kind, stands = "warn", f"tried again {self._say(one['left_until'])}: {why}"
        else:
            kind, stands = "good", "working"
        delivered = self._say(one["delivered_at"])
        more = {"kind": kind, "stands": stands, "last": delivered, "is_webhook": is_webhook}
        return {**one, **more}

    def _token(self, one: dict[str, Any]) -> dict[str, Any]:
        said = {name: self._say(one[name]) for name in ("created_at", "expires_at", "used_at")}
        return {**one, **said}

    def _say(self, written: str | None) -> str:
        return self.desk.moments.say(datetime.fromisoformat(written) if written else None)
