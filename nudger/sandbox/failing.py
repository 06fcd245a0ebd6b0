"""How a scripted fault looks on the wire, whoever's API it hits."""

from __future__ import annotations

import asyncio

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from nudger.sandbox.faults import Fault

PROXY_PAGE = (
    "<!doctype html><title>Access denied</title><h1>Your organization blocks this page</h1>"
)


class CutOff(Response):
    """The connection ends in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


class HungUp(Response):
    """The connection ends before the first byte of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        scope["app"].state.hang_up(scope["client"])
        while not await _is_gone(receive):
            await asyncio.sleep(0)


class Silent(Response):
    """No answer comes, for as long as the fault is scripted or the caller waits."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_is_gone(receive))
        while self._fault in scope["app"].state.faults.scripted and not gone.done():
            await asyncio.wait([gone], timeout=0.02)
        gone.cancel()
        await HungUp()(scope, receive, send)


async def _is_gone(receive: Receive) -> bool:
    return bool((await receive())["type"] == "http.disconnect")


def without_an_answer(fault: Fault) -> Response | None:
    """What a fault sends that is no answer of the API; `None` where it is a refusal."""
    if fault.status == 0 and fault.reason == "silent":
        return Silent(fault)
    if fault.status == 0:
        return HungUp() if fault.reason == "no_byte" else CutOff()
    if fault.reason == "garbage":
        return Response("<html>", media_type="application/json")
    if fault.reason == "empty":
        return Response(status_code=fault.status, media_type="application/json")
    if fault.reason == "html":
        return HTMLResponse(PROXY_PAGE, status_code=fault.status)
    return None
