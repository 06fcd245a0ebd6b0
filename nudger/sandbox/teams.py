"""A stand-in for a Teams workflow that posts what comes into a channel: "Post to a channel when a
webhook request is received". The address with its signature is the whole secret."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nudger.sandbox.failing import without_an_answer
from nudger.sandbox.world import World

MOST_BYTES = 28 * 1024
SIGNATURE = "sandbox"
CARD = "application/vnd.microsoft.card.adaptive"
BLOCKS = ("RichTextBlock", "TextBlock", "Container", "ColumnSet", "FactSet")
SIZES = ("Default", "Small", "Medium", "Large", "ExtraLarge")
WEIGHTS = ("Default", "Lighter", "Bolder")


class TeamsWorkflows:
    """POST /teams/workflows/{channel}/triggers/manual?sig=…; `posted` has each channel's cards."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.posted: dict[str, list[dict[str, Any]]] = defaultdict(list)
        path = "/teams/workflows/{channel}/triggers/manual"
        self.routes = [Route(path, self._receive, methods=["POST"])]

    def url(self, root: str, channel: str) -> str:
        return f"{root}/teams/workflows/{channel}/triggers/manual?api-version=1&sig={SIGNATURE}"

    async def _receive(self, request: Request) -> Response:
        channel, body = request.path_params["channel"], await request.body()
        with self._world.lock:
            self._world.ledger.called("teams.post", "")
            fault = self._world.faults.next_for("teams.post", "")
            if fault is None or fault.effect:
                refused = self._refusal(request, body)
                if refused is not None:
                    return refused
                self.posted[channel].append(json.loads(body)["attachments"][0]["content"])
            if fault is None:
                return Response(status_code=202)
        nothing = without_an_answer(fault)
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        return nothing or JSONResponse({"error": fault.reason}, fault.status, headers)

    def _refusal(self, request: Request, body: bytes) -> Response | None:
        if request.query_params.get("sig") != SIGNATURE:
            return JSONResponse({"error": {"code": "AuthorizationFailed"}}, 401)
        if len(body) > MOST_BYTES:
            return JSONResponse({"error": {"code": "RequestEntityTooLarge"}}, 413)
        try:
            is_card = _is_card(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            is_card = False
        return None if is_card else JSONResponse({"error": {"code": "BadRequest"}}, 400)


def _is_card(message: dict[str, Any]) -> bool:
    (attachment,) = message["attachments"]
    card = attachment["content"]
    return (
        message["type"] == "message"
        and attachment["contentType"] == CARD
        and card["type"] == "AdaptiveCard"
        and card["version"] in ("1.2", "1.3", "1.4", "1.5")
        and len(card["body"]) > 0
        and all(_is_block(block) for block in card["body"])
    )


def _is_block(block: dict[str, Any]) -> bool:
    if block["type"] != "RichTextBlock":
        return block["type"] in BLOCKS
    return all(
        run["type"] == "TextRun"
        and isinstance(run["text"], str)
        and run.get("size", "Default") in SIZES
        and run.get("weight", "Default") in WEIGHTS
        for run in block["inlines"]
    )
