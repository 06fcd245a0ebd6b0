"""Where providers tell that something changed. Whoever does not know a channel's secret learns
nothing, not even whether there is one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from nudger.web.push.google import GooglePush
from nudger.web.push.microsoft import MicrosoftPush
from nudger.web.site import Site


async def _body(request: Request) -> bytes:
    return await request.body()


def push_router(site: Site) -> APIRouter:
    """Routes below /push."""
    router = APIRouter(prefix="/push", include_in_schema=False)
    google, microsoft = GooglePush(site), MicrosoftPush(site)

    def of_google(request: Request) -> Response:
        return google.told(request)

    def of_microsoft(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        return microsoft.told(request, body)

    if site.ctx.settings.push.has_gmail:
        _add_gmail(router, site)
    router.add_api_route("/google", of_google, methods=["POST"])
    router.add_api_route("/microsoft", of_microsoft, methods=["POST"])
    return router


def _add_gmail(router: APIRouter, site: Site) -> None:
    """What verifies Google's tokens takes a moment to import: only where it is used."""
    from nudger.web.push.gmail import GmailPush  # noqa: PLC0415

    gmail = GmailPush(site)

    def of_gmail(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        return gmail.told(request, body)

    router.add_api_route("/gmail", of_gmail, methods=["POST"])
