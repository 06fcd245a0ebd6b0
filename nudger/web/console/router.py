"""The console's routes: each section's own router, guarded for it, and what is beside them."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from nudger.admin.console_access import sign_out, stay
from nudger.domain.roles import Role
from nudger.web.console.cookies import ConsoleCookies
from nudger.web.console.desk import Desk
from nudger.web.console.guard import SIGN_IN, guards, visitor_of
from nudger.web.console.navigation import SECTIONS
from nudger.web.console.parts import PARTS
from nudger.web.console.section import Section
from nudger.web.console.signing import sign_in_router
from nudger.web.site import Site


def console_routers(site: Site, cookies: ConsoleCookies) -> list[APIRouter]:
    """For who is not signed in, and for who is."""
    desk = Desk(site, SECTIONS)
    return [sign_in_router(desk, cookies), *guarded_routers(desk, cookies)]


def guarded_routers(desk: Desk, cookies: ConsoleCookies) -> Iterator[APIRouter]:
    """A router for each section, and for what every session has."""
    for section in (*SECTIONS, PARTS, _own_session(cookies)):
        router = APIRouter(
            prefix=section.path,
            include_in_schema=False,
            default_response_class=HTMLResponse,
            dependencies=guards(desk.site, cookies, section),
        )
        section.add_routes(router, desk)
        yield router


def _own_session(cookies: ConsoleCookies) -> Section:
    """What everybody who is signed in may do with their own session."""

    def add_routes(router: APIRouter, desk: Desk) -> None:
        def keep(request: Request) -> Response:
            """A page was opened: reading alone writes nothing, so the page says so by itself."""
            who = visitor_of(request).who
            desk.site.change(lambda tx: stay(desk.ctx, tx, who))
            return Response(status_code=204)

        def end(request: Request) -> Response:
            who = visitor_of(request).who
            response = desk.change(SIGN_IN, lambda tx: sign_out(tx, who))
            cookies.clear_session(response)
            return response

        router.add_api_route("/stay", keep, methods=["POST"])
        router.add_api_route("/sign-out", end, methods=["POST"])

    own = frozenset({"stay", "sign-out"})
    return Section("", "Session", add_routes, frozenset(Role), reads=own)
