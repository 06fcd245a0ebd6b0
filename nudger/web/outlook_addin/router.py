"""The pane's routes: its page is anybody's, all else needs an account."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from nudger.admin.answering import ADDON, read_sheet
from nudger.admin.outlook_addin import call_of_item, rep_of, text_for_guests
from nudger.domain.translatable import N_
from nudger.jobs.outgoing.render import templates_of
from nudger.mail.catalogue import Catalogue
from nudger.mail.template_cache import templates_for
from nudger.mail.templates import languages_of
from nudger.providers.base import ProviderError
from nudger.providers.microsoft.addin.access_tokens import SCOPE, AccessTokens
from nudger.providers.microsoft.addin.endpoints import PANE, PREFIX
from nudger.providers.microsoft.authority import authority_url
from nudger.web.answer.desk import Desk, add_sheet_routes
from nudger.web.outlook_addin.door import CALLS, PaneDoor, account_of
from nudger.web.outlook_addin.policy import policy_of
from nudger.web.site import READ, Site

log = logging.getLogger(__name__)

OFFICE = f"{PREFIX}/office"
OFFICE_JS = f"{OFFICE}/office.js"
NOTHING_HERE = N_("Nudger asks you nothing about this event.")
NOTHING_YET = N_(
    "It asks about your customer calls. One that was saved just now is known in a few minutes."
)
NO_REP = N_("Nudger does not ask you about calls. Your admin decides whom it asks.")


def outlook_addin_router(site: Site) -> APIRouter:
    """Routes below /addin/outlook."""
    settings = site.ctx.settings
    chosen = settings.outlook_addin
    tokens = AccessTokens.of(
        chosen.client_id or "", chosen.tenants, settings.microsoft.authority, site.ctx.clock
    )
    door = PaneDoor(site.ctx, tokens)
    pane = _Pane(site, door)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(PANE, pane.page, methods=READ, response_class=HTMLResponse)
    calls = APIRouter(include_in_schema=False, dependencies=[Depends(door.require_account)])
    calls.add_api_route(f"{PREFIX}/open", pane.open, methods=["POST"], response_class=HTMLResponse)
    calls.add_api_route(f"{CALLS}/{{call:int}}/text", pane.text, methods=READ)
    add_sheet_routes(calls, f"{CALLS}/{{call:int}}", Desk(site, door.open_call, ADDON))
    router.include_router(calls)
    return router


class _Pane:
    def __init__(self, site: Site, door: PaneDoor) -> None:
        self._site, self._door = site, door
        self._policy = policy_of(site.ctx.settings)

    def page(self, request: Request) -> Response:
        """The page that Outlook shows: it signs in, and asks for the event that is open."""
        settings = self._site.ctx.settings
        chosen = settings.outlook_addin
        tenant = chosen.tenants[0] if len(chosen.tenants) == 1 else "organizations"
        values = {
            "office_js": OFFICE_JS if chosen.office_folder else chosen.office_js,
            "client_id": chosen.client_id,
            "authority": authority_url(settings.microsoft.authority, tenant),
            "scope": f"api://{chosen.client_id}/{SCOPE}",
            "prefix": PREFIX,
        }
        words = self._words_of(request)
        page = self._site.pages.show(request, words, "outlook/pane.html.j2", values)
        page.headers["content-security-policy"] = self._policy
        return page

    def open(self, request: Request, item: Annotated[str, Form()] = "") -> Response:
        """Leads to the call that this item is."""
        ctx = self._site.ctx
        try:
            rep = rep_of(ctx, account_of(request))
            number = None if rep is None else call_of_item(ctx, rep, item)
        except ProviderError as error:
            log.warning("the pane in Outlook cannot tell which call is open: %s", error)
            raise HTTPException(502) from error
        if rep is None:
            return self._nothing(request, self._words_of(request), NO_REP)
        if number is None:
            words = templates_of(ctx, rep).words
            return self._nothing(request, words, NOTHING_HERE, NOTHING_YET)
        return RedirectResponse(f"{CALLS}/{number}", 303)

    def text(self, request: Request) -> Response:
        """What goes into the meeting's text while the rep writes it."""
        ctx = self._site.ctx
        with ctx.database.read() as tx:
            opened = self._door.open_call(request, tx)
            sheet = read_sheet(ctx, tx, opened.link, opened.number)
        return JSONResponse(text_for_guests(ctx, sheet))

    def _nothing(self, request: Request, words: Catalogue, *told: str) -> Response:
        shown = {"told": [words.say(one) for one in told]}
        return self._site.pages.show(request, words, "outlook/nothing.html.j2", shown)

    def _words_of(self, request: Request) -> Catalogue:
        """In the first language of the browser's that we speak, before we know who it is."""
        settings = self._site.ctx.settings
        known = languages_of(settings.templates)
        wished = request.headers.get("accept-language", "").split(",")[:20]
        spoken = (one.strip()[:2].lower() for one in wished)
        language = next((one for one in spoken if one in known), settings.language)
        return templates_for(settings.templates, language).words
