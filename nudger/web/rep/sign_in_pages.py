"""Signing in: the address, the mail's code or link, and the session in the browser that asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from babel import negotiate_locale
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from nudger.admin.page_sign_in import (
    Began,
    Confirmed,
    Refused,
    ask_to_sign_in,
    come_in,
    confirm_link,
    enter_code,
    find_asked,
    find_link,
    is_of_browser,
    number_of,
)
from nudger.domain.addresses import read_address
from nudger.domain.translatable import N_
from nudger.mail.catalogue import Catalogue
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import languages_of
from nudger.web.form_tokens import is_form_token, new_form_token
from nudger.web.rate_limits import Limiter
from nudger.web.rep.cookies import Cookies, Pending
from nudger.web.rep.postman import Postman
from nudger.web.signed_in import REP_HOME, SIGN_IN, home_of
from nudger.web.site import READ, Site

MOST_MAILS, MAILS_WITHIN = 10, timedelta(hours=12)
"""To one address: ten codes with five tries each are what guessing gets in half a day."""
MOST_ASKED, ASKED_WITHIN = 60, timedelta(minutes=10)
"""By one client, whatever the addresses: a whole office may be one."""
MOST_WRONG, WRONG_WITHIN = 30, timedelta(minutes=10)
"""Codes, numbers and links by one client."""
LONGEST_HEADER = 200
ASK, CODE = SIGN_IN, "/me/code"
WHOSE_ADDRESS = N_("Please type your mail address at work, as in ana@ourco.com.")
TOO_MANY_MAILS = N_(
    "So many mails were asked for at this address that no more are sent today. Questions can be "
    "answered by mail as ever."
)
WRONG_CODE = N_("That is not the code. Look for the newest mail.")
WRONG_NUMBER = N_("That is not the number that the other page shows.")
NOT_YET = N_("Not confirmed yet: open the link in the mail, or type its code.")


class AddressForm(BaseModel):
    address: str = ""
    token: str = ""


class CodeForm(BaseModel):
    """The code of a mail, or the number of a page."""

    code: str = ""
    token: str = ""


class BareForm(BaseModel):
    token: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """A template and what it shows beside the form token."""

    name: str
    purpose: str
    values: dict[str, Any]


def sign_in_router(site: Site, cookies: Cookies) -> APIRouter:
    """Routes below /me for who is not signed in."""
    router = APIRouter(prefix=REP_HOME, include_in_schema=False)
    door = _SigningIn(site, cookies)
    for path, show, handle in (
        ("/sign-in", door.ask_page, door.ask),
        ("/code", door.code_page, door.code),
        ("/link/{link}", door.link_page, door.link),
    ):
        router.add_api_route(path, show, methods=READ, response_class=HTMLResponse)
        router.add_api_route(path, handle, methods=["POST"], response_class=HTMLResponse)
    for path, press in (("/again", door.again), ("/arrive", door.arrive)):
        router.add_api_route(path, press, methods=["POST"], response_class=HTMLResponse)
    return router


class _SigningIn:
    """The handlers of these routes."""

    def __init__(self, site: Site, cookies: Cookies) -> None:
        ctx = site.ctx
        self._site = site
        self._cookies = cookies
        self._postman = Postman(ctx)
        self._mails = Limiter(MOST_MAILS, MAILS_WITHIN, ctx.clock)
        self._asked = Limiter(MOST_ASKED, ASKED_WITHIN, ctx.clock)
        self._wrong = Limiter(MOST_WRONG, WRONG_WITHIN, ctx.clock)

    def ask_page(self, request: Request) -> Response:
        return self._show_ask(request, "", {})

    def ask(self, request: Request, form: Annotated[AddressForm, Form()]) -> Response:
        self._refuse_unless_ours(form.token, "sign-in")
        return self._ask(request, form.address)

    def again(self, request: Request, form: Annotated[BareForm, Form()]) -> Response:
        """A new mail to the address that this browser typed."""
        pending = self._cookies.pending(request)
        self._refuse_unless_ours(form.token, _purpose(pending))
        return self._ask(request, pending.address)

    def _ask(self, request: Request, typed: str) -> Response:
        """The same for an address that we know and a stranger's, in what is said and in how long
        it takes."""
        self._count(request)
        address = read_address(typed)
        if address is None:
            return self._show_ask(request, typed, {"address": WHOSE_ADDRESS}, 422)
        if self._mails.is_exhausted(address):
            return self._show_ask(request, typed, {"address": TOO_MANY_MAILS}, 429)
        self._mails.count(address)
        asked = self._site.change(lambda tx: ask_to_sign_in(self._site.ctx, tx, address))
        if asked.mail is not None:
            self._postman.post(asked.mail)
        response = _to(CODE)
        self._cookies.keep_pending(response, Pending(asked.pending, address))
        return response

    def code_page(self, request: Request) -> Response:
        return self._show_code(request, {})

    def code(self, request: Request, form: Annotated[CodeForm, Form()]) -> Response:
        pending = self._cookies.pending(request)
        self._refuse_unless_ours(form.token, _purpose(pending))
        self._refuse_guessing(request)
        if not form.code.strip():
            return self._show_code(request, {"code": WRONG_CODE}, 422)
        came = self._change(lambda tx: enter_code(self._site.ctx, tx, pending.secret, form.code))
        if isinstance(came, Began):
            return self._let_in(came)
        self._wrong.count(self._site.client_of(request))
        return self._show_code(request, {"code": WRONG_CODE}, 422)

    def arrive(self, request: Request, form: Annotated[BareForm, Form()]) -> Response:
        """Whether the link was confirmed elsewhere: asked by the page itself, or by a button."""
        pending = self._cookies.pending(request)
        self._refuse_unless_ours(form.token, _purpose(pending))
        by_itself = request.headers.get("hx-request") == "true"
        with self._site.ctx.database.read() as tx:
            asked = find_asked(self._site.ctx, tx, pending.secret)
        if asked is not None and asked.confirmed_at is None:
            return Response(status_code=204) if by_itself else self._show_code(request, _WAITING)
        came = self._change(lambda tx: come_in(self._site.ctx, tx, pending.secret))
        leads_to = home_of(came.person) if isinstance(came, Began) else CODE
        response = Response(headers={"hx-redirect": leads_to}) if by_itself else _to(leads_to)
        if isinstance(came, Began):
            self._cookies.keep_session(response, came.session)
        return response

    def link_page(self, request: Request, link: str) -> Response:
        return self._show_link(request, link, {})

    def link(self, request: Request, link: str, form: Annotated[CodeForm, Form()]) -> Response:
        self._refuse_unless_ours(form.token, f"link:{link}")
        self._refuse_guessing(request)
        secret = self._cookies.pending(request).secret
        came = self._change(lambda tx: confirm_link(self._site.ctx, tx, link, secret, form.code))
        if isinstance(came, Began):
            return self._let_in(came)
        if came is Confirmed.ELSEWHERE:
            return self._show(request, _Page("rep/confirmed.html.j2", "sign-in", {}))
        self._wrong.count(self._site.client_of(request))
        return self._show_link(request, link, {"code": WRONG_NUMBER}, 422)

    def _show_ask(
        self, request: Request, typed: str, problems: dict[str, str], status: int = 200
    ) -> Response:
        values = {"address": typed[:254], "problems": problems}
        return self._show(request, _Page("rep/sign_in.html.j2", "sign-in", values), status)

    def _show_code(self, request: Request, problems: dict[str, str], status: int = 200) -> Response:
        """Where the code is typed; where nothing counts any more, how to have a new mail."""
        ctx, pending = self._site.ctx, self._cookies.pending(request)
        with ctx.database.read() as tx:
            asked = find_asked(ctx, tx, pending.secret)
        if not pending.address:
            return _to(ASK)
        values = {
            "number": asked and number_of(ctx, asked),
            "address": pending.address,
            "problems": problems if asked else {},
        }
        return self._show(request, _Page("rep/code.html.j2", _purpose(pending), values), status)

    def _show_link(
        self, request: Request, link: str, problems: dict[str, str], status: int = 200
    ) -> Response:
        """A button, and nothing happens before it is pressed: whatever opens links changes
        nothing."""
        ctx, client = self._site.ctx, self._site.client_of(request)
        self._refuse_guessing(request)
        with ctx.database.read() as tx:
            asked = find_link(ctx, tx, link)
        if asked is None:
            self._wrong.count(client)
            return self._show(request, _Page("rep/over.html.j2", "sign-in", {}), 404)
        is_here = is_of_browser(asked, self._cookies.pending(request).secret)
        values = {"is_here": is_here, "link": link, "problems": problems}
        return self._show(request, _Page("rep/link.html.j2", f"link:{link}", values), status)

    def _show(self, request: Request, page: _Page, status: int = 200) -> Response:
        ctx, words = self._site.ctx, self._words(request)
        problems = {n: words.say(text) for n, text in page.values.get("problems", {}).items()}
        token = new_form_token(ctx.vault, page.purpose, ctx.clock())
        shown = {**page.values, "problems": problems, "form_token": token}
        return self._site.pages.show(request, words, page.name, shown, status)

    def _words(self, request: Request) -> Catalogue:
        """In a language that the browser asks for, else the company's: nobody has told yet who they
        are."""
        settings = self._site.ctx.settings
        wanted = request.headers.get("accept-language", "")[:LONGEST_HEADER].split(",")
        preferred = [one.partition(";")[0].strip() for one in wanted]
        known = languages_of(settings.templates)
        language = negotiate_locale(preferred, known, sep="-") or settings.language
        return templates_for(settings.templates, language).words

    def _let_in(self, began: Began) -> Response:
        response = _to(home_of(began.person))
        self._cookies.keep_session(response, began.session)
        return response

    def _change(
        self, what: Callable[[Connection], Began | Confirmed | Refused]
    ) -> Began | Confirmed | Refused:
        return self._site.change(what)

    def _count(self, request: Request) -> None:
        who = self._site.client_of(request)
        if self._asked.is_exhausted(who):
            raise HTTPException(429)
        self._asked.count(who)

    def _refuse_guessing(self, request: Request) -> None:
        if self._wrong.is_exhausted(self._site.client_of(request)):
            raise HTTPException(429)

    def _refuse_unless_ours(self, form_token: str, purpose: str) -> None:
        ctx = self._site.ctx
        if not is_form_token(ctx.vault, form_token, purpose, ctx.clock()):
            raise HTTPException(403)


_WAITING = {"code": NOT_YET}


def _to(page: str) -> Response:
    return RedirectResponse(page, 303)


def _purpose(pending: Pending) -> str:
    return f"pending:{pending.secret}"
