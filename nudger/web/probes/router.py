"""The routes of `/healthz`, `/readyz` and `/metrics`. They change nothing and name nobody."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.exceptions import HTTPException

from nudger.admin.health import unready
from nudger.admin.metrics import metrics_text
from nudger.web.every_request import is_forwarded, is_plain_host
from nudger.web.site import Site

READ = ["GET", "HEAD"]


def health_router(site: Site) -> APIRouter:
    """Whether this process lives, and whether it can do its work."""
    router = APIRouter(include_in_schema=False)

    async def lives() -> Response:
        """Answered by the loop itself: it waits for no thread, no database and no provider."""
        return PlainTextResponse("ok\n")

    def ready() -> Response:
        missing = unready(site.ctx)
        found = {"ready": not missing, "missing": missing}
        return JSONResponse(found, 503 if missing else 200)

    router.add_api_route("/healthz", lives, methods=READ)
    router.add_api_route("/readyz", ready, methods=READ)
    return router


def metrics_router(site: Site) -> APIRouter:
    """Numbers, for whoever reaches us without the proxy that the world comes through."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(_refuse_the_world)])

    def metrics() -> Response:
        return Response(metrics_text(site.ctx), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    router.add_api_route("/metrics", metrics, methods=READ)
    return router


def _refuse_the_world(request: Request) -> None:
    if is_forwarded(request.headers) or not is_plain_host(request.headers.get("host", "")):
        raise HTTPException(404)
