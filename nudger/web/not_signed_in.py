"""Who is not signed in, or not any more, is led to where that is done."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response


class NotSignedIn(Exception):
    """Nobody is signed in here; `leads_to` is where they can, one of our own paths."""

    def __init__(self, leads_to: str) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


def to_sign_in(request: Request, missing: NotSignedIn) -> Response:
    """The answer, to a page or to a piece of one."""
    if request.headers.get("hx-request") == "true":
        return Response(status_code=200, headers={"hx-redirect": missing.leads_to})
    return RedirectResponse(missing.leads_to, 303)
