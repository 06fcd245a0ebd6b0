"""The API as an application of its own, which the pages' carries at `/api/v1`."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from nudger import __version__
from nudger.web.api.guard import Guard
from nudger.web.api.problems import MEDIA_TYPE, Refused, problem
from nudger.web.api.routes import api_router
from nudger.web.request_log import KEY
from nudger.web.site import Site

log = logging.getLogger(__name__)

ROOT = "/api/v1"
_WAYS = {
    404: "See /api/v1/openapi.json for what there is.",
    405: "The API only reads: use GET.",
}


def create_api(site: Site) -> FastAPI:
    """The application; its description is at `openapi.json`, for anybody."""
    api = FastAPI(
        title="Nudger",
        version=__version__,
        summary="Customer calls, what was to be agreed, and what came of them.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": ROOT}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )
    api.include_router(api_router(site, Guard(site)))
    _refuse_in_problems(api)
    _describe_problems(api)
    return api


def _refuse_in_problems(api: FastAPI) -> None:
    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # noqa: S101 - registered for it
        return problem(error.status, error.detail, error.headers)

    async def not_there(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        return problem(error.status_code, _WAYS.get(error.status_code, ""), error.headers)

    async def not_understood(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        wrong = sorted({str(one["loc"][-1]) for one in error.errors()})
        return problem(422, f"Look at {', '.join(wrong)}: see /api/v1/openapi.json.")

    async def failed(request: Request, _error: Exception) -> Response:
        request_id = request.scope.get(KEY)
        facts = {"event": "api_failed", "request": request_id}
        log.error("the API failed: request %s", request_id, extra={"facts": facts})
        return problem(500, f"That is our fault; the log has request {request_id}.")

    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(HTTPException, not_there)
    api.add_exception_handler(RequestValidationError, not_understood)
    api.add_exception_handler(Exception, failed)


def _describe_problems(api: FastAPI) -> None:
    """Have the description say of what kind refusals are: the library takes them for plain JSON."""
    described = api.openapi

    def openapi() -> dict[str, Any]:
        schema = described()
        for path in schema["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if status >= "400" and "application/json" in content:
                        content[MEDIA_TYPE] = content.pop("application/json")
        return schema

    api.openapi = openapi  # type: ignore[method-assign]
