"""What a session itself can be told, whoever's it is: that its owner is still there, and that it is
to end."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from nudger.admin.page_sign_in import sign_out, stay
from nudger.web.rep.cookies import Cookies
from nudger.web.signed_in import REP_HOME, SIGN_IN, guards, visitor_of
from nudger.web.site import Site


def session_router(site: Site, cookies: Cookies) -> APIRouter:
    """Routes below /me for who is signed in, as a rep or as a manager."""
    anybody = guards(site, cookies, lambda _person: True)
    router = APIRouter(prefix=REP_HOME, include_in_schema=False, dependencies=anybody)
    session = _Session(site, cookies)
    router.add_api_route("/stay", session.stay, methods=["POST"])
    router.add_api_route("/sign-out", session.sign_out, methods=["POST"])
    return router


class _Session:
    """The handlers of these routes."""

    def __init__(self, site: Site, cookies: Cookies) -> None:
        self._site = site
        self._cookies = cookies

    def stay(self, request: Request) -> Response:
        """A page was opened: reading alone writes nothing, so the page says so by itself."""
        who = visitor_of(request).signed_in
        self._site.change(lambda tx: stay(self._site.ctx, tx, who))
        return Response(status_code=204)

    def sign_out(self, request: Request) -> Response:
        who = visitor_of(request).signed_in
        self._site.change(lambda tx: sign_out(tx, who))
        response = RedirectResponse(SIGN_IN, 303)
        self._cookies.clear_session(response)
        return response
