"""How the API says no: problem details (RFC 9457), in plain words, nothing of the request."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
TITLES = {
    401: "A token is needed",
    403: "This token is not for that",
    404: "There is nothing here",
    405: "This cannot be done here",
    422: "The request cannot be understood",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Nudger is switched off",
}


class Problem(BaseModel):
    """Why a request was not answered."""

    type: str = Field(default="about:blank", description="always `about:blank`: see `status`")
    title: str
    status: int
    detail: str = Field(description="what to do next")


class Refused(Exception):
    """A request that is not answered."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    title = TITLES.get(status, "The request was refused")
    said = Problem(title=title, status=status, detail=detail).model_dump()
    return JSONResponse(said, status, dict(headers or {}), media_type=MEDIA_TYPE)
