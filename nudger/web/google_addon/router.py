"""The add-on's endpoints: what Google calls when the panel, an event or a button is opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from nudger.admin.answering import LinkUnknown
from nudger.admin.google_addon import call_of_event
from nudger.admin.rep_page import calls_ahead
from nudger.domain.controls import Activity
from nudger.providers.base import Unavailable
from nudger.providers.google.addon import answers
from nudger.providers.google.addon.card import Card
from nudger.providers.google.addon.endpoints import PREFIX, Endpoints
from nudger.providers.google.addon.id_tokens import IdTokens
from nudger.providers.signed_tokens import TokenRefused
from nudger.providers.signing_keys import SigningKeys
from nudger.runtime.holds import Held, refuse_if_held
from nudger.store.people import Rep
from nudger.web.google_addon.acts import ACTS, NOTHING_DONE, Act, Done, do
from nudger.web.google_addon.call_card import CallCard
from nudger.web.google_addon.calls import open_call
from nudger.web.google_addon.door import Door, Malformed, Visit
from nudger.web.google_addon.home_cards import HOME, OPEN, HomeCards
from nudger.web.site import Site

log = logging.getLogger(__name__)

Json = dict[str, Any]


async def _body(request: Request) -> bytes:
    return await request.body()


def google_addon_router(site: Site, public_url: str) -> APIRouter:
    """Routes below /addon/google."""
    ctx = site.ctx
    keys = SigningKeys(ctx.settings.google_addon.certificates, ctx.clock)
    endpoints = Endpoints(public_url)
    panel = _Panel(site, endpoints, Door(site, IdTokens(keys, ctx.clock), endpoints))
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    for name, handle in (("home", panel.home), ("event", panel.event), ("act", panel.act)):
        router.add_api_route(f"/{name}", handle, methods=["POST"], response_class=JSONResponse)
    return router


class _Panel:
    def __init__(self, site: Site, endpoints: Endpoints, door: Door) -> None:
        self._site, self._endpoints, self._door = site, endpoints, door

    def home(self, request: Request, body: Annotated[bytes, Depends(_body)]) -> JSONResponse:
        return self._answered(request, body, lambda visit: answers.opened(self._home(visit)))

    def event(self, request: Request, body: Annotated[bytes, Depends(_body)]) -> JSONResponse:
        return self._answered(request, body, lambda visit: answers.opened(self._event(visit)))

    def act(self, request: Request, body: Annotated[bytes, Depends(_body)]) -> JSONResponse:
        return self._answered(request, body, self._act)

    def _answered(
        self, request: Request, body: bytes, handle: Callable[[Visit], Json]
    ) -> JSONResponse:
        try:
            visit = self._door.open(request.headers.get("authorization", ""), body)
        except TokenRefused as refused:
            log.info("a call of the add-on is refused: %s", refused)
            return _refused(401, "unauthorized")
        except Malformed:
            return _refused(400, "malformed")
        except Unavailable as error:
            log.warning("a call of the add-on cannot be verified: %s", error)
            return _refused(503, "unavailable")
        try:
            return JSONResponse(handle(visit))
        except Unavailable as error:
            log.warning("what is open in the panel cannot be looked at: %s", error)
            return _refused(503, "unavailable")
        except LinkUnknown:
            return _refused(404, "not_found")
        except Held:
            card = self._home_cards(visit).switched_off()
            is_click = request.url.path.endswith("/act")
            return JSONResponse(answers.pushed(card) if is_click else answers.opened(card))

    def _home(self, visit: Visit) -> Card:
        cards, ctx = self._home_cards(visit), self._site.ctx
        if visit.rep is None:
            return cards.no_rep()
        with ctx.database.read() as tx:
            refuse_if_held(tx, Activity.OBEY_REPLIES)
            ahead = calls_ahead(ctx, tx, visit.rep)
        return cards.home(visit.rep, ahead, is_first=visit.is_first)

    def _event(self, visit: Visit) -> Card:
        """The card of the event that was opened, where it is a call of the rep's: nothing tells
        whether it is somebody else's."""
        if visit.rep is None:
            return self._home_cards(visit).no_rep()
        shown = visit.request.calendar
        number = call_of_event(self._site.ctx, visit.rep, shown.id, shown.calendar_id)
        if number is None:
            return self._home_cards(visit).nothing_here()
        try:
            return self._call(visit, visit.rep, str(number))
        except LinkUnknown:
            return self._home_cards(visit).nothing_here()

    def _act(self, visit: Visit) -> Json:
        what, number = visit.request.parameter("do"), visit.request.parameter("call")
        if what == HOME:
            return answers.pushed(self._home(visit))
        if visit.rep is None:
            raise LinkUnknown
        if what == OPEN:
            return answers.pushed(self._call(visit, visit.rep, number))
        if what not in ACTS:
            raise LinkUnknown
        done = self._do(visit, visit.rep, number, what)
        return answers.updated(self._call(visit, visit.rep, number, done), done.toast)

    def _do(self, visit: Visit, rep: Rep, number: str, what: str) -> Done:
        ctx, request = self._site.ctx, visit.request
        act = Act(what, request.parameter("seal"), request.typed())
        return self._site.change(
            lambda tx: do(ctx, tx, visit.words, open_call(ctx, tx, rep, number).sheet, act)
        )

    def _call(self, visit: Visit, rep: Rep, number: str, done: Done = NOTHING_DONE) -> Card:
        ctx = self._site.ctx
        with ctx.database.read() as tx:
            opened = open_call(ctx, tx, rep, number)
        return CallCard(ctx, self._endpoints, visit.words).draw(opened, done.typed)

    def _home_cards(self, visit: Visit) -> HomeCards:
        return HomeCards(self._site.ctx, self._endpoints, visit.words)


def _refused(status: int, code: str) -> JSONResponse:
    return JSONResponse({"error": code}, status_code=status)
