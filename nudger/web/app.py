"""The pages as one ASGI application: routers at a glance, and what holds for all of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from nudger.mail.template_cache import templates_for
from nudger.runtime.context import Context
from nudger.runtime.holds import Held
from nudger.web.answer.router import answer_router
from nudger.web.api.app import ROOT, create_api
from nudger.web.console.cookies import ConsoleCookies
from nudger.web.console.navigation import UPLOADS
from nudger.web.console.router import console_routers
from nudger.web.errors import show_problem
from nudger.web.every_request import (
    BodyLimit,
    NoLastSlash,
    OwnOrigin,
    SecurityHeaders,
    guarding_headers,
)
from nudger.web.manager.router import manager_router
from nudger.web.not_signed_in import NotSignedIn, to_sign_in
from nudger.web.outlook_addin.router import OFFICE, outlook_addin_router
from nudger.web.probes.router import health_router, metrics_router
from nudger.web.push.router import push_router
from nudger.web.rep.cookies import Cookies
from nudger.web.rep.router import rep_router
from nudger.web.rep.sign_in_pages import sign_in_router
from nudger.web.request_log import HEADER, KEY, RequestLog
from nudger.web.session_router import session_router
from nudger.web.site import Site
from nudger.web.static_files import STATIC, static_files

log = logging.getLogger(__name__)


def create_app(ctx: Context) -> FastAPI:
    """The application that serves a company's pages."""
    site = Site(ctx)
    web = ctx.settings.web
    is_https = (web.public_url or "").startswith("https://")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.mount(STATIC, static_files(), name="static")
    if web.public_url is not None:
        cookies = Cookies(is_https=is_https)
        app.include_router(answer_router(site))
        app.include_router(sign_in_router(site, cookies))
        app.include_router(session_router(site, cookies))
        app.include_router(rep_router(site, cookies))
        if ctx.settings.push_is_on:
            app.include_router(push_router(site))
        if ctx.settings.google_addon.is_installed:
            app.include_router(_google_addon(site, web.public_url))
        if ctx.settings.outlook_addin.is_installed:
            app.include_router(outlook_addin_router(site))
            if (copy := ctx.settings.outlook_addin.office_folder) is not None:
                app.mount(OFFICE, StaticFiles(directory=copy), name="office")
        for router in console_routers(site, ConsoleCookies(is_https)):
            app.include_router(router)
        app.include_router(manager_router(site, cookies))
    if web.api:
        app.mount(ROOT, create_api(site))
    app.include_router(health_router(site))
    if web.metrics:
        app.include_router(metrics_router(site))
    app.add_middleware(BodyLimit, uploads=UPLOADS)
    app.add_middleware(OwnOrigin, hosts=_hosts(web.address, web.public_url))
    app.add_middleware(SecurityHeaders, is_https=is_https)
    app.add_middleware(RequestLog)
    app.add_middleware(NoLastSlash)
    _explain_problems(app, site, guarding_headers(is_https=is_https))
    return app


def _google_addon(site: Site, public_url: str) -> APIRouter:
    """Google's messages take a moment to import: only where there is an add-on."""
    from nudger.web.google_addon.router import google_addon_router  # noqa: PLC0415

    return google_addon_router(site, public_url)


def _hosts(address: str, public_url: str | None) -> set[str]:
    """The names under which we answer: the public one, and the one that we listen at."""
    _, _, port = address.rpartition(":")
    names = {address, f"localhost:{port}", f"127.0.0.1:{port}"}
    return names | ({urlsplit(public_url).netloc} if public_url else set())


def _explain_problems(app: FastAPI, site: Site, guarding: Mapping[str, str]) -> None:
    """What answers a failure of ours stands around all else, and says `guarding` by itself."""
    words = templates_for(site.ctx.settings.templates, site.ctx.settings.language).words

    async def refused(request: Request, error: Exception) -> HTMLResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        return show_problem(site, request, words, error.status_code)

    async def held(request: Request, _error: Exception) -> HTMLResponse:
        return show_problem(site, request, words, 503)

    async def not_signed_in(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotSignedIn)  # noqa: S101 - registered for it
        return to_sign_in(request, error)

    async def failed(request: Request, _error: Exception) -> HTMLResponse:
        route, request_id = getattr(request.scope.get("route"), "path", "?"), request.scope[KEY]
        facts = {"event": "page_failed", "route": route, "request": request_id}
        log.error("a page failed: %s, request %s", route, request_id, extra={"facts": facts})
        page = show_problem(site, request, words, 500)
        page.headers.update({**guarding, "cache-control": "no-store", HEADER: request.scope[KEY]})
        return page

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Held, held)
    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(Exception, failed)
