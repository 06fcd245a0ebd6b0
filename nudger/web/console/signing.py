"""Signing in to the console: with an account at the provider, or by a one-time code."""

from __future__ import annotations

import hmac
import logging
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from nudger.admin.console_access import Began, NoEntry, come_in, enter_code
from nudger.admin.console_account import ConsoleAccount
from nudger.providers.openid import SignInRefused
from nudger.web.console.cookies import Begun, ConsoleCookies
from nudger.web.console.desk import Desk
from nudger.web.console.section import PREFIX
from nudger.web.form_tokens import is_form_token, new_form_token
from nudger.web.rate_limits import Limiter
from nudger.web.signed_in import TEAM_HOME
from nudger.web.site import READ

log = logging.getLogger(__name__)

PURPOSE = "console:sign-in"
MOST_WRONG, WRONG_WITHIN = 30, timedelta(minutes=10)
"""Codes and returns from the provider by one client."""
WRONG_CODE = "That code does not count. Make a new one: nudger admins code"
REFUSED = "The sign-in did not work. Try again, or use a code; the log says why."
BEGIN_AGAIN = "That took too long, or began in another browser. Try again."
WHY_NOT = {
    NoEntry.NO_ROLE: "This account has no role here. An admin can add it: nudger admins add",
    NoEntry.MANAGER: f"Managers have a page of their own, at {TEAM_HOME}.",
    NoEntry.LOCKED_DOWN: "Everything is locked down: only a code lets in. nudger admins code",
}


class CodeForm(BaseModel):
    code: str = ""
    then: str = ""
    token: str = ""


def sign_in_router(desk: Desk, cookies: ConsoleCookies) -> APIRouter:
    """Routes for who is not signed in."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    signing = _Signing(desk, cookies)
    router.add_api_route("/sign-in", signing.page, methods=READ, response_class=HTMLResponse)
    router.add_api_route("/code", signing.code, methods=["POST"], response_class=HTMLResponse)
    router.add_api_route("/account", signing.account, methods=["GET"], response_class=HTMLResponse)
    router.add_api_route("/callback", signing.back, methods=["GET"], response_class=HTMLResponse)
    return router


class _Signing:
    """The handlers of these routes."""

    def __init__(self, desk: Desk, cookies: ConsoleCookies) -> None:
        self._desk, self._cookies = desk, cookies
        self._account = ConsoleAccount(desk.ctx)
        self._wrong = Limiter(MOST_WRONG, WRONG_WITHIN, desk.ctx.clock)

    def page(self, request: Request, then: str = "") -> Response:
        return self._show(request, then, {})

    def code(self, request: Request, form: Annotated[CodeForm, Form()]) -> Response:
        ctx = self._desk.ctx
        if not is_form_token(ctx.vault, form.token, PURPOSE, ctx.clock()):
            raise HTTPException(403)
        self._refuse_guessing(request)
        came = self._desk.site.change(lambda tx: enter_code(ctx, tx, form.code))
        if isinstance(came, Began):
            return self._let_in(came, form.then)
        if came is NoEntry.NO_ROLE:
            self._count(request)
            return self._show(request, form.then, {"code": WRONG_CODE}, 422)
        return self._show(request, form.then, {"code": WHY_NOT[came]}, 403)

    def account(self, request: Request, then: str = "") -> Response:
        """Send the browser to the provider. A GET that writes nothing here: as a form's answer, the
        page's own policy would not let the browser follow."""
        attempt = self._account.new_attempt()
        try:
            response = RedirectResponse(self._account.begin(attempt), 303)
        except SignInRefused as refused:
            return self._refused(request, refused)
        begun, ctx = Begun(attempt, then), self._desk.ctx
        self._cookies.keep_begun(response, ctx.vault, begun, ctx.clock())
        return response

    def back(self, request: Request, code: str = "", state: str = "") -> Response:
        """The provider sent the browser back: the one GET that begins something, for the browser
        alone that asked, by a code that counts once."""
        self._refuse_guessing(request)
        ctx = self._desk.ctx
        begun = self._cookies.begun(request, ctx.vault, ctx.clock())
        if begun is None or not hmac.compare_digest(begun.attempt.state.encode(), state.encode()):
            self._count(request)
            return self._show(request, "", {"account": BEGIN_AGAIN}, 403)
        try:
            person = self._account.finish(begun.attempt, code)
        except SignInRefused as refused:
            return self._refused(request, refused)
        came = self._desk.site.change(lambda tx: come_in(ctx, tx, person.account, person.address))
        if isinstance(came, Began):
            return self._let_in(came, begun.then)
        return self._show(request, begun.then, {"account": WHY_NOT[came]}, 403)

    def _refused(self, request: Request, refused: SignInRefused) -> Response:
        self._count(request)
        log.warning("a sign-in to the console was refused: %s", refused)
        return self._show(request, "", {"account": REFUSED}, 403)

    def _let_in(self, came: Began, then: str) -> Response:
        """To the section that they came for, if it is one: never to an address of others."""
        leads_to = {one.key: one.path for one in self._desk.sections}.get(then, PREFIX)
        response = RedirectResponse(leads_to, 303)
        self._cookies.keep_session(response, came.session)
        return response

    def _show(
        self, request: Request, then: str, problems: dict[str, str], status: int = 200
    ) -> Response:
        desk = self._desk
        known = {one.key for one in desk.sections}
        values = {
            "problems": problems,
            "provider": self._account.provider_name,
            "then": then if then in known else "",
            "form_token": new_form_token(desk.ctx.vault, PURPOSE, desk.ctx.clock()),
        }
        response = desk.site.pages.show(
            request, desk.words, "console/sign_in.html.j2", values, status
        )
        if "account" in problems:
            self._cookies.forget_begun(response)
        return response

    def _refuse_guessing(self, request: Request) -> None:
        if self._wrong.is_exhausted(self._desk.site.client_of(request)):
            raise HTTPException(429)

    def _count(self, request: Request) -> None:
        self._wrong.count(self._desk.site.client_of(request))
